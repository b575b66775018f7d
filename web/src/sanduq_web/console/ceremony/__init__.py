"""The trustees' ceremony: a board of messages on which each trustee puts its own, judged by the library as it comes.

Nothing here is secret. Keys are made in the trustee's browser (``TRUSTEE.html``) or with ``sanduq keys``, and stay there.
"""

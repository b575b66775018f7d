"""Import from WordPress: an export file (WXR), a copy of the folder of uploads; nothing is fetched.

``reader`` reads the file into plain types, ``body`` makes blocks of a post's HTML, ``pictures`` finds files in the folder,
``bring`` writes pages. What an export says of people (e-mail and IP addresses, logins, passwords) is never read into these
types, so it cannot be written anywhere.
"""

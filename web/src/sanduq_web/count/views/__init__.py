"""The result for people (``pages``, ``protocol``) and for machines (``downloads``)."""

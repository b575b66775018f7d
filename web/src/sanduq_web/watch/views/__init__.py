"""The record for machines (``record``), and the pages for people (``pages``)."""

"""Roll: the public lists of credentials, handed out in buckets."""

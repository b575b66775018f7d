"""Buckets of the public lists, for machines; and pages of registrations, for people."""

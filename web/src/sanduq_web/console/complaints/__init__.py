"""Complaints and appeals in the console: time limits, drafts of decisions, and what two members or the supervisor decide."""

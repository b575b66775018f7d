"""Accounts, roles, the journal of acts, and what needs two persons."""

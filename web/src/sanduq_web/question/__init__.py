"""Question: which referendums there are, and what is frozen of them."""

"""Question: what is asked, in which languages, in which areas, and what decides (spec 2)."""

from sanduq.question.election import Election, Question, make_election, read_election

__all__ = ["Election", "Question", "make_election", "read_election"]

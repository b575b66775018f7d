"""Count: what the trustees have done, the results, the outcome."""

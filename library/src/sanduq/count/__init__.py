"""Count: the encrypted sum, the partial decryptions, the result and what it decides (spec 7)."""

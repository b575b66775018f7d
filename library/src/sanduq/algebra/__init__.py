"""The mathematics beneath the words: group, numbers, encryption, proofs (spec 0 and 4)."""

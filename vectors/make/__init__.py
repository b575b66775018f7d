"""Makes the forged archives and records of ``vectors/steps``: one for each way in which a check of the specification can fail.

Run by hand, from the repository's root, when a check is added or a format changes::

    PYTHONPATH=library/src python3 -m vectors.make

Whoever forges here knows every secret: trustees lie, voters sign anything, and whatever depends on the forged part (hashes, the
chain of events, proofs, signatures, sums, results) is mended, so that *one* check is left to refuse it. All randomness follows
from the vector's name; the same files come out at every run.
"""

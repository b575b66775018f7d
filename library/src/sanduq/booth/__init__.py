"""Booth: where a ballot is sealed, and where a sealed ballot is challenged (spec 4)."""

from sanduq.booth.ballot import Ballot, check_ballot, read_ballot

__all__ = ["Ballot", "check_ballot", "read_ballot"]

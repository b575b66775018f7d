"""Ed25519 signatures (RFC 8032), read strictly: letters (spec 9.b) and editions (spec 10.b) are signed with them.

A library that verifies Ed25519 need not ask what the key is. With a key of small order anybody makes signatures that hold for
many texts, so such keys are refused before anything is verified.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sanduq import errors
from sanduq.algebra.group import unchecked_point


def check_public(key: bytes, invalid: type[errors.Refused], small_order: type[errors.Refused]) -> None:
    """Refuse 32 bytes that are not the one way to write a point (``invalid``) of the group (``small_order``)."""
    try:
        # RFC 8032 writes the same number with its lowest byte first.
        point = unchecked_point(key[::-1].hex())
    except errors.PointInvalid as refusal:
        raise invalid(refusal.particular, got=key.hex()) from None
    errors.require(small_order, point.is_in_group and not point.is_identity, got=key.hex())


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is this key's, of this message; the key was checked (:func:`check_public`)."""
    # OpenSSL refuses an S that is not reduced, and an R in another writing than the one that it computes.
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True

"""Disc: an edition in the hand: the folder's sums, their signatures, and whether a folder is what was signed (spec 10).

The sums are those of ``sha256sum``, keys and signatures are minisign's: whoever does not want to believe this program checks an
edition with these two.
"""

from sanduq.disc.keyring import KeyEntry, follow, read_keys, renewed
from sanduq.disc.minisign import (
    Edition,
    EditionKey,
    Signature,
    check_signature,
    is_date,
    read_edition,
    read_key,
    read_signature,
)
from sanduq.disc.page import with_keys
from sanduq.disc.paths import KEYS, SUMS, check_path
from sanduq.disc.secret import SecretKey, read_secret
from sanduq.disc.sums import Sums, read_sums, sum_folder
from sanduq.disc.verify import Report, Signed, Verdict, verify
from sanduq.disc.words import as_groups, as_words, fingerprint, read_fingerprint

__all__ = [
    "KEYS",
    "SUMS",
    "Edition",
    "EditionKey",
    "KeyEntry",
    "Report",
    "SecretKey",
    "Signature",
    "Signed",
    "Sums",
    "Verdict",
    "as_groups",
    "as_words",
    "check_path",
    "check_signature",
    "fingerprint",
    "follow",
    "is_date",
    "read_edition",
    "read_fingerprint",
    "read_key",
    "read_keys",
    "read_secret",
    "read_signature",
    "read_sums",
    "renewed",
    "sum_folder",
    "verify",
    "with_keys",
]

"""Press: open letters that organisations sign together, each with its own key (spec 9).

A letter is one canonical text. Who signs it signs the SHA-256 of that text, and says as whom. A letter with its signatures is
one file, which anybody verifies offline; one changed character voids every signature.
"""

from sanduq.press.bundle import Found, SignedLetter, judge, read_any, read_signed, require_keys
from sanduq.press.key import FILE_PREFIX, PressKey, check_key, fingerprint, grouped, read_fingerprint
from sanduq.press.letter import Attached, Block, Letter, check_letter, read_letter
from sanduq.press.signature import Cosignature, check_cosigner, check_holds, check_signature, read_signature, sign

__all__ = [
    "FILE_PREFIX",
    "Attached",
    "Block",
    "Cosignature",
    "Found",
    "Letter",
    "PressKey",
    "SignedLetter",
    "check_cosigner",
    "check_holds",
    "check_key",
    "check_letter",
    "check_signature",
    "fingerprint",
    "grouped",
    "judge",
    "read_any",
    "read_fingerprint",
    "read_letter",
    "read_signature",
    "read_signed",
    "require_keys",
    "sign",
]

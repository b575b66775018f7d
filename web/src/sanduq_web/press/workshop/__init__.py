"""The workshop: editions are made beside the site, in a folder of the operator's, and wait there for their signature.

The folder (``SANDUQ_PRESS_WORKSHOP``) holds ``parts`` (what the operator adds: the vote site's pages, the record,
the verifier, KEYS), ``cache``, and for each edition ``edition-13`` and its log. The secret keys are not here, and never were.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from sanduq import errors


def folder() -> Path:
    """The workshop's folder. Raises :class:`sanduq.errors.Unusable` where none is set."""
    if not settings.SANDUQ_PRESS_WORKSHOP:
        hint = "let SANDUQ_PRESS_WORKSHOP name a folder, and SANDUQ_PRESS_EDITIONS the one from which they are offered"
        raise errors.Unusable("this site has no workshop", hint=hint)
    return Path(settings.SANDUQ_PRESS_WORKSHOP).resolve()


def folder_of(number: int) -> Path:
    """That of an edition."""
    return folder() / f"edition-{number}"


def partial_of(number: int) -> Path:
    """Where it is made: of no use to anybody before it is whole."""
    return folder() / f"edition-{number}.partial"


def spare_of(number: int) -> Path:
    """Where it is packed."""
    return folder() / f"packing-{number}"


def log_of(number: int) -> Path:
    """What was said while it was made."""
    return folder() / f"edition-{number}.log"


def offered() -> Path:
    """The folder of which readers are offered what was packed."""
    return Path(settings.SANDUQ_PRESS_EDITIONS or folder() / "offered").resolve()

"""A process that makes pages of an edition beside others."""

from __future__ import annotations

import pickle
from typing import Any

import django

from sanduq_web.processes import end_with_parent


def begin(pickled: bytes) -> None:
    """What the process does first. Of the site, nothing can be imported before Django is set up: so the work comes as bytes."""
    end_with_parent()
    django.setup()
    from sanduq_web import mirror
    from sanduq_web.press.edition import current

    work: Any = pickle.loads(pickled)  # noqa: S301  # from the process that started this one
    current.set(work.edition)
    mirror.begin(work.copier())

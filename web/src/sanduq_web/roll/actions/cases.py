"""Applications and objections: taking them in, sealed; deciding them; forgetting them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sanduq import errors
from sanduq.roll import BASE58, new_uuid
from sanduq_web.roll.actions.registrations import registration
from sanduq_web.roll.models import Case, Document, LookUp, Registration
from sanduq_web.roll.sealing import seal, seal_bytes

MOST_DOCUMENTS: Final = 3
MOST_BYTES: Final = 6 << 20
"""Of all documents of a case together."""


@dataclass(frozen=True)
class Written:
    """What somebody wrote: texts by name, documents as bytes."""

    texts: Mapping[str, Any]
    language: str
    area: str = ""
    documents: Sequence[bytes] = field(default=(), repr=False)


def plain_code(typed: str) -> str:
    """A code as it is compared: its characters alone."""
    return "".join(each for each in typed if each in BASE58)


def hash_of(code: str) -> str:
    """What is kept of a code. It has 117 bits: nobody finds it from its hash."""
    return hashlib.sha256(f"case {plain_code(code)}".encode()).hexdigest()


def _new_code() -> str:
    text = (new_uuid() + new_uuid())[:20]
    return "-".join(text[at : at + 5] for at in range(0, 20, 5))


def apply(found: Registration, written: Written, today: date) -> str:
    """An application to be entered; gives the code by which its sender sees what became of it, this once."""
    if not (found.shown and found.applies_from and found.applies_until and found.applies_from <= today <= found.applies_until):
        raise errors.Unusable(_("Applications are not taken today."))
    if written.area not in [code for code, _name in found.areas]:
        raise errors.Unusable(_("Choose one of the list."))
    return _take(found, "apply", written, today, None)


def object_to(found: Registration, written: Written, today: date, of_code: str = "") -> str:
    """An objection, against the decision on an application (by its code) or against an entry; gives a code as above."""
    if not (found.shown and found.objects_until and today <= found.objects_until):
        raise errors.Unusable(_("Objections are not taken today."))
    of = None
    if of_code:
        of = Case.objects.filter(registration=found, kind="apply", code_sha256=hash_of(of_code)).exclude(decided="").first()
        if of is None:
            raise errors.Unusable(_("There is no application with this code that was decided."))
        if Case.objects.filter(of=of, decided="").exists():
            raise errors.Unusable(_("There is an objection against this decision already."))
    return _take(found, "object", written, today, of)


@transaction.atomic
def _take(found: Registration, kind: str, written: Written, today: date, of: Case | None) -> str:
    too_large = sum(map(len, written.documents)) > MOST_BYTES
    if len(written.documents) > MOST_DOCUMENTS or too_large:
        raise errors.Unusable(_("At most three documents, of 6 MB together."))
    Registration.objects.select_for_update().get(pk=found.pk)
    last = Case.objects.filter(registration=found).order_by("-number").values_list("number", flat=True).first()
    offline, code = found.recipients.split(), _new_code()
    made = Case.objects.create(
        registration=found, kind=kind, number=(last or 0) + 1, code_sha256=hash_of(code), on=today, language=written.language,
        area=written.area, of=of, sealed=seal(written.texts, [found.reads, *offline]),
    )  # fmt: skip
    Document.objects.bulk_create(Document(case=made, sealed=seal_bytes(raw, offline)) for raw in written.documents)
    return code


def decide(number: int, uuid: UUID, yes: bool, reason: str, today: date) -> Case:
    """What two officers decided, within the caller's transaction; its sender reads it. A decision can be changed by another
    one only where an objection against it was right: see :func:`entered`.
    """
    found = Case.objects.select_for_update().filter(registration_id=registration(uuid), number=number).first()
    if found is None or found.decided:
        raise errors.Unusable("there is no such case, or it is decided")
    found.decided, found.reason, found.decided_on = "yes" if yes else "no", reason, today
    found.save()
    return found


def entered(case: Case, voter: str, reason: str, today: date) -> None:
    """An application led to an entry, perhaps after an objection: its sender reads its number, within the transaction."""
    case.decided, case.voter, case.reason, case.decided_on = "yes", voter, reason, today
    case.save()


def forget_all(uuid: UUID) -> None:
    """Everything that people wrote, and what could be looked up; counts of cases stay with whoever has counted them."""
    of = registration(uuid)
    Document.objects.filter(case__registration_id=of).delete()
    Case.objects.filter(registration_id=of).update(of=None)
    Case.objects.filter(registration_id=of).delete()
    LookUp.objects.filter(registration_id=of).delete()
    Registration.objects.filter(pk=of).update(shown=False, generation=0)

"""A rehearsal's supervisor, who signs whatever is due, and its test sum (spec 5.e, 7.h).

The key follows from the rehearsal's one secret, so it need not be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq.algebra.numbers import Random
from sanduq.archive.writer import create
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.box.supervision import needs_signature, sign, statement_of
from sanduq.count.testsum import area_of_test, make_archive
from sanduq.count.trustee import Heads, Memory
from sanduq.engine import Engine
from sanduq.keys.trustees import Trustees
from sanduq.rehearse.plan import Plan
from sanduq.watch.supervise import opening_detail
from sanduq.watch.testsum import complete_test, verify_test
from sanduq.watch.trustee import append_test, decrypt_verified


def supervisor_of(plan: Plan, secret: bytes) -> Ed25519PrivateKey | None:
    """The supervisor's key, if the plan names one."""
    if plan.supervisor is None:
        return None
    return Ed25519PrivateKey.from_private_bytes(hashlib.blake2b(b"supervisor", key=secret, digest_size=32).digest())


def public_of(key: Ed25519PrivateKey | None) -> str | None:
    """The public key in 64 digits."""
    return None if key is None else key.public_key().public_bytes_raw().hex()


def write_act(record: Record, key: Ed25519PrivateKey | None, act: Act, time: str, details: Mapping[str, Any]) -> None:
    """Write an act into the journal, signed where the setup names a supervisor."""
    given = None
    if key is not None and needs_signature(record.setup, act):
        given = sign(statement_of(record.setup, record.journal(), act, time, details), key).countersignature
    record.write_act(act, time, details, given)


def play_test(
    record: Record,
    trustees: Trustees,
    secret: Mapping[int, int],
    memories: Mapping[int, Memory],
    engine: Engine,
    random: Random,
    seconds: int,
) -> dict[str, str]:
    """Every trustee (``secret`` by owner) decrypts the test sum, if the setup reserves one; gives what the opening says."""
    if record.setup.test_uuid is None:
        return {}
    path = record.archive(area_of_test(record.setup, engine))
    path.parent.mkdir()
    create(path, make_archive(record.setup, trustees, engine, seconds))
    report = verify_test(record, engine)
    heads = {owner: Heads(owner, {report.election.uuid: report.head}) for owner in secret}
    parts = {}
    for owner, x in secret.items():
        others = [heads[other] for other in heads if other != owner]
        parts[owner] = decrypt_verified(record.setup, report, x, others, memories[owner], random)[1]
    append_test(record, parts, engine)
    return opening_detail(complete_test(record, engine))

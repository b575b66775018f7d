"""A vote site with secrets of every kind, and its copy for an edition. A process of its own, as its settings are:
``python vote_to_copy.py FOLDER ADDRESS``. Copy and record lie in ``FOLDER/parts``; what is secret, in ``FOLDER/told.json``."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from rig import ENGINE, Rig, count, make_rig
from sanduq.box import Box
from sanduq.box.journal import Act
from sanduq.box.receipt import read_receipt
from sanduq.box.record import Record

PIN = "73914628"


def _time(**difference: float) -> str:
    return (datetime.now(UTC) + timedelta(**difference)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _open(path: Path) -> Rig:
    return make_rig(path, {"A": 8, "B": 3}, _time(hours=-2), _time(hours=24), frozen=_time(hours=-3))


def _decided(path: Path) -> Rig:
    rig = make_rig(path, {"A": 6, "B": 4}, _time(days=-2), _time(days=-1), frozen=_time(days=-3))
    record, heads = Record(path), {}
    record.write_act(Act.OPENED, rig.setup.calendar.opens, {})
    for area in rig.setup.areas:
        with Box.open(record.archive(area), ENGINE, rig.box_key) as box:
            box.cast_many(rig.ballots[area.code])
            heads[area.code] = box.close().hash
    record.write_act(Act.CLOSED, rig.setup.calendar.closes, {"heads": heads})
    record.write_fingerprints()
    count(rig, path, _time(hours=-20))
    return rig


def _command(*given: str) -> None:
    from sanduq_web.command import run

    assert run(list(given)) == 0, given


def _cast(rig: Rig, folder: Path) -> list[str]:
    """Three ballots that are public, and two that are not yet: the trackers of these."""
    from django.test import Client

    from second import pins_file

    _command("pins", str(pins_file(rig, folder, "A", PIN)))
    client, base = Client(headers={"host": "vote.example"}), f"/api/v1/referendums/{rig.anchor}"

    def cast(raw: bytes) -> str:
        told = client.post(f"{base}/areas/A/ballots", raw, content_type="application/json", headers={"sanduq-code": PIN})
        assert told.status_code == 201, told.content
        return str(read_receipt(told.content).tracker)

    for raw in rig.ballots["A"][:3]:
        cast(raw)
    assert client.get(f"/en/{rig.anchor}/watch/").status_code == 200
    return [cast(raw) for raw in (rig.ballots["A"][4], rig.ballots["A"][5])]


def _cells(rigs: list[Rig]) -> list[str]:
    """What tables hold of the roll and of second authentications."""
    from django.apps import apps

    from second import keys_of

    public = {area.uuid for rig in rigs for area in rig.setup.areas} | {rig.anchor for rig in rigs}
    # What is decided is in the record, with the list of keys; of an open vote, the list is on no disc.
    public |= {key for code in ("A", "B") for key in keys_of(rigs[-1], code)}
    found: set[str] = set()
    for word in ("roll", "box"):
        for model in apps.get_app_config(word).get_models():
            if model.__name__ in ("Archive", "Line", "Fingerprint", "Ballot", "Authentication"):
                continue
            values = [value for row in model._default_manager.values_list() for value in row]
            found |= {value for value in values if isinstance(value, str) and len(value) > 8}
            found |= {bytes(v).hex() for v in values if isinstance(v, (bytes, memoryview)) and 16 <= len(v) <= 64}
    return sorted(each for each in found - public if each[:4] not in ("2026", "2027", "2030"))


def main(folder: Path, address: str) -> None:
    rigs = [_open(folder / "pins"), _open(folder / "mails"), _decided(folder / "decided")]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sanduq_web.settings",
        "SANDUQ_DATABASE": f"sqlite:///{folder / 'vote.db'}",
        "SANDUQ_BOX_KEY": os.pathsep.join(str(rig.key_file) for rig in rigs),
        "SANDUQ_HOSTS": "vote.example",
    }
    django.setup()
    from second import addresses_file, keys_of

    _command("migrate")
    for rig, kind in zip(rigs, ("pin", "email", "none"), strict=True):
        _command("import", str(rig.path), "--anchor", rig.anchor, "--step", "0/3", "--authentication", kind)
    hidden = _cast(rigs[0], folder)
    _command("addresses", str(addresses_file(rigs[1], folder, "A")))
    parts = folder / "parts"
    (parts / "vote").mkdir(parents=True)
    moment = _time()
    _command("mirror", str(parts / "vote"), "--number", "13", "--address", address, "--as-of", moment, "--date", moment[:10])
    decided = rigs[2]
    _command("disc", "record", str(parts), "--record", str(decided.path), "--anchor", decided.anchor)
    secret: list[Any] = [PIN, *hidden, *_cells(rigs)]
    for rig in rigs:
        secret += [rig.box_key.secret_hex(), *(one for code in ("A", "B") for one in rig.credentials[code])]
    secret += [key for rig in rigs[:2] for code in ("A", "B") for key in keys_of(rig, code)]
    secret += [f"voter{n}@a.example" for n in range(8)]
    told = {"secret": secret, "hidden": hidden, "moment": moment, "decided": decided.anchor, "open": rigs[0].anchor}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

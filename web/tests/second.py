"""What tests of a second authentication share: a booth that says something beside the ballot, and the registrar's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rig import ENGINE, FROZEN, Rig
from sanduq.roll import Hashed, pins_text
from sanduq_web import clock
from sanduq_web.box.actions import casting
from sanduq_web.records import Extras, import_record

if TYPE_CHECKING:
    from conftest import Api, Now

PIN = "01234567"


@dataclass
class Booth:
    """Casts as the booth does, with what it was told."""

    api: Api
    rig: Rig

    def cast(self, raw: bytes, said: str | None = None, code: str = "A", **headers: str):  # type: ignore[no-untyped-def]
        path = f"{self.api.base}/areas/{code}/ballots"
        more = {} if said is None else {"sanduq-code": said}
        return self.api.client.post(path, raw, content_type="application/json", headers={**more, **headers})

    def told(self, raw: bytes, said: str | None = None, code: str = "A") -> tuple[int, str | None, str | None]:
        answer = self.cast(raw, said, code)
        wait = answer.get("Retry-After")
        return answer.status_code, answer.json().get("name"), wait


def area_file(rig: Rig, folder: Path, code: str, end: str, text: str) -> Path:
    path = folder / f"{rig.area(code).uuid}.{end}.csv"
    path.write_text(text)
    return path


def keys_of(rig: Rig, code: str) -> list[str]:
    return list(ENGINE.public_credentials(rig.area(code).uuid, rig.credentials[code]))


def pins_file(rig: Rig, folder: Path, code: str, pin: str = PIN) -> Path:
    """A file in which all voters of an area have the same PIN, each with its own salt."""
    return area_file(rig, folder, code, "pinhashes", pins_text({key: Hashed.of(pin, key) for key in keys_of(rig, code)}))


def addresses_file(rig: Rig, folder: Path, code: str, leave_out: int = 0) -> Path:
    rows = [f"{key},voter{n}@{code.lower()}.example" for n, key in enumerate(keys_of(rig, code))]
    return area_file(rig, folder, code, "addresses", "\n".join(["credential,email", *rows[leave_out:], ""]))


def import_with(rig: Rig, kind: str) -> None:
    import_record(rig.path, FROZEN, rig.anchor, (10, 3), Extras(authentication=kind))


def later(now: Now, seconds: int) -> None:
    now.to(clock.text(clock.seconds(now.time) + seconds))


def restart() -> None:
    casting._kinds.clear()
    casting.gate_of.cache_clear()
    casting._opened.clear()

"""sanduq as a party, through its command line where trustees and registrars sit: `keys` and `roll`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from oracle.ours import Ours
from oracle.party import Credentials, Seat, Secret, commitment
from oracle.peer import desk, lines, only
from sanduq.cli import app

_command = typer.main.get_command(app)


def run(*words: str | Path) -> None:
    """One command, in this process: starting one costs most of a second. Refusals come as exceptions."""
    status = _command.main([str(word) for word in words], standalone_mode=False)
    assert not status


@dataclass(frozen=True)
class CommandLine(Ours):
    """See :class:`oracle.party.Party`; what is not here is done by the library."""

    def single(self) -> tuple[Secret, bytes]:
        with desk() as folder:
            run("keys", "single", "--out", folder)
            return Secret((folder / "trustee.privkey").read_bytes()), (folder / "trustee.pubkey").read_bytes()

    def begin(self, seat: Seat) -> tuple[bytes, bytes]:
        with desk() as folder:
            words = ("--index", str(seat.index), "--threshold", str(seat.threshold), "--size", str(seat.size))
            run("keys", "begin", *words, "--out", folder)
            return (folder / "trustee.key").read_bytes(), (folder / "trustee.cert").read_bytes()

    def polynomial(self, certs: bytes, key: bytes, seat: Seat) -> bytes:
        with desk(certs_jsons=certs, trustee_key=key) as folder:
            run("keys", "polynomial", "--certs", folder / "certs.jsons", "--key", folder / "trustee.key", "--out", folder)
            made = (folder / "trustee.polynomial").read_bytes()
            told = (folder / "trustee.commitment").read_text().strip()
        assert told == commitment(made)
        return made

    def route(self, certs: bytes, polynomials: Sequence[bytes]) -> list[bytes]:
        with desk(certs_jsons=certs, polynomials_jsons=lines(polynomials)) as folder:
            files = ("--certs", folder / "certs.jsons", "--polynomials", folder / "polynomials.jsons")
            run("keys", "route", *files, "--out", folder / "out")
            return [(folder / "out" / f"{number}.vinput").read_bytes() for number in range(1, len(polynomials) + 1)]

    def finish(self, certs: bytes, key: bytes, vinput: bytes, commitments: Sequence[str]) -> bytes:
        known = "".join(f"{line}\n" for line in commitments).encode()
        with desk(certs_jsons=certs, trustee_key=key, my_vinput=vinput, all_commitments=known) as folder:
            files = ("--certs", folder / "certs.jsons", "--key", folder / "trustee.key", "--vinput", folder / "my.vinput")
            run("keys", "finish", *files, "--commitments", folder / "all.commitments", "--out", folder)
            return (folder / "trustee.voutput").read_bytes()

    def assemble(self, certs: bytes, polynomials: Sequence[bytes], voutputs: Sequence[bytes]) -> bytes:
        with desk(certs_jsons=certs, polynomials_jsons=lines(polynomials), voutputs_jsons=lines(voutputs)) as folder:
            files = ("--certs", folder / "certs.jsons", "--polynomials", folder / "polynomials.jsons")
            run("keys", "assemble", *files, "--voutputs", folder / "voutputs.jsons", "--out", folder / "group.json")
            return (folder / "group.json").read_bytes()

    def trustees(self, singles: Sequence[bytes], group: bytes | None) -> bytes:
        with desk() as folder:
            words: list[str | Path] = []
            for number, single in enumerate(singles):
                (folder / f"{number}.pubkey").write_bytes(single)
                words += ["--single", folder / f"{number}.pubkey"]
            if group is not None:
                (folder / "group.json").write_bytes(group)
                words += ["--group", folder / "group.json"]
            run("keys", "trustees", *words, "--out", folder / "trustees.json")
            run("keys", "show", folder / "trustees.json")
            return (folder / "trustees.json").read_bytes()

    def credentials(self, uuid: str, voters: int, weights: Sequence[int] | None) -> Credentials:
        rows = [f"voter{number}" if weights is None else f"voter{number},{weights[number]}" for number in range(voters)]
        header = "voter" if weights is None else "voter,weight"
        with desk(voters_csv="\n".join([header, *rows]).encode()) as folder:
            run("roll", "credentials", "--unencrypted", "--voters", folder / "voters.csv", "--uuid", uuid, "--out", folder)
            run("roll", "check", folder / f"{uuid}.roll.json")
            people = list(csv.DictReader(io.StringIO(only(folder, "*.credentials.csv").read_text("utf-8"))))
            return Credentials(tuple(row["credential"] for row in people), (folder / f"{uuid}.roll.json").read_bytes())

"""sanduq as a party, through its library, with either engine."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.party import Credentials, Seat, Secret
from sanduq.algebra.numbers import scalar, system_random
from sanduq.archive import ArchiveReader, Kind, create, setup_records
from sanduq.archive import json as canonical
from sanduq.box import Box
from sanduq.count.decryption import decrypt, read_decryption
from sanduq.count.report import ArchiveReport
from sanduq.count.steps import append_result, append_sum
from sanduq.count.tally import read_tally
from sanduq.engine import Engine, choose
from sanduq.keys import ceremony
from sanduq.keys.certificates import Cert, Context
from sanduq.keys.pki import Seed, new_seed
from sanduq.keys.trustees import Single, Trustees, check_trustees, read_trustees
from sanduq.question.election import Election, Question, make_election, read_election
from sanduq.roll import check_credential, make_roll, new_credential, new_uuid
from sanduq.watch.archive import verify_archive


def setup_entry(archive: Path) -> tuple[bytes, ...]:
    """The data of an archive's Setup event: election, trustees, roll, setup data."""
    with archive.open("rb") as file:
        return next(iter(ArchiveReader(file))).data


def question(value: Mapping[str, object]) -> Question:
    """A question of a template."""
    fields = dict(value)
    return Question(**(fields | {"answers": tuple(fields["answers"])}))  # type: ignore[arg-type]


def secret_number(secret: Secret) -> int:
    """The secret key in a trustee's files."""
    if secret.dkey is None:
        return scalar(canonical.read(secret.key.strip()))
    return ceremony.decryption_key(_seed(secret.key), secret.dkey.decode().strip())


def _certs(lines: bytes) -> tuple[Cert, ...]:
    return ceremony.read_certs(lines.splitlines())


def _seed(key: bytes) -> Seed:
    return Seed(key.decode().strip())


@dataclass(frozen=True)
class Ours:
    """See :class:`oracle.party.Party`."""

    name: str
    uses: str
    """Which engine."""

    @property
    def engine(self) -> Engine:
        """The engine."""
        return choose(self.uses)

    def single(self) -> tuple[Secret, bytes]:
        x, public = ceremony.new_single(system_random)
        return Secret(canonical.write(str(x)).encode()), canonical.write(public.to_json()).encode()

    def begin(self, seat: Seat) -> tuple[bytes, bytes]:
        seed = Seed(new_seed())
        cert = ceremony.begin(seed, Context(seat.size, seat.threshold, seat.index), system_random)
        return seed.text.encode(), canonical.write(cert.signed.to_json()).encode()

    def check_certs(self, certs: bytes) -> None:
        _certs(certs)

    def polynomial(self, certs: bytes, key: bytes, seat: Seat) -> bytes:
        return ceremony.make_polynomial(_seed(key), _certs(certs), system_random).to_bytes()

    def route(self, certs: bytes, polynomials: Sequence[bytes]) -> list[bytes]:
        read = [ceremony.read_polynomial(polynomial) for polynomial in polynomials]
        return [vinput.to_bytes() for vinput in ceremony.route(_certs(certs), read)]

    def finish(self, certs: bytes, key: bytes, vinput: bytes, commitments: Sequence[str]) -> bytes:
        given = ceremony.read_vinput(vinput)
        return ceremony.finish(_seed(key), _certs(certs), given, commitments, system_random).to_bytes()

    def assemble(self, certs: bytes, polynomials: Sequence[bytes], voutputs: Sequence[bytes]) -> bytes:
        read = [ceremony.read_polynomial(polynomial) for polynomial in polynomials]
        group = ceremony.assemble(_certs(certs), read, [ceremony.read_voutput(voutput) for voutput in voutputs])
        return canonical.write(ceremony.group_value(group)).encode()

    def trustees(self, singles: Sequence[bytes], group: bytes | None) -> bytes:
        first = [Single(ceremony.read_single(single)) for single in singles]
        whole = Trustees((*first, *([] if group is None else [ceremony.read_group(group)])))
        check_trustees(whole)
        return whole.to_bytes()

    def uuid(self) -> str:
        return new_uuid()

    def credentials(self, uuid: str, voters: int, weights: Sequence[int] | None) -> Credentials:
        secret = tuple(new_credential() for _ in range(voters))
        keys = self.engine.public_credentials(uuid, secret)
        roll = make_roll(zip(keys, weights or [None] * voters, strict=True))
        return Credentials(secret, roll.to_bytes())

    def public(self, uuid: str, credential: str) -> str:
        return self.engine.public_credentials(uuid, [check_credential(credential)])[0]

    def election(self, uuid: str, trustees: bytes, template: bytes) -> bytes:
        value = json.loads(template)
        questions = tuple(question(item) for item in value.pop("questions"))
        name, description = value.pop("name"), value.pop("description")
        if "language" in value:
            value["language"] = tuple(value["language"])
        return make_election(uuid, name, description, read_trustees(trustees).public_key, questions, **value).raw

    def start(self, folder: Path, uuid: str, election: bytes, trustees: bytes, roll: bytes) -> Path:
        create(folder / f"{uuid}.bel", setup_records(int(time.time()), election, trustees, roll)[0])
        return folder / f"{uuid}.bel"

    def _election(self, archive: Path) -> Election:
        return read_election(setup_entry(archive)[0])

    def seal(self, archive: Path, credential: str, choices: Sequence[Sequence[int]]) -> bytes:
        return self.engine.seal_many(self._election(archive), [credential], [choices])[0]

    def cast(self, archive: Path, ballot: bytes) -> None:
        with Box.open(archive, self.engine) as box:
            box.cast(ballot)

    def close(self, archive: Path) -> None:
        with Box.open(archive, self.engine) as box:
            box.close()

    def verify(self, archive: Path) -> ArchiveReport:
        """Every check of the verifier."""
        with archive.open("rb") as file:
            return verify_archive(file, self.engine)

    def sum(self, archive: Path) -> None:
        append_sum(archive, self.verify(archive))

    def decrypt(self, archive: Path, owner: int, secret: Secret) -> bytes:
        """Without the checks of `sanduq count decrypt`: here the parties are honest."""
        with archive.open("rb") as file:
            found = list(ArchiveReader(file))
        election = read_election(found[0].data[0])
        sums = next(read_tally(entry.data[0], election) for entry in found if entry.event.kind is Kind.ENCRYPTED_TALLY)
        return decrypt(sums, election, secret_number(secret), system_random).to_bytes()

    def count(self, archive: Path, decryptions: Mapping[int, bytes]) -> None:
        parts = {owner: read_decryption(decryption) for owner, decryption in decryptions.items()}
        append_result(archive, self.verify(archive), parts)

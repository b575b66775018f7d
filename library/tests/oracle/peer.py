"""belenios-tool as a party: each verb is one or two of its commands, with files as its users have them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from oracle.party import Credentials, Seat, Secret
from oracle.tool import Tool

GROUP = ("--group", "Ed25519")
THRESHOLD = ("setup", "generate-trustee-key-threshold", *GROUP)


@contextmanager
def desk(**files: bytes) -> Iterator[Path]:
    """A folder with these files (``public_keys_jsons=…`` becomes public_keys.jsons), gone afterwards."""
    with TemporaryDirectory(prefix="oracle-") as folder:
        for name, content in files.items():
            head, _, kind = name.rpartition("_")
            Path(folder, f"{head}.{kind}").write_bytes(content)
        yield Path(folder)


def only(folder: Path, pattern: str) -> Path:
    """The one file of this pattern."""
    (path,) = folder.glob(pattern)
    return path


def lines(parts: Sequence[bytes]) -> bytes:
    """One part a line."""
    return b"".join(part.rstrip(b"\n") + b"\n" for part in parts)


def cert_name(cert: bytes) -> str:
    """How the tool names a trustee's files: by the SHA-256 of its certificate's message."""
    return sha256(json.loads(cert)["message"].encode()).hexdigest()


@dataclass(frozen=True)
class Peer:
    """See :class:`oracle.party.Party`."""

    tool: Tool
    name: str = "tool"

    def single(self) -> tuple[Secret, bytes]:
        with desk() as folder:
            self.tool.run(folder, "setup", "generate-trustee-key", *GROUP)
            return Secret(only(folder, "*.privkey").read_bytes()), only(folder, "*.pubkey").read_bytes()

    def begin(self, seat: Seat) -> tuple[bytes, bytes]:
        with desk() as folder:
            context = f"{seat.index}/{seat.threshold}/{seat.size}"
            said = self.tool.run(folder, *THRESHOLD, "--step", "1", "--threshold-context", context).decode().strip()
            key, cert = (folder / f"{said}.key").read_bytes(), (folder / f"{said}.cert").read_bytes()
        assert said == cert_name(cert)
        return key, cert

    def check_certs(self, certs: bytes) -> None:
        with desk(certs_jsons=certs) as folder:
            self.tool.run(folder, *THRESHOLD, "--step", "2", "--certs", "certs.jsons")

    def polynomial(self, certs: bytes, key: bytes, seat: Seat) -> bytes:
        with desk(certs_jsons=certs, my_key=key) as folder:
            context = f"{seat.index}/{seat.threshold}/{seat.size}"
            files = ("--certs", "certs.jsons", "--key", "my.key", "--threshold-context", context)
            return self.tool.run(folder, *THRESHOLD, "--step", "3", *files)

    def route(self, certs: bytes, polynomials: Sequence[bytes]) -> list[bytes]:
        with desk(certs_jsons=certs, polynomials_jsons=lines(polynomials)) as folder:
            files = ("--certs", "certs.jsons", "--polynomials", "polynomials.jsons")
            self.tool.run(folder, *THRESHOLD, "--step", "4", *files)
            return [(folder / f"{cert_name(cert)}.vinput").read_bytes() for cert in certs.splitlines()]

    def finish(self, certs: bytes, key: bytes, vinput: bytes, commitments: Sequence[str]) -> bytes:
        """The tool knows of no commitments: whoever uses it has compared them before (`sanduq keys commitment`)."""
        with desk(certs_jsons=certs, my_key=key) as folder:
            files = ("--certs", "certs.jsons", "--key", "my.key")
            return self.tool.run(folder, *THRESHOLD, "--step", "5", *files, given=vinput)

    def assemble(self, certs: bytes, polynomials: Sequence[bytes], voutputs: Sequence[bytes]) -> bytes:
        with desk(certs_jsons=certs, polynomials_jsons=lines(polynomials)) as folder:
            files = ("--certs", "certs.jsons", "--polynomials", "polynomials.jsons")
            made = self.tool.run(folder, *THRESHOLD, "--step", "6", *files, given=lines(voutputs))
            for cert, voutput in zip(certs.splitlines(), voutputs, strict=True):
                dkey = (folder / f"{cert_name(cert)}.dkey").read_bytes()
                assert dkey.rstrip(b"\n") == json.loads(voutput)["private_key"].encode()
        return made

    def trustees(self, singles: Sequence[bytes], group: bytes | None) -> bytes:
        with desk(public_keys_jsons=lines(singles)) as folder:
            if group is not None:
                (folder / "threshold.json").write_bytes(group)
            self.tool.run(folder, "setup", "make-trustees")
            return (folder / "trustees.json").read_bytes().rstrip(b"\n")

    def uuid(self) -> str:
        with desk() as folder:
            return self.tool.run(folder, "setup", "generate-token").decode().strip()

    def credentials(self, uuid: str, voters: int, weights: Sequence[int] | None) -> Credentials:
        names = [f"voter{number}" for number in range(voters)]
        addresses = [f"{name}@example.org,{name}" for name in names]
        people = addresses if weights is None else [f"{who},{weight}" for who, weight in zip(addresses, weights, strict=True)]
        with desk(voters_txt=lines([who.encode() for who in people])) as folder:
            self.tool.run(folder, "setup", "generate-credentials", *GROUP, "--uuid", uuid, "--file", "voters.txt")
            secret = json.loads(only(folder, "*.privcreds").read_bytes())
            public = json.loads(only(folder, "*.pubcreds").read_bytes())
        # This file names the voters too ("key,weight,name"); `archive init` leaves that out, and so does whoever publishes it.
        entries = [",".join(part for part in entry.split(",")[:2] if part) for entry in public]
        return Credentials(tuple(secret[name] for name in names), json.dumps(entries, separators=(",", ":")).encode())

    def public(self, uuid: str, credential: str) -> str:
        with desk() as folder:
            words = ("setup", "generate-credentials", *GROUP, "--uuid", uuid, "--derive", credential)
            return self.tool.run(folder, *words).decode().strip()

    def election(self, uuid: str, trustees: bytes, template: bytes) -> bytes:
        with desk(trustees_json=trustees, template_json=template) as folder:
            self.tool.run(folder, "setup", "make-election", *GROUP, "--uuid", uuid, "--template", "template.json")
            return (folder / "election.json").read_bytes().rstrip(b"\n")

    def start(self, folder: Path, uuid: str, election: bytes, trustees: bytes, roll: bytes) -> Path:
        for name, content in (("election", election), ("trustees", trustees), ("public_creds", roll)):
            (folder / f"{name}.json").write_bytes(content + b"\n")
        self.tool.run(folder, "archive", "init")
        for name in ("election", "trustees", "public_creds"):
            (folder / f"{name}.json").unlink()
        assert [path.name for path in folder.iterdir()] == [f"{uuid}.bel"]
        return folder / f"{uuid}.bel"

    def seal(self, archive: Path, credential: str, choices: Sequence[Sequence[int]]) -> bytes:
        with desk(credential_txt=credential.encode() + b"\n", choice_json=json.dumps(choices).encode()) as files:
            words = ("--privcred", str(files / "credential.txt"), "--choice", str(files / "choice.json"))
            return self.tool.run(archive.parent, "election", "generate-ballot", *words).rstrip(b"\n")

    def add(self, archive: Path, kind: str, *data: bytes) -> None:
        """Append an event with its data, in the order in which they stand in the archive."""
        self.tool.run(archive.parent, "archive", "add-event", "--type", kind, given=lines(data))

    def cast(self, archive: Path, ballot: bytes) -> None:
        self.add(archive, "Ballot", ballot)

    def close(self, archive: Path) -> None:
        self.add(archive, "EndBallots")

    def compute_sum(self, archive: Path) -> list[bytes]:
        """The two records of the encrypted tally."""
        return self.tool.run(archive.parent, "election", "compute-encrypted-tally").splitlines()

    def sum(self, archive: Path) -> None:
        self.add(archive, "EncryptedTally", *self.compute_sum(archive))

    def decrypt(self, archive: Path, owner: int, secret: Secret) -> bytes:
        with desk(my_key=secret.key, my_dkey=secret.dkey or b"") as files:
            if secret.dkey is None:
                words = ("decrypt", "--privkey", str(files / "my.key"))
            else:
                words = ("decrypt-threshold", "--key", str(files / "my.key"), "--decryption-key", str(files / "my.dkey"))
            printed = self.tool.run(archive.parent, "election", *words, "--trustee-id", str(owner)).splitlines()
        decryption, owned = printed
        assert owned == _owned(owner, decryption)
        return decryption

    def compute_result(self, archive: Path) -> bytes:
        """The record of the result."""
        return self.tool.run(archive.parent, "election", "compute-result").rstrip(b"\n")

    def count(self, archive: Path, decryptions: Mapping[int, bytes]) -> None:
        for owner, decryption in decryptions.items():
            self.add(archive, "PartialDecryption", decryption, _owned(owner, decryption))
        self.add(archive, "Result", self.compute_result(archive))


def _owned(owner: int, decryption: bytes) -> bytes:
    return json.dumps({"owner": owner, "payload": sha256(decryption).hexdigest()}, separators=(",", ":")).encode()

"""Known answers of what a voter's device computes: credentials, setups with information, sealed and opened ballots,
receipts. Written to ``known/``.

Randomness is an argument of the library: the i-th number (from 0) of a seed is H(seed ``|`` i) of spec 0.b, which any language
has. Whoever seals with the same numbers, in the order of the library, gets the same text.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sanduq import errors
from sanduq.algebra.group import G, Q
from sanduq.algebra.numbers import Random, hash_to_scalar
from sanduq.algebra.proofs import Proof
from sanduq.archive import json as canonical
from sanduq.booth.ballot import Unsigned
from sanduq.booth.seal import Sealed, cast_ballot, challenge, check_challenge, seal
from sanduq.box.receipt import BoxKey, Receipt, check_receipt, read_receipt
from sanduq.question.election import Election, Question, make_election
from sanduq.roll import (
    BASE58,
    check_credential,
    new_credential,
    new_uuid,
    printed_credential,
    public_credential,
    read_typed_credential,
)

from .known_keys import keys
from .known_question import question

Case = dict[str, Any]


def stream(seed: str) -> Random:
    """The numbers of a seed."""
    counter = itertools.count()
    return lambda: hash_to_scalar(f"{seed}|{next(counter)}")


def write(folder: Path) -> None:
    """Write the five files anew."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"roll": roll(), "question": question(), "keys": keys(stream), "booth": booth(), "box": box()}
    for name, cases in made.items():
        text = json.dumps(cases, indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def _verdict(act: Callable[[], Any]) -> Case:
    """What the library says: accepted with something, or refused at a step."""
    try:
        return {"accept": act()}
    except errors.Refused as refusal:
        return {"step": refusal.step, "error": type(refusal).__name__}


# --- roll -------------------------------------------------------------------------------------------------------------------


def roll() -> Case:
    """Credentials with their public halves and check characters, and what is typed instead of them."""
    choose = random.Random("known credentials")
    credentials = [new_credential(choose.choice) for _ in range(8)]
    # The ends of the alphabet, where doubling wraps around.
    credentials += ["11111-111111-11111-111111", "zzzzz-zzzzzz-zzzzz-zzzzzz", "1z1z1-z1z1z1-UVUVU-VUVUVU"]
    uuids = [new_uuid(choose.choice) for _ in credentials]
    return {
        "credentials": [
            {"uuid": uuid, "credential": one, "public": public_credential(uuid, one), "printed": printed_credential(one)}
            for uuid, one in zip(uuids, credentials, strict=True)
        ],
        "typed": [{"typed": text} | _verdict(lambda text=text: read_typed_credential(text)) for text in _typed(credentials[0])],
    }


def _typed(credential: str) -> Iterator[str]:
    """Right and wrong ways to type a credential."""
    printed = printed_credential(check_credential(credential))
    yield from (credential, printed, credential.replace("-", ""), printed.replace("-", " "), f" {printed} ")
    yield from ("", credential[:-1], f"{credential}1", printed[:-1], f"{printed}1", credential.swapcase().replace("-", "O"))
    yield from (f"0{credential[1:]}", f"l{printed[1:]}", f"é{printed[1:]}", "١" * 22)
    # Every character of the printed form once replaced by its neighbour in the alphabet.
    for place, character in enumerate(printed):
        if character != "-":
            other = BASE58[(BASE58.index(character) + 1) % 58]
            yield f"{printed[:place]}{other}{printed[place + 1 :]}"


# --- booth ------------------------------------------------------------------------------------------------------------------


def _question(count: int, low: int = 1, high: int = 1, *, blank: bool | None = None) -> Question:
    return Question(f"Which of {count}?", tuple(f"answer {n}" for n in range(1, count + 1)), low, high, blank)


SHAPES: dict[str, tuple[tuple[Question, ...], list[list[int]]]] = {
    "one of three": ((_question(3),), [[0, 1, 0]]),
    "one answer, not chosen": ((_question(1, 0, 1),), [[0]]),
    "several of four": ((_question(4, 1, 3, blank=False),), [[1, 0, 1, 1]]),
    "max above the answers": ((_question(2, 0, 4),), [[1, 1]]),
    "with blank, chosen": ((_question(2, 1, 1, blank=True),), [[0, 0, 1]]),
    "with blank, blank": ((_question(2, 1, 1, blank=True),), [[1, 0, 0]]),
    "with blank, none of several": ((_question(3, 0, 2, blank=True),), [[0, 0, 0, 0]]),
    "three questions": (
        (_question(2), _question(2, 1, 2, blank=True), _question(1, 1, 1, blank=True)),
        [[1, 0], [0, 1, 1], [1, 0]],
    ),
}


def _seal(name: str) -> tuple[Election, Sealed, str]:
    questions, choices = SHAPES[name]
    choose = random.Random(name)
    key = G ** stream(f"{name}|key")()
    election = make_election(new_uuid(choose.choice), f"Known: “{name}”", "an anchor — not one", key, questions)
    credential = new_credential(choose.choice)
    sealed = seal(election, public_credential(election.uuid, credential), choices, stream(f"{name}|seal"))
    return election, sealed, credential


def booth() -> Case:
    """Sealed, cast and opened ballots; opened ones that lie."""
    ballots = []
    for name, (_, choices) in SHAPES.items():
        election, sealed, credential = _seal(name)
        ballot = cast_ballot(sealed.unsigned, credential, stream(f"{name}|cast"))
        ballots.append(
            {
                "name": name,
                "election": election.raw.decode(),
                "credential": credential,
                "choices": choices,
                "seeds": {"seal": f"{name}|seal", "cast": f"{name}|cast"},
                "hash": sealed.unsigned.hash,
                "unsigned": canonical.write(sealed.unsigned.to_json()),
                "opened": challenge(sealed).decode(),
                "ballot": ballot.raw.decode(),
                "tracker": ballot.tracker,
            }
        )
    return {"ballots": ballots, "opened": list(_opened("one of three")) + list(_opened("with blank, chosen"))}


def _opened(name: str) -> Iterator[Case]:
    election, sealed, _ = _seal(name)
    good, shown = challenge(sealed), sealed.unsigned.hash
    r, m = sealed.openings[0][1]
    text = good.decode()

    def case(what: str, data: str | bytes, hash_: str = shown) -> Case:
        raw = data if isinstance(data, bytes) else data.encode()
        verdict = _verdict(lambda: check_challenge(raw, election, hash_))
        return {"what": what, "election": election.raw.decode(), "opened": raw.decode(), "hash": hash_} | verdict

    yield case("good", good)
    yield case("another hash was shown", good, "A" * 43)
    yield case("says another choice", text.replace(f'"r":"{r}","m":{m}', f'"r":"{r}","m":{1 - m}'))
    yield case("another randomness", text.replace(str(r), str((r + 1) % Q)))
    yield case("randomness not reduced", text.replace(str(r), str(r + Q)))
    yield case("a choice of 2", text.replace(f'"r":"{r}","m":{m}', f'"r":"{r}","m":2'))
    yield case("randomness as a number", text.replace(f'"r":"{r}"', '"r":7'))
    yield case("openings are missing", text[: text.index(',"openings"')] + "}")
    yield case("one opening is missing", text.replace(f'{{"r":"{r}","m":{m}}},', ""))
    yield case("openings for two answers", f"{text[:-2]},[]]}}")
    yield case("white space", f"{text} ")
    yield case("fields in another order", json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")))
    yield case("a note inside", f'{text[:-1]},"note":"yes"}}')
    yield case("not JSON", text[:-1])
    yield case("too long", text + " " * 20_000)
    for what, unsigned in _lies(sealed.unsigned):
        yield case(what, challenge(Sealed(unsigned, sealed.openings)), unsigned.hash)


def _lies(unsigned: Unsigned) -> Iterator[tuple[str, Unsigned]]:
    """Ballots whose hash was shown, and whose ciphertexts are as they say, but which no box would take."""
    answer = unsigned.answers[0]
    off = [Proof(p.challenge, (p.response + 1) % Q) for p in answer.overall_proof]
    yield "overall proof off by one", replace(unsigned, answers=(replace(answer, overall_proof=tuple(off)),))
    first = answer.individual_proofs[0]
    swapped = (first[::-1], *answer.individual_proofs[1:])
    yield "individual proof off", replace(unsigned, answers=(replace(answer, individual_proofs=swapped),))
    yield "for another election", replace(unsigned, uuid=unsigned.uuid[::-1])
    yield "for other questions", replace(unsigned, election_hash="A" * 43)
    yield "for another credential", replace(unsigned, credential=G.point.hex)


# --- box --------------------------------------------------------------------------------------------------------------------


def box() -> Case:
    """Receipts of a box, and some that it never gave."""
    key = BoxKey.from_hex(hashlib.sha256(b"the box of the known answers").hexdigest())
    other = BoxKey.from_hex(hashlib.sha256(b"another box").hexdigest())
    receipt = key.sign(Receipt("kPDakbEc8Brvk2", "B" * 43, 12, hashlib.sha256(b"event").hexdigest()))
    last = f"{int(receipt.signature[-1], 16) ^ 1:x}"
    named = {
        "good": receipt,
        "another height": replace(receipt, height=13),
        "another tracker": replace(receipt, tracker="C" * 43),
        "another area": replace(receipt, uuid="2eHLB5tvyNaP8E"),
        "another event": replace(receipt, event="0" * 64),
        "of another box": other.sign(receipt),
        "signature altered": replace(receipt, signature=f"{receipt.signature[:-1]}{last}"),
        "signature too short": replace(receipt, signature=receipt.signature[:-2]),
        "no signature": replace(receipt, signature=""),
        "signature is no hexadecimal": replace(receipt, signature="zz" * 64),
        "signature in upper case": replace(receipt, signature=receipt.signature.upper()),
        "signature with a space": replace(receipt, signature=f"{receipt.signature[:64]} {receipt.signature[64:]}"),
    }
    texts = {what: one.to_bytes().decode() for what, one in named.items()}
    texts["a field more"] = texts["good"].replace("{", '{"area":"A",', 1)
    texts["a field missing"] = texts["good"].replace('"height":12,', "")
    texts["height as text"] = texts["good"].replace('"height":12', '"height":"12"')
    texts["not JSON"] = texts["good"][:-1]
    cases = []
    for what, text in texts.items():
        verdict = _verdict(lambda text=text: check_receipt(read_receipt(text.encode()), key.public))
        cases.append({"what": what, "receipt": text} | ({"accept": True} if "accept" in verdict else verdict))
    return {"box_key": key.public, "receipts": cases}

"""Every command with good arguments, at a moment at which it can be called. What it reads stands behind an @."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pyrage
import typer.main

from registrar_rig import certificate
from sanduq.algebra.numbers import system_random
from sanduq.cli import app
from sanduq.count.trial import decrypt_trial, trial_bytes
from sanduq.keys.ceremony import decryption_key
from sanduq.keys.pki import Seed
from sanduq.keys.trustees import read_trustees
from sanduq.roll import make_roll, new_credential, public_credential, read_roll
from sanduq.roll.custody import close, close_twice, read_secret
from sanduq.roll.reserves import make_register

_VECTORS = Path(__file__).resolve().parents[3] / "vectors"
_FONT = Path(__file__).resolve().parents[2] / "src/sanduq/booth/fonts/vazirmatn-bold.ttf"
_FREEZE = "question freeze @bridge/referendum.toml --rolls @rolls --trustees @trustees.json --box-key @box/box.pub"
_DECRYPT = "count decrypt @record --anchor $ANCHOR --key @ann/trustee.key --dkey @ann/trustee.dkey --heads @cem/heads"
_UNTIL = "rolls/north/NorthBankTest1.{}.until-2031-05-01"
_HELD = _UNTIL.format("credentials") + ".csv.age"
_PINS = _UNTIL.format("pins") + ".csv.age"
_RESERVE = _UNTIL.format("reserve") + ".csv.age.age"
_OFFICERS = "--officer Ann=@ann.key --officer Bo=@bo.key"
_KEY = "--key @registrar.key"
_SHEET = f"--record @record --booth https://booth.example --people @people.csv --pins @{_PINS} {_KEY} --out new"
_REGISTER = "rolls/north/NorthBankTest1.reserves.jsonl"
_GIVE = f"roll reserve @{_HELD} --voter 1 --why lost {_OFFICERS} --reserve @{_RESERVE} --register @{_REGISTER}"
_MAIL = f"roll mail @{_HELD} --server 127.0.0.1:9 --tls none --from a(at)mail.example --templates @texts --ca @ca.pem"
_FINISH = "keys finish --certs @certs --key @ann/trustee.key --vinput @letters/1.vinput --commitments @commitments"

_SIGN = "question supervise sign @record --act opened --anchor $ANCHOR --key @court/supervisor.key"
_COMBINE = "count test-sum combine @record @ann/test @bob/test @cem/test"
_TEST = "count test-sum decrypt @record --anchor $ANCHOR --key @ann/trustee.key --dkey @ann/trustee.dkey"

COMMANDS = {
    "question new": ("sealed", "question new new"),
    "question check": ("sealed", "question check @bridge/referendum.toml"),
    "question freeze": ("sealed", f"{_FREEZE} --out new --time 2030-04-01T00:00:00Z"),
    "question show": ("sealed", "question show @record"),
    "question supervise key": ("sealed", "question supervise key --unencrypted --out new"),
    "question supervise sign": ("tested", f"{_SIGN} --out new --earliest 2030-05-01T06:00:00Z"),
    "question supervise add": ("unfrozen", "question supervise add @record @court/frozen --time 2030-04-02T00:00:00Z"),
    "roll credentials": ("sealed", f"roll credentials --voters @voters.csv {_KEY} --destroy-on 2031-05-01 --out new"),
    "roll check": ("sealed", "roll check @rolls/north/NorthBankTest1.roll.json"),
    "roll pins": ("sealed", f"roll pins @{_HELD} {_KEY} --reserve @{_RESERVE} {_OFFICERS} --out new"),
    "roll addresses": ("sealed", f"roll addresses @{_HELD} {_KEY} --emails @emails.csv --out new"),
    "roll letters": ("sealed", f"roll letters @{_HELD} {_SHEET} --fonts @fonts --jobs 1"),
    "roll mail": ("sealed", f"{_MAIL} {_SHEET}".replace("--out new", "--out mailing")),
    "roll reserve": ("sealed", f"{_GIVE} {_SHEET} --fonts @fonts --time 2030-04-02T00:00:00Z"),
    "roll register": (
        "sealed",
        f"roll register @registered/{Path(_REGISTER).name} --roll @registered/NorthBankTest1.roll.json --record @record",
    ),
    "roll destroy": ("sealed", "roll destroy @doomed/NorthBankTest1.pins.csv --force"),
    "keys single": ("sealed", "keys single --out new"),
    "keys begin": ("sealed", "keys begin --index 1 --threshold 2 --size 3 --out new"),
    "keys polynomial": ("sealed", "keys polynomial --certs @certs --key @ann/trustee.key --out new"),
    "keys commitment": ("sealed", "keys commitment @ann/trustee.polynomial"),
    "keys route": ("sealed", "keys route --certs @certs --polynomials @polynomials --out new"),
    "keys finish": ("sealed", f"{_FINISH} --out new"),
    "keys assemble": ("sealed", "keys assemble --certs @certs --polynomials @polynomials --voutputs @voutputs --out new"),
    "keys unpack": ("sealed", "keys unpack @page/saved.json --out new"),
    "keys trustees": ("sealed", "keys trustees --single @chair/trustee.pubkey --group @group.json --out new"),
    "keys show": ("sealed", "keys show @trustees.json"),
    "booth seal": ("sealed", "booth seal --archive @north.bel --credential @n1 --choices @yes --out new"),
    "booth challenge": ("sealed", "booth challenge @v/1.sealed --out new"),
    "booth check": ("voted", "booth check @v/2.opened --archive @south.bel --hash $HASH"),
    "booth cast": ("sealed", "booth cast @v/1.sealed --credential @n1 --out new"),
    "booth hash": ("sealed", "booth hash rolls"),
    "box key": ("sealed", "box key --out new"),
    "box open": ("sealed", "box open @record --time 2030-05-01T06:00:00Z"),
    "box cast": ("voted", "box cast @record @v/9.ballot --key @box/box.key --receipt new --time 2030-05-02T09:00:00Z"),
    "box check": ("voted", "box check @record @v/3.receipt"),
    "box close": ("voted", "box close @record --time 2030-05-03T18:00:00Z"),
    "count sum": ("closed", "count sum @record --time 2030-05-03T19:00:00Z"),
    "count heads": ("summed", "count heads @record --trustee 2 --out new"),
    "count wrap": ("decrypted", "count wrap @record --trustee 1 north=@part south=@part --out new"),
    "count decrypt": ("decrypted", f"{_DECRYPT} --out new"),
    "count combine": ("decrypted", "count combine @record @ann/decryption @cem/decryption --time 2030-05-03T20:00:00Z"),
    "count trial": ("sealed", "count trial --trustees @page/trustees.json --key @page/1.key --dkey @page/1.dkey --out new"),
    "count trial-check": ("sealed", "count trial-check --trustees @page/trustees.json @page/1.trial @page/2.trial"),
    "count test-sum make": ("frozen-by-court", "count test-sum make @record --time 2030-04-03T00:00:00Z"),
    "count test-sum heads": ("test-to-decrypt", "count test-sum heads @record --trustee 2 --out new"),
    "count test-sum decrypt": ("test-decrypted", f"{_TEST} --heads @cem/test-head --out new"),
    "count test-sum wrap": ("tested", "count test-sum wrap @record --trustee 2 @test-part --out new"),
    "count test-sum combine": ("test-decrypted", f"{_COMBINE} --time 2030-04-04T00:00:00Z"),
    "count test-sum check": ("tested", "count test-sum check @record"),
    "watch verify": ("decided", "watch verify @record --anchor $ANCHOR --jobs 1"),
    "watch hints": ("decided", "watch hints @record"),
    "watch export": ("decided", "watch export @record --anchor $ANCHOR --out new"),
    "watch compare": ("voted", "watch compare @north.bel @record/areas/north/NorthBankTest1.bel"),
    "press key": ("sealed", "press key --out new"),
    "press sign": ("sealed", "press sign @letter.json --key @press/press.key --organisation Ferrymen --out new"),
    "press join": ("sealed", "press join @letter.json @letter.signature --out new"),
    "press verify": ("sealed", "press verify @letter.signature --letter @letter.json"),
    "press show": ("sealed", "press show @letter.json"),
    "disc key": ("sealed", "disc key --unencrypted --out new"),
    "disc sums": ("sealed", "disc sums disc/next"),
    "disc sign": ("sealed", "disc sign disc/edition --key @disc/edition.key --edition 13 --date 2026-11-22"),
    "disc verify": ("sealed", "disc verify disc/signed --key @disc/edition.pub"),
    "disc fingerprint": ("sealed", "disc fingerprint @disc/edition.pub"),
    "disc renew": ("sealed", "disc renew @disc/next.pub --key @disc/edition.key --keys @disc/edition.pub --out new"),
    "disc page": ("sealed", "disc page @disc/VERIFY.html --key @disc/edition.pub --out new"),
    "rehearse": ("sealed", "rehearse @island.toml --out new"),
}


def words(text: str, names: dict[str, str]) -> tuple[list[str], list[int]]:
    """The words of a command, and which of them name something that is read."""
    found = [names[word[1:]] if word.startswith("$") else word for word in shlex.split(text)]
    return [word.replace("@", "").replace("(at)", "@") for word in found], [n for n, word in enumerate(found) if "@" in word]


def instead(word: str, path: str) -> str:
    """The word with another path in it: ``north=part`` becomes ``north=path``."""
    before, equals, _ = word.rpartition("=")
    return before + equals + path


def prepare(folder: Path) -> None:
    """Files that the commands read, and that no transcript has."""
    folder.joinpath("voters.csv").write_text("voter\nAnahit\n")
    folder.joinpath("emails.csv").write_text("voter,email\n")
    _prepare_registrar(folder)
    _prepare_trial(folder / "page")
    known = json.loads((_VECTORS / "press/signatures.json").read_text(encoding="utf-8"))["signed"][0]
    folder.joinpath("letter.json").write_text(known["letter"], encoding="utf-8")
    folder.joinpath("letter.signature").write_text(known["signature"], encoding="utf-8")
    folder.joinpath("press").mkdir(exist_ok=True)
    folder.joinpath("press/press.key").write_text(known["file"])
    _prepare_disc(folder / "disc")
    folder.joinpath("island.toml").write_text("format = 1\n")
    for name, part in (("decryption", "part"), ("test", "test-part")):
        decryption = folder / "ann" / name
        if decryption.exists():
            areas = json.loads(decryption.read_text())["areas"]
            text = json.dumps(next(iter(areas.values()))["decryption"], separators=(",", ":"))
            folder.joinpath(part).write_text(text + "\n")


def _prepare_trial(folder: Path) -> None:
    """Two trustees of a known ceremony: their keys, a key file of their page, their parts of the trial."""
    known = json.loads((_VECTORS / "known/keys.json").read_text(encoding="utf-8"))["ceremonies"][0]
    folder.mkdir(exist_ok=True)
    folder.joinpath("trustees.json").write_text(known["trustees"])
    trustees = read_trustees(known["trustees"].encode())
    for number, member in enumerate(known["members"][:2], 1):
        letter = json.loads(member["voutput"])["private_key"]
        folder.joinpath(f"{number}.key").write_text(member["seed"])
        folder.joinpath(f"{number}.dkey").write_text(letter)
        part = decrypt_trial(trustees, decryption_key(Seed(member["seed"]), letter), system_random)
        folder.joinpath(f"{number}.trial").write_bytes(trial_bytes(trustees, part))
    saved = {"format": "sanduq-trustee-1", "context": {"size": 3, "threshold": 2, "index": 1}, "name": None, "decrypted": {}}
    first = known["members"][0]
    letter = json.loads(first["voutput"])["private_key"]
    text = json.dumps(saved | {"secret": first["seed"], "cert": first["cert"], "private_key": letter})
    folder.joinpath("saved.json").write_text(text)


def _prepare_registrar(folder: Path) -> None:
    """The registrar's files, encrypted; two officers, a reserve, a register, texts for mail, an authority, a font."""
    keys = {}
    for who in ("registrar", "ann", "bo"):
        text = str(pyrage.x25519.Identity.generate())
        folder.joinpath(f"{who}.key").write_text(text)
        keys[who] = read_secret(text, who)
    voters = folder.joinpath("rolls/north/NorthBankTest1.credentials.csv").read_bytes()
    names = [line.split(",")[0] for line in voters.decode().splitlines()[1:]]
    reserve = new_credential()
    pins = "voter,pin\n" + "".join(f"{name},01234567\n" for name in (*names, "reserve-1"))
    folder.joinpath(_HELD).write_bytes(close(voters, [keys["registrar"]]))
    folder.joinpath(_PINS).write_bytes(close(pins.encode(), [keys["registrar"]]))
    folder.joinpath(_RESERVE).write_bytes(
        close_twice(f"voter,credential\nreserve-1,{reserve}\n".encode(), keys["ann"], keys["bo"])
    )
    key = public_credential("NorthBankTest1", reserve)
    roll = read_roll(folder.joinpath("rolls/north/NorthBankTest1.roll.json").read_bytes())
    folder.joinpath(_REGISTER).write_bytes(make_register("NorthBankTest1", roll, [key], "2030-01-01T00:00:00Z").to_bytes())
    longer = make_roll([*((each, None) for each in roll.weights), (key, None)])
    for name in ("registered", "doomed", "texts", "fonts"):
        folder.joinpath(name).mkdir(exist_ok=True)
    folder.joinpath("registered/NorthBankTest1.roll.json").write_bytes(longer.to_bytes())
    first = make_register("NorthBankTest1", longer, [key], "2030-01-01T00:00:00Z")
    folder.joinpath("registered/NorthBankTest1.reserves.jsonl").write_bytes(first.to_bytes())
    folder.joinpath("doomed/NorthBankTest1.pins.csv").write_text(pins)
    folder.joinpath("people.csv").write_text("voter,name\n" + "".join(f"{name},A\n" for name in names))
    shutil.copy(_FONT, folder / "fonts")
    folder.joinpath("texts/en.txt").write_text("Subject: A\n\n$link\n$pin\n")
    certificate(folder)


def _prepare_disc(folder: Path) -> None:
    """A key and the one that follows it, and editions: not yet summed, not yet signed, signed."""
    known = json.loads((_VECTORS / "disc/keys.json").read_text(encoding="utf-8"))["secret"]
    good = json.loads((_VECTORS / "disc/editions.json").read_text(encoding="utf-8"))[0]["files"]
    apart = {"next": ("SHA256SUMS", "SHA256SUMS.minisig"), "edition": ("SHA256SUMS.minisig",), "signed": ()}
    for name, without in apart.items():
        for path, content in good.items():
            if path not in without:
                folder.joinpath(name, path).parent.mkdir(parents=True, exist_ok=True)
                folder.joinpath(name, path).write_text(content, encoding="utf-8")
    folder.joinpath("VERIFY.html").write_text('<script id="keys" type="application/json">[]</script>')
    folder.joinpath("edition.key").write_text(known[0]["file"])
    folder.joinpath("edition.pub").write_text(known[0]["public"])
    folder.joinpath("next.pub").write_text(known[1]["public"])


INPUTS = [(name, number) for name, (_, text) in COMMANDS.items() for number in range(text.count("@"))]


def real_commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that there is, from the command line itself."""
    whole = typer.main.get_command(app)
    assert isinstance(whole, click.Group)
    waiting: list[tuple[str, click.Command]] = list(whole.commands.items())
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, click.Group):
            waiting += [(f"{name} {word}", inner) for word, inner in command.commands.items()]
        else:
            yield name, command

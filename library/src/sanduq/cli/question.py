"""``sanduq question``: draft, check, freeze, show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.box.journal import Act
from sanduq.box.record import Record, create_record
from sanduq.cli import supervise
from sanduq.cli.common import Time, clock, engine, read_file, require_new, say, seconds, write_public
from sanduq.cli.common import app as make_app
from sanduq.cli.draft import AREAS, DRAFT
from sanduq.keys.trustees import Trustees, check_trustees, read_trustees
from sanduq.question.rule import LANGUAGES, Rule, check_rule, describe
from sanduq.question.setup import Information, Setup, TrusteePolicy, check_policy, names_of, paragraphs, read_setup
from sanduq.rehearse.draft import asked_of, make_setup, policy_of_plan
from sanduq.rehearse.plan import Plan
from sanduq.rehearse.reading import read_draft
from sanduq.roll import Roll, check_uuid, read_roll
from sanduq.watch.record import policy_of

app = make_app("Question: what is asked, in which languages and areas, and what decides.")
app.add_typer(supervise.app, name="supervise")
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="TAG", help=f"Say the rule in one of {', '.join(LANGUAGES)}; English if not given."),
]
_SUPERVISOR_PUB = "the file supervisor.pub of `sanduq question supervise key`"
Draft = Annotated[Path, typer.Argument(help="The draft: a TOML file.")]


@app.command()
def new(out: Annotated[Path, typer.Argument(help="A new folder for the draft.")]) -> None:
    """A draft to fill in: referendum.toml and areas.csv.

    Example: sanduq question new bridge
    """
    require_new(out / "referendum.toml", out / "areas.csv")
    write_public(out / "referendum.toml", DRAFT.encode())
    write_public(out / "areas.csv", AREAS.encode())
    say(f"edit  {out / 'referendum.toml'} and {out / 'areas.csv'}")
    say(f"then  sanduq question check {out / 'referendum.toml'}")


@app.command()
def check(draft: Draft, language: Language = None) -> None:
    """Check a draft: every text in every language, areas, rule; and say the rule in words.

    Example: sanduq question check bridge/referendum.toml --language fa
    """
    plan = read_draft(draft)
    asked = [asked_of(question) for question in plan.questions]
    rule = _rule(plan.rule, language, plan.languages, lambda tag: names_of(asked, plan.rule, plan.areas, plan.parents, tag))
    check_rule(plan.rule, plan.shapes, [(area.code, area.parent) for area in plan.areas])
    say(f"title      {plan.title[plan.languages[0]]}")
    say(f"languages  {', '.join(plan.languages)}")
    say(f"areas      {len(plan.areas)}, electorate {sum(area.electorate for area in plan.areas)}")
    say(f"open       {plan.calendar.opens} to {plan.calendar.closes}")
    say(f"minimum    {plan.minimum} ballots; an area with fewer stays uncounted")
    say(f"rule       {rule}")
    _check_information(plan)
    small = [area.code for area in plan.areas if area.electorate < plan.minimum]
    if small:
        say(f"WARNING    areas whose electorate is below the minimum of ballots: {', '.join(small)}; merge them into others")


def _check_information(plan: Plan) -> None:
    """The sides with their lengths in characters: they have to be nearly equal."""
    for language in plan.languages if plan.information else ():
        sides = plan.information.sides if plan.information else ()
        lengths = ", ".join(f"“{side.heading[language]}” {len(side.text[language])}" for side in sides)
        say(f"sides      {language}: {lengths} characters")


def _show_information(information: Information, language: str) -> None:
    for heading, text in [("", information.text), *((side.heading[language], side.text) for side in information.sides)]:
        if heading:
            say(f"    [{heading}]")
        for paragraph in paragraphs(text[language]):
            say(f"    {paragraph}")


def _rule(rule: Rule, language: str | None, languages: Iterable[str], names: Callable[[str], dict[str, str]]) -> str:
    """The rule in words; in a language that was asked for, with the texts of questions and answers if they are in it too."""
    return " ".join(describe(rule, language or "en", names(language) if language and language in languages else None))


@app.command()
def freeze(
    draft: Draft,
    rolls: Annotated[
        Path, typer.Option("--rolls", help="A folder with a folder for each area's code, and in it UUID.roll.json.")
    ],
    trustees: Annotated[Path, typer.Option("--trustees", help="What `keys trustees` wrote.")],
    box_key: Annotated[Path, typer.Option("--box-key", help="The box's public key file, box.pub.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder: the record.")],
    booth: Annotated[
        str | None,
        typer.Option("--booth", metavar="SHA256", help="The hash of the booth's files (`booth hash`), if there is one."),
    ] = None,
    supervisor: Annotated[
        Path | None, typer.Option("--supervisor", help="The public key file, supervisor.pub, if the draft names a supervisor.")
    ] = None,
    time: Time = None,
) -> None:
    """Freeze: write setup.json and an archive for every area, and say the anchor to publish.

    Example: sanduq question freeze bridge/referendum.toml --rolls rolls --trustees trustees.json --box-key box-key/box.pub
    --out record
    """
    plan, now = read_draft(draft), clock(time)
    if now >= plan.calendar.opens:
        raise errors.Unusable(f"the vote opens at {plan.calendar.opens}, and it is {now}: freeze before that")
    known = _trustees(trustees)
    found = {area.code: _roll(rolls / area.code) for area in plan.areas}
    _check_rolls(plan, found)
    policy = _policy(plan, known)
    setup = make_setup(
        plan,
        policy,
        known.sha256,
        _public_key(box_key, "box's", "the file box.pub of `sanduq box key`"),
        booth,
        {code: uuid for code, (uuid, _) in found.items()},
        {code: roll.sha256 for code, (_, roll) in found.items()},
        supervisor_key=None if supervisor is None else _public_key(supervisor, "supervisor's", _SUPERVISOR_PUB),
    )
    create_record(out, setup, known, lambda area: found[area.code][1], now, seconds(now))
    say(f"record  {out}")
    say(f"anchor  {setup.anchor}")
    _say_next(setup, out)


def _trustees(path: Path) -> Trustees:
    known = read_trustees(read_file(path))
    check_trustees(known)
    return known


def _say_next(setup: Setup, out: Path) -> None:
    if setup.supervisor is not None:
        supervise.tell_what_to_sign(out, Act.FROZEN)
        say("        then publish the anchor where no one can change it afterwards")
    else:
        say("next    publish the anchor where no one can change it afterwards; then: sanduq box open")
    if setup.test_uuid is not None:
        say("        before the opening, every trustee decrypts a test sum: sanduq count test-sum make")


def _roll(folder: Path) -> tuple[str, Roll]:
    files = sorted(folder.glob("*.roll.json"))
    if len(files) != 1:
        raise errors.Unusable(
            f"{folder}: one UUID.roll.json is wanted, there are {len(files)}", hint="sanduq roll credentials --out"
        )
    roll = read_roll(read_file(files[0], 1 << 30))
    engine().check_roll(roll)
    return check_uuid(files[0].name.removesuffix(".roll.json")), roll


def _public_key(path: Path, whose: str, hint: str) -> str:
    text = read_file(path, 4096).decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{64}", text):
        # What stands there is not repeated: it may be the secret key.
        raise errors.Unusable(f"{path}: not the {whose} public key", hint=f"{hint}, 64 digits")
    return text


def _policy(plan: Plan, known: Trustees) -> TrusteePolicy:
    """How the keys are held; it is as the draft says."""
    policy = policy_of(known)
    check_policy(policy)
    wanted = policy_of_plan(plan)
    if policy != wanted:
        texts = (f"{of.mandatory} mandatory, {of.threshold} of {of.size}" for of in (wanted, policy))
        raise errors.TrusteePolicy("the trustees are not those of the draft", expected=next(texts), got=next(texts))
    return policy


def _check_rolls(plan: Plan, found: dict[str, tuple[str, Roll]]) -> None:
    for area in plan.areas:
        roll = found[area.code][1]
        # Whether votes have weights or not: what is counted must never be more than the electorate.
        if max(len(roll), roll.total_weight) > area.electorate:
            what = f"{len(roll)} credentials, together of weight {roll.total_weight},"
            raise errors.Unusable(f"area {area.code}: {what} for an electorate of {area.electorate}")


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="A record's folder, or its setup.json.")],
    areas: Annotated[bool, typer.Option("--areas", help="List the counting areas too.")] = False,
    language: Language = None,
) -> None:
    """Show a frozen setup: question, areas, rule, and its anchor.

    Example: sanduq question show record
    """
    data = Record(path).setup_bytes if path.is_dir() else read_file(path)
    setup = read_setup(data)
    for tag in setup.languages:
        say(f"{tag}: {setup.title[tag]}")
        for question in setup.questions:
            answers = " / ".join(answer.text[tag] for answer in question.answers)
            say(f"    {question.text[tag]} — {answers}{' / (blank)' if question.blank else ''}")
        if setup.information is not None:
            _show_information(setup.information, tag)
        if setup.supervisor is not None:
            say(f"    supervised by {setup.supervisor.name[tag]}")
    _show_rest(setup, _rule(setup.rule, language, setup.languages, setup.names))
    if setup.supervisor is not None:
        say(f"supervisor {setup.supervisor.key}")
    if setup.test_uuid is not None:
        say(f"test sum   {setup.test_uuid}")
    if setup.booth_sha256 is not None:
        say(f"booth      {setup.booth_sha256}")
    for area in setup.areas if areas else ():
        where = f"{area.code}  {area.name}, in {area.parent or '–'}"
        say(f"area       {where}, electorate {area.electorate}, language {area.language}")
    say(f"anchor     {sha256_hex(data)}")


def _show_rest(setup: Setup, rule: str) -> None:
    policy = setup.trustees
    say(f"rule       {rule}")
    say(f"open       {setup.calendar.opens} to {setup.calendar.closes}")
    say(f"areas      {len(setup.areas)}, electorate {sum(area.electorate for area in setup.areas)}")
    say(f"minimum    {setup.minimum_ballots} ballots an area, below it: {setup.below_minimum}")
    say(f"trustees   {policy.mandatory} mandatory; {policy.threshold} of {policy.size}")
    say(f"proofs     {'every decryption needs a second one' if setup.bindings else 'none but those of version 1'}")

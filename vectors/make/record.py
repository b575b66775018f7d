"""Chapter 8: records and copies; and 7.12, 7.15."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sanduq.algebra.numbers import Random
from sanduq.count.binding import Bindings, bind, file_bytes
from sanduq.keys.trustees import Trustees
from sanduq.roll import make_roll, new_uuid

from .catalogue import Folder, vector
from .foundations_text import swap
from .kit import Kit
from .sealing import off_by_one
from .setup import frozen, set_to
from .world import single, world

# --- 7.12, 7.15, 8.1 to 8.7 -------------------------------------------------------------------------------------------------


@vector("7.15-other-uuid", "the archive of an area is one of another referendum", "B4", group="archive of another referendum")
def _(rng: Random) -> Folder:
    kit = Kit("7.15")
    area = dict(kit.value["areas"][0])
    folder = kit.path("A")
    other = new_uuid(kit.generator.choice)
    kit.voters[other] = kit.voters[area["uuid"]]
    kit.areas["A"] = kit.begin(area | {"uuid": other})
    made = kit.folder(fingerprints=lambda marks: marks["A"].update(uuid=area["uuid"]))
    files = {folder if name == kit.path("A") else name: content for name, content in made.files.items()}
    return Folder(files, made.anchor)


@vector("7.12-counted", "an area with fewer ballots than the setup's minimum was counted nevertheless")
def _(rng: Random) -> Folder:
    kit = Kit("7.12", edit=set_to("minimum_ballots", to=2))
    return kit.open().vote("A").close().sum().count().folder()


def bound(rng: Random, owners: Sequence[int] = (1,), change: Callable[[Bindings], Bindings] = lambda proofs: proofs) -> Folder:
    """A counted record whose setup asks for second proofs, with those of these owners."""
    kit = Kit("7.17", edit=set_to("bindings", to=True)).open().vote("A").close().sum().count()
    world = kit.areas["A"].world
    sums, x = world.sums(*kit.areas["A"].raws), world.secrets[1]
    made = change(bind(world.election, sums, world.part(1, sums, rng).factors, x, rng))
    path = kit.path("A").replace(".bel", ".proofs")
    files = {path: file_bytes(dict.fromkeys(owners, made))} if owners else {}
    return kit.folder(**{name.replace("/", "__").replace(".", "_"): content for name, content in files.items()})


@vector("7.17-missing", "a decryption has no second proof, though the setup asks for them")
def _(rng: Random) -> Folder:
    return bound(rng, ())


@vector("7.17-response", "a second proof is off by one")
def _(rng: Random) -> Folder:
    return bound(rng, change=lambda proofs: tuple(tuple(map(off_by_one, row)) for row in proofs))


@vector("7.17-one-less", "a choice has no second proof", reader=True)
def _(rng: Random) -> Folder:
    return bound(rng, change=lambda proofs: (proofs[0][1:],))


@vector("7.17-nobody", "a second proof of a trustee who did not decrypt")
def _(rng: Random) -> Folder:
    return bound(rng, (1, 2))


@vector("7.17-version-1", "second proofs that hash no more than those of version 1")
def _(rng: Random) -> Folder:
    kit = Kit("7.17", edit=set_to("bindings", to=True)).open().vote("A").close().sum().count()
    world = kit.areas["A"].world
    sums = world.sums(*kit.areas["A"].raws)
    proofs = world.part(1, sums, rng).proofs
    path = kit.path("A").replace(".bel", ".proofs").replace("/", "__").replace(".", "_")
    return kit.folder(**{path: file_bytes({1: proofs})})


@vector("8.1-made-up", "a record that was made up as a whole: everything in it is right, but not what was announced", "A6")
def _(rng: Random) -> Folder:
    return Kit("8.1").folder(anchor=Kit("announced").anchor)


@vector("8.1-no-hash", "the announced anchor is something else", "A6")
def _(rng: Random) -> Folder:
    return Kit("8.1").folder(anchor="see the gazette")


@vector("8.2-area", "an area has no archive", "A3", reader=True)
def _(rng: Random) -> Folder:
    kit = Kit("8.2", ("A", "B"))
    made = kit.folder()
    return Folder({name: content for name, content in made.files.items() if name != kit.path("B")}, made.anchor)


@vector("8.2-all", "the archives are missing", "A3", reader=True)
def _(rng: Random) -> Folder:
    made = Kit("8.2").folder()
    return Folder({name: content for name, content in made.files.items() if not name.startswith("areas")}, made.anchor)


@vector("8.3-area", "an archive of an area that the setup does not have", "A3")
def _(rng: Random) -> Folder:
    other = Kit("other")
    return Kit("8.3").folder(**{"areas__Z__extra.bel": other.areas["A"].chain.content})


@vector("8.4-archive", "a second archive of an area", "A3")
def _(rng: Random) -> Folder:
    kit = Kit("8.4")
    return kit.folder(**{f"areas__A__{new_uuid(kit.generator.choice)}.bel": kit.areas["A"].chain.content})


@vector("8.5-question", "the election of an area asks another question", "B5")
def _(rng: Random) -> Folder:
    kit = Kit("8.5")
    kit.areas["A"] = kit.begin(kit.value["areas"][0], election=swap(b"Shall it be?", b"Shall it not be?"))
    return kit.folder()


@vector("8.5-description", "the election of an area is of another setup", "B5")
def _(rng: Random) -> Folder:
    kit = Kit("8.5")
    kit.areas["A"] = kit.begin(kit.value["areas"][0], election=swap(kit.anchor.encode(), Kit("other").anchor.encode()))
    return kit.folder()


@vector("8.6-roll", "the roll of an area has a voter more than the one that was frozen", "A9")
def _(rng: Random) -> Folder:
    kit = Kit("8.6", edit=set_to("areas", 0, "electorate", to=3))
    area = kit.value["areas"][0]
    keys = [*kit.roll(area["uuid"]).weights, world().voters[0].key]
    kit.areas["A"] = kit.begin(area, roll=make_roll((key, None) for key in keys))
    return kit.folder()


@vector("8.6-electorate", "an area has more credentials than electors", "A9")
def _(rng: Random) -> Folder:
    return frozen("8.6", set_to("areas", 0, "electorate", to=1))


@vector("8.6-weight", "an area whose voters have more weight than there are electors", "A9")
def _(rng: Random) -> Folder:
    kit = Kit("8.6")
    heavy = make_roll((voter.key, 3) for voter in kit.voters[kit.value["areas"][0]["uuid"]])
    kit = Kit("8.6", edit=set_to("areas", 0, "roll_sha256", to=heavy.sha256))
    kit.areas["A"] = kit.begin(kit.value["areas"][0], roll=heavy)
    return kit.folder()


@vector("8.7-one-area", "one area of two has other trustees", "T1")
def _(rng: Random) -> Folder:
    kit = Kit("8.7", ("A", "B"))
    kit.areas["B"] = kit.begin(kit.value["areas"][1], trustees=Trustees((single(rng)[1],)))
    return kit.folder()


# --- 8.8 to 8.10 ------------------------------------------------------------------------------------------------------------


@vector("8.8-empty", "an empty journal", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.8").folder(journal=lambda _: b"")


@vector("8.8-missing", "there is no journal", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.8").folder(journal_jsonl=None)


@vector("8.8-unknown-act", "an act that the journal does not know", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.8").open().folder(journal=swap(b'"opened"', b'"reopened"'))


@vector(
    "8.8-other-digits", "a line whose time is in Arabic digits, which are above all others when texts are compared", reader=True
)
def _(rng: Random) -> Folder:
    return Kit("8.8").act("opened", time="٢٠٢٦-٠٥-٠١T٠٦:٠٠:٠٠Z").folder()


@vector("8.8-white-space", "a line with white space", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.8").open().folder(journal=swap(b'{"act":"opened",', b'{"act":"opened", '))


@vector("8.8-details", "a detail that the act does not have", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.8").act("opened", {"note": "hidden"}).folder()


@vector("8.8-half-a-character", "a detail of a line has half of a surrogate pair", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.8").open().folder(journal=swap(Kit("8.8").anchor.encode(), b"\\ud800"))


@vector("8.8-unfinished", "the last line is cut off", "A4")
def _(rng: Random) -> Folder:
    return Kit("8.8").open().folder(journal=lambda data: data[:-10])


@vector("8.9-parent", "a line names another one than the one before", "A3")
def _(rng: Random) -> Folder:
    return Kit("8.9").act("opened", parent="0" * 64).folder()


@vector("8.9-height", "a line's height is left out", "A3")
def _(rng: Random) -> Folder:
    return Kit("8.9").act("opened", height=2).folder()


@vector("8.10-opened-twice", "an act stands twice", "A2")
def _(rng: Random) -> Folder:
    return Kit("8.10").open().open().folder()


@vector("8.10-backwards", "time runs backwards")
def _(rng: Random) -> Folder:
    return Kit("8.10").open().close(time="2026-04-30T12:00:00Z").folder()


@vector("8.10-opened-early", "the vote was opened before the calendar allows")
def _(rng: Random) -> Folder:
    return Kit("8.10").act("opened", time="2026-04-30T12:00:00Z").folder()


@vector("8.10-closed-early", "the vote was closed before the calendar allows: who comes at noon cannot vote")
def _(rng: Random) -> Folder:
    return Kit("8.10").open().close(time="2026-05-01T12:00:00Z").folder()


# --- 8.11, 8.12 -------------------------------------------------------------------------------------------------------------


@vector("8.11-anchor", "the journal froze another setup")
def _(rng: Random) -> Folder:
    kit = Kit("8.11")
    kit.lines[0]["details"] = {"anchor": Kit("other").anchor}
    return kit.folder()


@vector("8.11-ballots-before-opening", "there are ballots before the opening")
def _(rng: Random) -> Folder:
    return Kit("8.11").vote("A").folder()


@vector("8.11-head-at-close", "the journal closed another archive: a ballot came in, or went, afterwards", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.11").open().close(details={"heads": {"A": "0" * 64}}).folder()


@vector("8.11-closed-but-open", "the journal closed an area that is open still")
def _(rng: Random) -> Folder:
    return Kit("8.11").open().act("closed", {"heads": {"A": None}}).folder()


@vector("8.11-head-of-sum", "the journal summed another archive", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.11").open().close().sum(details={"heads": {"A": "0" * 64}}).folder()


@vector("8.11-head-of-count", "the journal counted another archive", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.11").open().close().sum().count(details={"heads": {"A": "0" * 64}}).folder()


@vector("8.11-counted-but-not", "the journal says that all is counted, and leaves out an area that is not")
def _(rng: Random) -> Folder:
    return Kit("8.11").open().close().sum().act("counted", {"heads": {}}).folder()


@vector("8.11-outcome", "the journal tells another outcome")
def _(rng: Random) -> Folder:
    kit = Kit("8.11").open().vote("A").close().sum().count()
    return kit.decide(details={"outcome_sha256": "0" * 64}).folder()


@vector("8.12-hash", "an archive was changed since its fingerprint was taken", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks["A"].update(sha256="0" * 64))


@vector("8.12-head", "an archive has another head than its fingerprint", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks["A"].update(head="0" * 64))


@vector("8.12-shorter", "an archive is shorter than when its fingerprint was taken", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks["A"].update(height=7))


@vector("8.12-uuid", "a fingerprint of another election", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks["A"].update(uuid=world().election.uuid))


@vector("8.12-area-more", "a fingerprint of an area that is not there", "A5")
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks.update(Z=marks["A"]))


@vector("8.12-area-missing", "an area without a fingerprint", "A5", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints=lambda marks: marks.pop("A"))


@vector("8.12-missing", "there are no fingerprints", "A5", reader=True)
def _(rng: Random) -> Folder:
    return Kit("8.12").folder(fingerprints_json=None)


# --- 8.13, 8.15 -------------------------------------------------------------------------------------------------------------


@vector("8.13-file", "a file that does not belong into a record", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.13").folder(names_csv=b"Somebody,voted\n")


@vector("8.13-in-an-area", "a file that does not belong into the folder of an area", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.13").folder(areas__A__names_csv=b"Somebody,voted\n")


@vector("8.13-hints", "hints for another archive", "B13")
def _(rng: Random) -> Folder:
    return Kit("8.13").folder(areas__A__other_hints=b"")


@vector("8.13-file-for-a-folder", "a file stands where the folder of an area should be", "A3", reader=True)
def _(rng: Random) -> Folder:
    made = Kit("8.13").folder()
    files = {name: content for name, content in made.files.items() if not name.startswith("areas")}
    return Folder(files | {"areas/A": b""}, made.anchor)


def copies(old: bytes, new: bytes) -> Folder:
    """Two copies of an archive."""
    return Folder({"older.bel": old, "newer.bel": new})


@vector("8.15-removed", "the newer copy has a ballot less", "A5")
def _(rng: Random) -> Folder:
    w = world()
    chain = w.chain()
    newer = chain.content
    return copies(chain.ballots(w.ballot(0, rng)).content, newer)


@vector("8.15-changed", "the newer copy has another ballot in the place of one that was there", "A5")
def _(rng: Random) -> Folder:
    w = world()
    first, second = w.ballot(0, rng), w.ballot(1, rng)
    return copies(w.chain().ballots(first).content, w.chain().ballots(second).content)


@vector("8.15-reordered", "two ballots of a voter have changed places: the other one counts", "A5")
def _(rng: Random) -> Folder:
    w = world()
    first, second = w.ballot(0, rng), w.ballot(0, rng, (0, 1))
    return copies(w.chain().ballots(first, second).content, w.chain().ballots(second, first).end().content)

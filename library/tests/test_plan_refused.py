"""Wrong files of a rehearsal are refused by file and line, all at once, and never with a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from plan_files import CSV, TOML, problems, write
from sanduq import errors
from sanduq.count.outcome import decide
from sanduq.rehearse import read_plan

# -------------------------------------------------------------------------------- wrong CSV

W2 = "W2,The Cape,W,100,60,20,38,2,0"


def row(text: str) -> str:
    return CSV.replace(W2, text)


BAD_CSV: list[tuple[str, str | bytes, str]] = [
    (
        "more votes than people",
        row("W2,The Cape,W,100,120,80,38,2,0"),
        "island.csv line 3: votes (120) are more than the electorate (100)",
    ),
    (
        "sums do not fit",
        row("W2,The Cape,W,100,60,20,38,1,0"),
        "line 3: the votes and blanks of question harbour are 59, but the ballots are 60",
    ),
    ("nobody may vote", row("W2,The Cape,W,0,0,0,0,0,0"), "line 3: the electorate is 0: leave the area out"),
    ("a code twice", row("W1,The Cape,W,100,60,20,38,2,0"), "line 3: the code W1 stands already at island.csv line 2"),
    (
        "a code twice but for case",
        row("w1,The Cape,W,100,60,20,38,2,0"),
        "line 3: the code w1 stands already at island.csv line 2",
    ),
    ("a code that climbs", row("../W2,The Cape,W,100,60,20,38,2,0"), "line 3: not a code: '../W2'"),
    ("no code", row(",The Cape,W,100,60,20,38,2,0"), "line 3: not a code: ''"),
    ("no name", row("W2,,W,100,60,20,38,2,0"), "line 3: not a name: ''"),
    ("a name that a terminal obeys", row("W2,\x1b[2J,W,100,60,20,38,2,0"), "line 3: not a name: '\\x1b[2J'"),
    ("an unknown parent", row("W2,The Cape,N,100,60,20,38,2,0"), "island.toml: parents: the areas name N, which is not there"),
    ("a bad parent", row("W2,The Cape,a/b,100,60,20,38,2,0"), "line 3: not the code of a parent: 'a/b'"),
    ("a negative number", row("W2,The Cape,W,100,60,-20,38,2,0"), "line 3: yes is below 0: -20"),
    ("no number", row("W2,The Cape,W,100,60,many,38,2,0"), "line 3: yes is not a whole number in plain digits: 'many'"),
    ("thousands", row('W2,The Cape,W,"1,000",60,20,38,2,0'), "line 3: voters is not a whole number in plain digits: '1,000'"),
    ("a fraction", row("W2,The Cape,W,100,60,20.0,38,2,0"), "line 3: yes is not a whole number in plain digits: '20.0'"),
    ("Arabic digits", row("W2,The Cape,W,100,60,٢٠,38,2,0"), "line 3: yes is not a whole number in plain digits: '٢٠'"),
    ("a superscript", row("W2,The Cape,W,100,60,²,38,2,0"), "line 3: yes is not a whole number in plain digits: '²'"),
    ("an empty cell", row("W2,The Cape,W,100,60,,38,2,0"), "line 3: yes is empty: write 0 if it is none"),
    (
        "a huge number",
        row(f"W2,The Cape,W,{'9' * 5000},60,20,38,2,0"),
        "line 3: voters has 5000 digits: more than 10 cannot be",
    ),
    ("too few cells", row("W2,The Cape,W,100"), "line 3: 4 cells, but the first line has 9"),
    ("too many cells", row(W2 + ",7"), "line 3: 10 cells, but the first line has 9"),
    ("a quote left open", row('W2,"The Cape,W,100,60,20,38,2,0'), "not CSV: unexpected end of data"),
    ("a quote inside", row('W2,"The"Cape,W,100,60,20,38,2,0'), "line 3: not CSV"),
    ("a cell of 200 kB", row(f"W2,{'x' * 200_000},W,100,60,20,38,2,0"), "line 3: not CSV: field larger than field limit"),
    ("an empty file", "", "island.csv: no areas"),
    ("only a header", CSV.split("\n")[0], "island.csv: no areas"),
    ("only empty lines", "\n\n\n", "island.csv: no areas"),
    (
        "a missing column",
        CSV.replace("voters", "people"),
        "line 1: no column 'voters'; there are 'area', 'name', 'shore', 'people', 'cast'",
    ),
    ("a column twice", CSV.replace("spoilt", "yes"), "line 1: two columns 'yes'"),
    ("semicolons", CSV.replace(",", ";"), "line 1: the cells seem to be separated by semicolons: say separator in [areas]"),
    ("tabs", CSV.replace(",", "\t"), "line 1: the cells seem to be separated by tabs"),
    ("Latin-1", CSV.replace("Old", "Öld").encode("latin-1"), "line 2: not UTF-8 (byte 0xd6): save the file as UTF-8"),
    ("UTF-16", CSV.encode("utf-16"), "island.csv line 1: not UTF-8 (byte 0xff)"),
    ("UTF-16 without a mark", CSV.encode("utf-16-le"), "line 1: a NUL byte"),
    ("a NUL byte", row("W2\0,The Cape,W,100,60,20,38,2,0"), "line 3: a NUL byte"),
    ("a zip file", b"PK\x03\x04\x14\x00\x08\x08\x08\x00\xff\xfe", "island.csv line 1: not UTF-8"),
]


@pytest.mark.parametrize(("csv", "message"), [entry[1:] for entry in BAD_CSV], ids=[entry[0] for entry in BAD_CSV])
def test_bad_csv(tmp_path: Path, csv: str | bytes, message: str) -> None:
    found = problems(write(tmp_path, TOML, csv))
    assert any(message in problem for problem in found), found


def test_all_problems_at_once(tmp_path: Path) -> None:
    csv = "area,name,shore,voters,cast,yes,no,blank,spoilt\nA,,W,x,1,2,3,4\nB,b,W,-1,,1,1,1,1\nB,c,W,9,99,99,0,0,0\n"
    assert problems(write(tmp_path, TOML, csv)) == [
        "island.csv line 2: 8 cells, but the first line has 9",
        "island.csv line 3: voters is below 0: -1",
        "island.csv line 4: the code B stands already at island.csv line 3",
    ]


def test_at_most_twenty_problems(tmp_path: Path) -> None:
    csv = CSV + "".join(f"N{n},n,W,1,2,2,0,0,0\n" for n in range(50))
    found = problems(write(tmp_path, TOML, csv))
    assert len(found) == 21
    assert found[0] == "island.csv line 5: votes (2) are more than the electorate (1)"
    assert found[-1] == "and 30 more"


def test_two_files_are_read_as_one(tmp_path: Path) -> None:
    head, first, *others = CSV.splitlines(keepends=True)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "rest.csv").write_text("".join([head, *others]), "utf-8")
    toml = TOML.replace('["island.csv"]', '["island.csv", "more/rest.csv"]')
    assert [area.code for area in read_plan(write(tmp_path, toml, head + first)).areas] == ["W1", "W2", "E1"]
    assert problems(write(tmp_path, toml, CSV))[0] == "more/rest.csv line 2: the code W2 stands already at island.csv line 3"


# -------------------------------------------------------------------------------- wrong TOML

BAD_TOML: list[tuple[str, str | bytes, str]] = [
    ("empty", "", "island.toml: format: is missing"),
    ("no TOML", "format = ", "island.toml: not TOML: Invalid value (at end of document)"),
    ("no TOML, with its line", "format = 1\nlanguages = en\n", "not TOML: Invalid value (at line 2"),
    ("a key twice", "format = 1\nformat = 1\n", "not TOML: Cannot overwrite a value (at line 2"),
    ("Latin-1", TOML.replace("harbour", "härbour").encode("latin-1"), "island.toml line 4: not UTF-8"),
    ("a NUL byte", TOML + "\0", "a NUL byte"),
    ("nested deep", "a = " + "[" * 50_000, "not TOML"),
    ("a long number", TOML.replace("minimum = 0", "minimum = " + "9" * 9_999), "not TOML"),
    ("a long hexadecimal number", TOML.replace("minimum = 0", "minimum = 0x" + "f" * 9_999), "a whole number beyond"),
    ("a long number in the rule", TOML.replace('needed = "1/2"', "needed = 0x" + "f" * 9_999), "a whole number beyond"),
    ("another format", TOML.replace("format = 1", "format = 2"), "format: is 2, but must be 1"),
    ("an unknown field", "colour = 1\n" + TOML, "island.toml: colour: is not a field of this table"),
    (
        "an unknown field below",
        TOML.replace('id = "yes"', 'id = "yes", votes = 3'),
        "questions[1].answers[1].votes: is not a field",
    ),
    ("no languages", TOML.replace('["en", "fr"]', "[]"), "languages: has 0 items"),
    ("a language twice", TOML.replace('["en", "fr"]', '["en", "fr", "en"]'), "languages: has a name twice"),
    ("no language", TOML.replace('["en", "fr"]', '["english please"]'), "languages: not the tag of a language"),
    ("a text missing", TOML.replace(', fr = "Oui"', ""), "questions[1].answers[1].text.fr: is missing"),
    (
        "a text too many",
        TOML.replace('fr = "Oui"', 'fr = "Oui", de = "Ja"'),
        "answers[1].text.de: is not a field of this table",
    ),
    ("an empty text", TOML.replace('fr = "Oui"', 'fr = " "'), "answers[1].text.fr: is empty"),
    (
        "a text that a terminal obeys",
        TOML.replace('"Oui"', r'"\u001b[2J"'),
        "text.fr: is empty, longer than 10000 characters, or has control",
    ),
    ("a text that is none", TOML.replace('fr = "Oui"', "fr = 3"), "answers[1].text.fr: is not a text"),
    ("texts that are none", TOML.replace('{ en = "Yes", fr = "Oui" }', '"Yes"'), "answers[1].text: is not a table"),
    ("a negative minimum", TOML.replace("minimum = 0", "minimum = -1"), "minimum: is -1, but must be 0 to"),
    ("a minimum that is true", TOML.replace("minimum = 0", "minimum = true"), "minimum: is not a whole number"),
    ("one trustee", TOML.replace("count = 3", "count = 1"), "trustees.count: is 1, but must be 2 to 100"),
    ("a threshold of half", TOML.replace("count = 3", "count = 4"), "trustees.threshold: is 2, but must be 3"),
    ("a threshold of all", TOML.replace("threshold = 2", "threshold = 3"), "trustees.threshold: is 3, but must be 2"),
    (
        "no threshold is possible",
        TOML.replace("count = 3", "count = 2"),
        "trustees.threshold: with two trustees both are needed",
    ),
    ("closes before it opens", TOML.replace("2030-05-05T18", "2030-05-05T05"), "calendar.closes: not after it opens"),
    ("local time", TOML.replace("06:00:00Z", "06:00:00+02:00"), "calendar.opens: is not a time in UTC"),
    ("no such day", TOML.replace("2030-05-05T06", "2030-02-30T06"), "calendar.opens: is not a time in UTC"),
    ("a date", TOML.replace('"2030-05-05T06:00:00Z"', "2030-05-05"), "calendar.opens: is not a time in UTC"),
    (
        "a time without zone",
        TOML.replace('"2030-05-05T06:00:00Z"', "2030-05-05T06:00:00"),
        "calendar.opens: is not a time in UTC",
    ),
    ("no attribution", TOML.replace('attribution = "Made-up figures."', ""), "source.attribution: is missing"),
    ("source is no table", TOML.replace("[source]", "[[source]]"), "source: is not a table"),
    ("no questions", TOML.replace("[[questions]]", "[question]"), "questions: is missing"),
    ("a question that is none", "questions = [1]\n" + TOML[: TOML.index("[[questions]]")], "questions[1]: is not a table"),
    ("blank neither true nor false", TOML.replace("blank = true", 'blank = "yes"'), "questions[1].blank: is not true or false"),
    (
        "blanks where none are allowed",
        TOML.replace("blank = true", "blank = false"),
        "blank_columns: the question does not allow blank",
    ),
    ("a reserved answer", TOML.replace('id = "no"', 'id = "blank"'), "answers[2].id: id: a word with a meaning of its own"),
    (
        "an answer twice",
        TOML.replace('id = "no"', 'id = "yes"'),
        "island.toml: questions: two answers of harbour have the id yes",
    ),
    ("a column twice", TOML.replace('column = "no"', 'column = "yes"'), "questions: the column 'yes' is counted twice"),
    ("a column as blank and as vote", TOML.replace('"blank", "spoilt"', '"blank", "no"'), "the column 'no' is counted twice"),
    (
        "an absolute file",
        TOML.replace("island.csv", "/etc/hosts"),
        "areas.files: not a file beside or below this one: '/etc/hosts'",
    ),
    ("a file that climbs", TOML.replace("island.csv", "../island.csv"), "areas.files: not a file beside or below"),
    ("a file with a NUL", TOML.replace("island.csv", "island\\u0000.csv"), "areas.files: is empty, longer"),
    ("no such file", TOML.replace("island.csv", "islands.csv"), "islands.csv: cannot be read: No such file"),
    ("a folder", TOML.replace("island.csv", "."), "cannot be read: not a file"),
    ("a separator of its own", TOML.replace('separator = ","', 'separator = "|"'), "areas.separator: is none of"),
    ("a separator that is none", TOML.replace('separator = ","', "separator = []"), "areas.separator: is none of"),
    ("a bad parent", TOML.replace('code = "W"', 'code = "W/"'), "parents[1].code: is not a code"),
    ("no rule", TOML[: TOML.index("[rule]")], "island.toml: rule: is missing"),
    (
        "a rule refused",
        TOML.replace('compare = "more-than"', 'compare = ">"'),
        "island.toml: rule: item 1: share: compare: not one of",
    ),
    (
        "a rule that does not fit",
        TOML.replace('accept = "yes"', 'accept = "aye"'),
        "rule: item harbour: accept: no such answer",
    ),
    (
        "a rule with a date",
        TOML.replace('needed = "1/2"', "needed = 2030-05-05"),
        "rule: item 1: share: needed: not a fraction",
    ),
    (
        "published about another question",
        TOML.replace('id = "harbour"\nvalid', 'id = "port"\nvalid'),
        "published.questions[1].id: no such question",
    ),
    ("published about another answer", TOML.replace("votes = { yes", "votes = { aye"), "no such answer: aye"),
    (
        "published decision of another item",
        TOML.replace("{ harbour =", "{ port ="),
        "published.decisions: no such item of the rule: port",
    ),
    ("published areas as numbers", TOML + "areas = { yes = 1.5 }\n", "published.questions[1].areas.yes: is not a text"),
    ("published areas as decimals", TOML + 'areas = { yes = "1.5" }\n', "published.questions[1].areas.yes: not a fraction"),
    (
        "published about each region",
        TOML.replace('decides = "whole"', 'decides = "each"\nregions = "parents"'),
        'published: goes with decides = "whole" only',
    ),
]


@pytest.mark.parametrize(("toml", "message"), [entry[1:] for entry in BAD_TOML], ids=[entry[0] for entry in BAD_TOML])
def test_bad_toml(tmp_path: Path, toml: str | bytes, message: str) -> None:
    found = problems(write(tmp_path, toml))
    assert any(message in problem for problem in found), found
    assert all(problem.isprintable() for problem in found)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.toml") == ["none.toml: cannot be read: No such file or directory"]
    assert problems(tmp_path) == [f"{tmp_path.name}: cannot be read: not a file"]
    assert problems(write(tmp_path, TOML, None)) == ["island.csv: cannot be read: No such file or directory"]


def test_any_bytes_are_read_or_refused(tmp_path: Path) -> None:
    draw = random.Random(6)
    usable = 0
    for turn in range(600):
        toml, csv = bytearray(TOML.encode()), bytearray(CSV.encode())
        for target in (toml,) if turn % 2 else (csv,):
            for _ in range(draw.randrange(1, 4)):
                garble(draw, target)
        try:
            plan = read_plan(write(tmp_path, bytes(toml), bytes(csv)))
        except errors.Unusable as error:
            assert 1 <= len(error.message.split("\n")) <= 21
        else:
            usable += 1
            decide(plan.rule, plan.shapes, plan.tallies())
    assert 5 < usable < 595


def garble(draw: random.Random, data: bytearray) -> None:
    place = draw.randrange(len(data))
    match draw.randrange(5):
        case 0:
            data[place] = draw.randrange(256)
        case 1:
            del data[place : place + draw.randrange(1, 30)]
        case 2:
            data[place:place] = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 5)))
        case 3:
            data[place:place] = data[place : place + draw.randrange(1, 60)]
        case _:
            data[place : place + 1] = draw.choice(
                [b"\n", b'"', b",", b"'", b"[", b"]", b"{", b"=", b"0", b"-", b"\xff", b"\\u", b"\r"]
            )


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_refused(tmp_path: Path, seed: int) -> None:
    noise = random.Random(seed).randbytes(300)
    assert problems(write(tmp_path, noise))
    assert problems(write(tmp_path, TOML, noise))

"""How long a whole edition takes, and the next one after one article was changed: one JSON object a line.

usage: python bench/edition.py --keep FOLDER [--articles N] [--publications N] [--ballots N]

A press site in six languages (bench/press.py), publications with chapters, and a record with its vote site, made once in the
folder and kept there. What is measured is what an operator does: the record and the vote site's pages into the folder of parts,
all of the edition, its signature, the archive and the disc image. Then one headline is corrected, and the next edition made.
Memory is the largest process's. The goals: 15 minutes, 2 minutes, 2 GB, on two cores.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import press

PEOPLE = 33_600_000
"""Ballots of the vote that is rehearsed, at scale 1."""


def command(*words: object) -> float:
    """Run a command of ours; the seconds it took."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-P", "-m", *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def fill(folder: Path, articles: int, publications: int) -> None:
    """The press site."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    press.fill(articles, folder)
    add_publications(publications)


def add_publications(count: int) -> None:
    """Booklets of five chapters."""
    from datetime import date

    from sanduq_web.press.models import ChapterPage, FrontPage, PublicationPage, SectionPage

    fronts = list(FrontPage.objects.select_related("locale"))
    for front in fronts:
        front.add_child(instance=SectionPage(title="Books", slug="books", kind="publication", locale=front.locale))
    for number in range(count):
        front = fronts[number % len(fronts)]
        maker = press.Maker(front.locale.language_code)
        shelf = SectionPage.objects.child_of(front).get(slug="books")
        whole = PublicationPage(
            title=maker.text(5), slug=f"b{number}", summary=maker.text(30), kind="booklet", issued_on=date(2026, 11, 1),
            body=[("paragraph", f"<p>{maker.text(200)}</p>")], locale=front.locale,
        )  # fmt: skip
        shelf.add_child(instance=whole)
        for part in range(5):
            body = [("paragraph", f"<p>{maker.text(150)}</p>") for _ in range(5)]
            whole.add_child(instance=ChapterPage(title=maker.text(4), slug=f"c{part}", body=body, locale=front.locale))


def record(folder: Path, ballots: int) -> str:
    """A record of about so many ballots, and a vote site that has it; the anchor."""
    rehearsal = Path(__file__).resolve().parent.parent / "rehearsal" / "uk2016.toml"
    scale = f"1/{PEOPLE // ballots}"
    words = [sys.executable, "-m", "sanduq", "rehearse", rehearsal, "--scale", scale, "--out", folder / "record"]
    out = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    anchor = next(line.split()[1] for line in out.splitlines() if line.startswith("anchor"))
    command("sanduq_web", "migrate")
    command("sanduq_web", "import", folder / "record", "--anchor", anchor)
    return anchor


def edition(folder: Path, number: int, anchor: str) -> None:
    """One, from the parts to the disc image, with the seconds of each step."""
    parts, out, took = folder / "parts", folder / f"edition-{number}", {}
    shutil.rmtree(parts / "vote", ignore_errors=True)  # its pages say the edition's number; the record says none
    parts.mkdir(exist_ok=True)
    key = folder / "key" / "edition.key"
    shutil.copy(key.with_suffix(".pub"), parts / "KEYS")
    day, began = "2026-11-22", time.monotonic()
    if not (parts / "record").exists():
        took["record"] = command("sanduq_web", "disc", "record", parts, "--record", folder / "record", "--anchor", anchor)
    took["vote"] = command("sanduq_web", "mirror", parts / "vote", "--number", number, "--date", day)
    took["build"] = command("sanduq_web", "disc", "build", out, "--number", number, "--date", day,
                            "--parts", parts, "--cache", folder / "cache")  # fmt: skip
    took["sign"] = command("sanduq", "disc", "sign", out, "--key", key, "--edition", number, "--date", day)
    took["pack"] = command("sanduq_web", "disc", "pack", out, folder / f"packed-{number}")
    whole = time.monotonic() - began
    files = [each for each in out.rglob("*") if each.is_file()]
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    press.line("edition", number=number, seconds=round(whole), **{name: round(each) for name, each in took.items()},
               files=len(files), megabytes=round(sum(each.stat().st_size for each in files) / 1e6),
               largest_process_megabytes=round(usage.ru_maxrss / 1e3))  # fmt: skip


def correct() -> None:
    """One headline, as the desk corrects it."""
    from sanduq_web.press.models import ArticlePage

    article = ArticlePage.objects.filter(locale__language_code="fa").order_by("-published_on")[500]
    article.title = f"{article.title}!"
    article.save_revision().publish()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=12_000, help="in all six languages")
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--ballots", type=int, default=100_000)
    options = parser.parse_args()
    folder = options.keep.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "SANDUQ_PRESS_DATABASE": f"sqlite:///{folder}/press.db", "SANDUQ_PRESS_MEDIA": f"{folder}/media",
        "SANDUQ_DATABASE": f"sqlite:///{folder}/vote.db",
    }  # fmt: skip
    if not (folder / "anchor").exists():
        anchor = record(folder, options.ballots)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.press.settings"
        fill(folder, options.articles, options.publications)
        command("sanduq", "disc", "key", "--unencrypted", "--out", folder / "key")
        (folder / "anchor").write_text(anchor)
    else:
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.press.settings"
        django.setup()
    anchor = (folder / "anchor").read_text()
    del os.environ["DJANGO_SETTINGS_MODULE"]
    for each in [folder / "cache", folder / "parts", *folder.glob("edition-*"), *folder.glob("packed-*")]:
        shutil.rmtree(each, ignore_errors=True)
    edition(folder, 1, anchor)
    correct()
    edition(folder, 2, anchor)


if __name__ == "__main__":
    main()

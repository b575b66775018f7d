"""How an edition asks the site: a page whose questions to the database have the same answers as last time is not made again.

While a page is made, each question (``SELECT``) is written down. The page is kept with its questions and a hash of their
answers; the next edition asks the questions alone. So it need not be known what stands on which page: a corrected headline
makes anew its article, the lists that show it, and nothing else. What depends on more than the database says so
(:func:`sanduq_web.press.edition.depends_on_more`); another version of the software or of the settings forgets all.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override

from sanduq_web.mirror import Answer, answer
from sanduq_web.press.edition import STAMP, Edition, questions
from sanduq_web.press.kept import remembering

T = TypeVar("T")
_FILES: Final = ("/media/", "/documents/", "/look/")
_FORMS: Final = ("sanduq_web.press.talk.", "sanduq_web.press.bringing", "sanduq_web.press.desk.", "wagtail.admin.")
_SHORT: Final = "/a/"
"""Short addresses are typed where there is a network: they lead to the site."""
_RENDITIONS: Final = '"press_pressrendition"'
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS version (value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS statement (number INTEGER PRIMARY KEY, sql TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS page (address TEXT PRIMARY KEY, told TEXT NOT NULL, body BLOB NOT NULL, asked TEXT NOT NULL,
  answers BLOB NOT NULL) WITHOUT ROWID;
"""


Question = tuple[str, str]
"""A statement, and its parameters as JSON."""


class Questions:
    """What one page asks, in the order of asking; ``moment`` is the one for which it is made."""

    def __init__(self, moment: datetime) -> None:
        self.asked: dict[Question, None] = {}
        self.is_all = True
        """Whether the page depends on these alone."""
        self._moments = (moment, connection.ops.adapt_datetimefield_value(moment))

    def __call__(self, execute: Callable[..., T], sql: str, params: Any, many: bool, context: Any) -> T:
        """As Django calls what wraps its queries."""
        if not sql.lstrip("( ").startswith("SELECT"):
            pass  # a picture's size that is made on first sight is asked for afterwards, too
        elif many or (told := self._told(params)) is None:
            self.is_all = False
        else:
            self.asked[sql, told] = None
        return execute(sql, params, many, context)

    def _told(self, params: Any) -> str | None:
        """Parameters as JSON, the moment by name since the next edition has another; None if one is of a kind unknown."""
        told: list[Any] = []
        for each in params or ():
            if each in self._moments:
                told.append({"moment": True})
            elif each is None or isinstance(each, str | int | float):
                told.append(each)
            elif isinstance(each, datetime | date | UUID):
                told.append({type(each).__name__: str(each)})
            else:
                return None
        return json.dumps(told, ensure_ascii=False)


_KINDS: Final[dict[str, Callable[[str], Any]]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "UUID": UUID
}  # fmt: skip


class Answers:
    """What the database answers now, to each question once (but for sizes of pictures, which pages make on first sight); and
    what is the same for many pages (frames, sites)."""

    def __init__(self, moment: datetime) -> None:
        self._moment = connection.ops.adapt_datetimefield_value(moment)
        self._known: dict[Question, bytes] = {}
        self._made: dict[str, tuple[bytes, dict[Question, None]]] = {}

    def of(self, asked: Iterable[Question]) -> bytes:
        """A hash of the answers to some questions."""
        whole = hashlib.blake2b(digest_size=16)
        for each in asked:
            found = self._known.get(each) or self._ask(each)
            if _RENDITIONS not in each[0]:
                self._known[each] = found
            whole.update(found)
        return whole.digest()

    def _ask(self, asked: Question) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(asked[0], [self._param(each) for each in json.loads(asked[1])])
            return hashlib.blake2b(repr(cursor.fetchall()).encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def _param(self, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        ((kind, text),) = told.items()
        return self._moment if kind == "moment" else _KINDS[kind](text)

    def remembered(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once; each page that uses it has asked its questions. As from a cache, nobody gets the
        same object as somebody else."""
        outer = questions.get()
        assert outer is not None  # noqa: S101  # for the checker of types
        if name not in self._made:
            before, outer.asked = outer.asked, {}
            try:
                made = pickle.dumps(make())
            finally:
                asked, outer.asked = outer.asked, before
            self._made[name] = (made, asked)
        made, asked = self._made[name]
        outer.asked |= asked
        found: T = pickle.loads(made)  # noqa: S301  # our own, of a moment ago
        return found


class Store:
    """Pages of the edition before, in a file that any number of processes write.

    What stands in it comes into editions: whoever can write it can write editions, as with the database itself. So it lies in
    a folder of the operator's own, and never comes from somebody else."""

    def __init__(self, path: Path, version: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")  # a lost page is made again
        self._file.executescript(_TABLES)
        self._numbers: dict[str, int] = {}
        self._statements: dict[int, str] = {}
        with self._at_once():
            if self._file.execute("SELECT value FROM version").fetchall() != [(version,)]:
                for table in ("version", "statement", "page"):
                    self._file.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own
                self._file.execute("INSERT INTO version VALUES (?)", (version,))

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def find(self, address: str, answers: Answers) -> Answer | None:
        """The page as it was, if it would be made the same."""
        row = self._file.execute("SELECT told, body, asked, answers FROM page WHERE address = ?", (address,)).fetchone()
        if row is None:
            return None
        if answers.of((self._statement(number), told) for number, told in json.loads(row[2])) != row[3]:
            return None
        status, is_public, location, kind = json.loads(row[0])
        return Answer(status, is_public, (zlib.decompress(row[1]),), location, kind, is_as_before=True)

    def keep(self, address: str, told: Answer, asked: Iterable[Question], answers: bytes) -> None:
        """Take up a page."""
        body = zlib.compress(b"".join(told.body), 1)
        with self._at_once():
            numbers = json.dumps([[self._number(sql), params] for sql, params in asked], ensure_ascii=False)
            row = (address, json.dumps([told.status, told.is_public, told.location, told.kind]), body, numbers, answers)
            self._file.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", row)

    def _number(self, sql: str) -> int:
        if sql not in self._numbers:
            self._file.execute("INSERT OR IGNORE INTO statement (sql) VALUES (?)", (sql,))
            self._numbers[sql] = self._file.execute("SELECT number FROM statement WHERE sql = ?", (sql,)).fetchone()[0]
        return self._numbers[sql]

    def _statement(self, number: int) -> str:
        if number not in self._statements:
            row = self._file.execute("SELECT sql FROM statement WHERE number = ?", (number,)).fetchone()
            self._statements[number] = row[0]
        return self._statements[number]

    def forget_others(self, addresses: Iterable[str]) -> None:
        """Keep only these pages: what is public no more is nowhere."""
        kept = set(addresses)
        with self._at_once():
            gone = [row for row in self._file.execute("SELECT address FROM page").fetchall() if row[0] not in kept]
            self._file.executemany("DELETE FROM page WHERE address = ?", gone)
        if gone:
            self._file.execute("VACUUM")  # deleted rows would stay in the file

    def close(self) -> None:
        """Leave the file."""
        self._file.close()


class Asker:
    """Asks the site at an address (``http://name``) for an edition's pages; what the store has is not made again."""

    def __init__(self, edition: Edition, address: str, store: Store | None = None) -> None:
        scheme, _, host = address.partition("://")
        self._client = Client(headers={"host": host})
        self._is_secure = scheme == "https"
        self._edition = edition
        self._answers = Answers(edition.moment)
        self._store = store
        self._stamps: dict[str, bytes] = {}

    def __call__(self, address: str) -> Answer:
        """What the site says there."""
        if address.startswith(_FILES):
            response = self._client.get(address, secure=self._is_secure)
            return answer(response, is_public=response.status_code == 200)
        if address.startswith(_SHORT) or _is_form(address):
            return Answer(403)
        found = self._store.find(address, self._answers) if self._store else None
        if found is None:
            found = self._make(address)
        return replace(found, body=[self._stamped(address, each) for each in found.body])

    def _make(self, address: str) -> Answer:
        asked = Questions(self._edition.moment)
        mark = questions.set(asked)
        try:
            with remembering(self._answers.remembered), connection.execute_wrapper(asked):
                response = self._client.get(address, secure=self._is_secure)
        finally:
            questions.reset(mark)
        told = answer(response, getattr(response, "is_kept", False))
        if self._store and asked.is_all and told.status < 500:
            self._store.keep(address, told, asked.asked, self._answers.of(asked.asked))
        return told

    def _stamped(self, address: str, body: bytes) -> bytes:
        language = address.split("/")[1]
        if language not in self._stamps:
            known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
            with override(known):
                line = render_to_string("press/edition/line.html", {"edition": self._edition})
            self._stamps[language] = line.strip().encode()
        return body.replace(STAMP.encode(), self._stamps[language])


def _is_form(address: str) -> bool:
    """Whether an address is of what needs a server: it is not even asked, since a form writes into the database."""
    try:
        return resolve(address.partition("?")[0]).func.__module__.startswith(_FORMS)
    except Resolver404:
        return False


def version(address: str, languages: list[str]) -> str:
    """All on which pages depend beside the database's answers: the site that is asked (several may be in one database), the
    software, the settings, and what Django and Wagtail ask once for many pages."""
    from importlib.metadata import version as version_of

    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Locale, Site

    whole = hashlib.sha256()
    package = Path(__file__).resolve().parents[2]
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".html", ".txt", ".xml", ".css", ".js", ".mo", ".woff2"):
            whole.update(f"{path.relative_to(package)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    told: list[Any] = [address, languages]
    told += [f"{name} {version_of(name)}" for name in ("django", "wagtail", "persiantools", "segno")]
    shown = ("HTTPS", "ONION", "VOTE", "MODERATORS", "DESK", "LIST")
    told += [(name, getattr(settings, f"SANDUQ_PRESS_{name}")) for name in shown]
    for model in (ContentType, Locale, Site):
        told.append(sorted(model.objects.values_list(), key=repr))
    whole.update(repr(told).encode())
    return whole.hexdigest()

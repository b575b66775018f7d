"""Documents: PDF through the program mat2, office files taken apart, plain text as it is."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings

from sanduq import errors
from sanduq_web.press.uploads.jpegs import quiet_jpegs
from sanduq_web.press.uploads.office import clean_office

ENDINGS: Final = ("csv", "docx", "odt", "pdf", "txt", "xlsx")
_SECONDS: Final = 60
_MEMORY: Final = 1500 << 20
_WRITTEN: Final = 200 << 20


def clean_document(raw: bytes, name: str) -> tuple[bytes, str]:
    """The document without what names people, and the ending for its name.

    Raises :class:`sanduq.errors.Refused`, with what to do, for whatever is of another kind than its name says, and for what
    cannot be cleaned: nothing is let through as it is because a program is missing.
    """
    ending = Path(name).suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise errors.Refused(f"documents end in {', '.join(ENDINGS)}; this one does not", hint="save it as PDF")
    if not raw:
        raise errors.Refused("the file is empty", hint="upload the document again")
    if len(raw) > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        most = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE >> 20
        raise errors.Refused(f"the document has {len(raw) >> 20} MiB; at most {most}", hint="make it smaller")
    if ending == "pdf":
        return _pdf(raw), ending
    if ending in ("csv", "txt"):
        return _text(raw), ending
    return clean_office(raw, ending), ending


def _text(raw: bytes) -> bytes:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.Refused("the file is no text in UTF-8", hint="save it again with the encoding UTF-8") from error
    if any(ord(each) < 32 and each not in "\t\r\n" for each in text):
        raise errors.Refused("the file is no plain text", hint="save it again as text")
    return text.encode()


def _pdf(raw: bytes) -> bytes:
    if not raw.startswith(b"%PDF-") or b"%%EOF" not in raw[-2048:]:
        raise errors.Refused("the file is no PDF, or only a part of one", hint="save or print it again as PDF")
    program, limits = shutil.which("mat2"), shutil.which("prlimit")
    if program is None or limits is None:
        raise errors.Refused(
            "PDF cannot be taken here: the program mat2 is not installed",
            hint="whoever runs the server types: apt-get install --no-install-recommends mat2",
        )
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        Path(folder, "in.pdf").write_bytes(raw)
        command = [limits, f"--as={_MEMORY}", f"--cpu={_SECONDS}", f"--fsize={_WRITTEN}", "--core=0"]
        try:
            subprocess.run(  # noqa: S603  # no shell; names of our own
                [*command, program, "-L", "in.pdf"],
                cwd=folder,
                # Nothing of our own surroundings, so no secret either.
                env={"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
            )
            cleaned = Path(folder, "in.cleaned.pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise errors.Refused("the PDF cannot be cleaned", hint="print it again as PDF, without a password") from error
    if not cleaned.startswith(b"%PDF-"):
        raise errors.Refused("the PDF cannot be cleaned", hint="print it again as PDF, without a password")
    return quiet_jpegs(cleaned)

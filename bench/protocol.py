"""What the printable protocol of 382 areas costs: its page by Django, and the PDF by the process that makes it.

usage: python bench/protocol.py [--language CODE] [--keep FILE.pdf]

One JSON object a line. Tallies are those of 2016; hashes are made up. ``html_cpu_ms`` is time of the serving process.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from watch_page import ROOT, fill, referendum

sys.path.insert(0, str(ROOT / "library" / "tests"))


def html_of(frozen: Any, language: str) -> str:
    """The page that is printed, from rows of a database of its own."""
    from django.test import RequestFactory
    from django.utils import translation

    from rehearsed import rehearsed
    from sanduq.count.outcome import decide
    from sanduq_web.box.models import Fingerprint
    from sanduq_web.count.api import Result
    from sanduq_web.count.views.protocol import protocol_html

    for row in Fingerprint.objects.all():
        row.head, row.sha256 = os.urandom(32).hex(), os.urandom(32).hex()
        row.save()
    _setup, tallies = rehearsed("uk2016")
    outcome = decide(frozen.setup.rule, frozen.setup.shapes, tallies)
    with translation.override(language):
        return protocol_html(
            RequestFactory().get(f"/{language}/"), frozen, Result(outcome, tuple(tallies), "2016-06-24T06:00:00Z")
        )


def measure(language: str, keep: Path | None) -> None:
    """One protocol."""
    import django

    django.setup()
    import watch_page
    from django.core.management import call_command
    from django.db import transaction
    from pypdf import PdfReader

    from sanduq_web import printing

    watch_page.STEPS = 1
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        frozen = referendum()
        fill(frozen, len(frozen.places))
        busy = time.process_time()
        html = html_of(frozen, language)
    html_cpu = 1000 * (time.process_time() - busy)
    began = time.perf_counter()
    made = printing.render(html)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: dict[str, Any] = {"areas": len(frozen.places), "language": language, "html_cpu_ms": round(html_cpu)}
    figures |= {"pdf_cpu_s": round(used.ru_utime + used.ru_stime, 1), "pdf_s": round(time.perf_counter() - began, 1)}
    figures |= {"most_mb": used.ru_maxrss // 1024, "pages": len(PdfReader(io.BytesIO(made)).pages), "bytes": len(made)}
    print(json.dumps({"bench": "protocol", **figures}), flush=True)
    if keep is not None:
        keep.write_bytes(made)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", default="en")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SANDUQ_DATABASE"] = f"sqlite:///{folder}/bench.db"
        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.settings"
        measure(options.language, options.keep)


if __name__ == "__main__":
    main()

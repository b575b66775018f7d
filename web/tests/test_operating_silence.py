"""Nothing personal reaches the log, whatever fails: no path, address, tracker, credential, PIN, and no words of an error."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from rig import Rig
from sanduq.algebra.numbers import sha256_b64
from second import Booth

ADDRESSES = ("203.0.113.77", "203.0.113.78", "Betrayer")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler would write, with the formatter of its settings."""
    found = io.StringIO()
    handler = logging.StreamHandler(found)
    make: Any = logging.config.DictConfigurator(settings.LOGGING)
    handler.setFormatter(make.configure_formatter(dict(settings.LOGGING["formatters"]["plain"])))
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)


def as_postgresql_tells(params: object) -> Exception:
    return OperationalError(f"could not do it\nDETAIL:  Key is {params}")


def as_a_slip_of_ours_tells(params: object) -> Exception:
    return RuntimeError(f"{params} was not expected")


@pytest.mark.parametrize("fault", [as_postgresql_tells, as_a_slip_of_ours_tells])
def test_no_fault_says_who(db: None, pins: Booth, rig: Rig, log: io.StringIO, fault: Callable[[object], Exception]) -> None:
    raw, anchor = rig.ballots["A"][0], rig.anchor
    tracker, credential = sha256_b64(raw), json.loads(raw)["credential"]
    headers = {"REMOTE_ADDR": ADDRESSES[0], "HTTP_X_FORWARDED_FOR": ADDRESSES[1], "HTTP_USER_AGENT": "Betrayer/1.0"}
    client = Client(raise_request_exception=False, headers={"sanduq-code": "86420864"}, **headers)
    api = f"/api/v1/referendums/{anchor}"
    assert client.get(api).status_code == 200  # what is kept in memory is there

    def fail(execute: object, sql: str, params: object, many: object, context: object) -> None:
        raise fault((params, tracker, credential, client.defaults))

    with connection.execute_wrapper(fail):
        asked = [
            client.post(f"{api}/areas/A/ballots", raw, content_type="application/json"),
            client.post(f"{api}/ballots/find", {"tracker": tracker}, content_type="application/json"),
            client.get(f"{api}/areas/A/last/{credential[:2]}"),
            client.get(f"{api}/areas/A/roll/"),
            client.get(api),
            client.post(f"/en/{anchor}/check/", {"tracker": tracker}),
            client.get(f"/fa/{anchor}/watch/?by=area"),
            client.get(f"/records/{anchor}/areas/A/"),
            client.get(f"/steps/{anchor}/A.json"),
        ]
    assert {answer.status_code for answer in asked} <= {500, 503, 404}
    assert sum(answer.status_code in (500, 503) for answer in asked) >= 6
    said = log.getvalue()
    assert type(fault("")).__name__ in said or "could not do it" in said, "the operator sees that something fails, and where"
    without_files = re.sub(r'File "[^"\n]*"', "", said)  # where the program lies is no path that somebody asked for
    for word in (*ADDRESSES, tracker, credential, "86420864", "/areas/", "/check/", "by=area", anchor, "DETAIL", "was not"):
        assert word not in without_files, word
    for answer in asked:
        assert not [word for word in (*ADDRESSES, credential, "86420864", "DETAIL") if word in answer.content.decode()]


def test_a_disk_that_is_full_is_still_said_to_be_full(log: io.StringIO) -> None:
    try:
        raise OSError(28, "No space left on device", "/where/it/was")
    except OSError:
        logging.getLogger("sanduq_web").exception("an error of ours")
    assert "OSError: No space left on device" in log.getvalue()
    assert "/where" not in log.getvalue().rpartition("OSError")[2]

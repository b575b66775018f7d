"""What somebody who makes up keys could do to a letter that organisations sign."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from letter_rig import address, key, letter, send, signature
from sanduq_web.press import actions
from sanduq_web.press.models import SigningKey
from sanduq_web.press.talk import limits
from talking import solved

pytestmark = pytest.mark.usefixtures("site")


def _known(number: int, **more: Any) -> None:
    SigningKey.objects.create(key=key(number).public, owners="Lake Society", **more)


def test_who_floods_a_letter_keeps_nobody_out_whose_key_is_known(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_MOST_WAITING", 2)
    page = letter()
    codes = [send(reader, page, signature(reader, page, number)).status_code for number in range(4)]
    assert codes == [303, 303, 422, 422]
    _known(5)
    given = signature(reader, page, 5)
    assert reader.post(address(page), {"signature": given}).status_code == 303, "nor asked for digits"
    _known(6, withdrawn_on=date(2026, 11, 30))
    assert send(reader, page, signature(reader, page, 6)).status_code == 422


def test_no_program_signs_with_keys_that_it_makes_up(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = letter()
    given = [signature(reader, page, number) for number in range(4)]
    taken = solved(reader.get(address(page)), signature=given[0])
    assert reader.post(address(page), {"signature": given[0]}).status_code == 422
    assert reader.post(address(page), taken | {"captcha_answer": "0"}).status_code == 422
    first = solved(reader.get(address(page)), signature=given[0])
    assert reader.post(address(page), first).status_code == 303
    assert reader.post(address(page), first | {"signature": given[1]}).status_code == 303, "as if the form came twice"
    assert page.cosignatures.get().key == key(0).public
    monkeypatch.setitem(limits.RATES, "signature", limits.Rate(2, 2))
    assert [send(reader, page, each).status_code for each in given[2:]] == [303, 429]
    answer = reader.post(address(page), {"signature": "x" * (65 << 10)})
    assert answer.status_code == 413

"""The watch on what devices send and keep does see what it is there for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from browser.town import NO, Town
from browser.visitor import Secrets, Visitor

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("does", "seen"),
    [
        ("fetch('/en/?x={part}')", "stands in"),
        ("fetch('/en/', {{method: 'POST', body: 'x{printed}'}})", "stands in"),
        ("fetch('/en/', {{headers: {{accept: '{part}'}}}})", "stands in"),
        ("fetch('/en/?x=' + encodeURIComponent('{no}'))", "stands in"),
        ("fetch('http://127.0.0.1:1/', {{mode: 'no-cors'}})", "a third party"),
        ("localStorage.setItem('a', 'b')", "the device keeps"),
        ("document.cookie = 'a=b'", "the device keeps"),
        ("console.error('a complaint')", "a complaint"),
    ],
)
def test_it_sees(town: Town, browser: Browser, secrets: Secrets, does: str, seen: str) -> None:
    # Without the page's policy, which would stop most of this before anything is sent.
    visitor = Visitor.at(browser.new_context(bypass_csp=True), scripts=True)
    visitor.troubles = () if seen == "a complaint" else ("Failed to load",)
    visitor.page.goto(f"{town.origin}/en/")
    credential = town.rig.credentials["isle"][1]
    script = does.format(part=credential.replace("-", "")[5:13], printed=credential[:9], no=NO["fa"])
    visitor.page.evaluate(f"Promise.resolve({script}).catch(() => 0)" if "=" not in script[:16] else script)
    with pytest.raises(AssertionError, match=re.escape(seen)):
        visitor.close(town, secrets)

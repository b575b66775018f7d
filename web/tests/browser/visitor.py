"""One person at one device: everything that the device sends is kept, and must give nothing away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from browser.town import NO, YES, Town
from sanduq.roll import printed_credential, secret_exponent

DESKTOP = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "fa-IR", "has_touch": True, "is_mobile": True}
_TOGETHER = 8
"""So many characters of a credential in a row are no chance."""


class Secrets:
    """What no request may hold: credentials and their exponents, in whole or in part, and what was chosen."""

    def __init__(self, town: Town) -> None:
        parts: set[str] = set()
        for rig in town.all:
            for code, credentials in rig.credentials.items():
                for credential in credentials:
                    parts |= self._of(credential, rig.area(code).uuid)
        for text in (*YES.values(), *NO.values(), '"yes"', '"no"', "=yes", "=no"):
            parts.add(text)
        self._pattern = re.compile("|".join(map(re.escape, sorted(parts))))

    @staticmethod
    def _of(credential: str, uuid: str) -> set[str]:
        printed = printed_credential(credential)
        texts = (credential, credential.replace("-", ""), printed, printed.replace("-", ""))
        exponent = secret_exponent(uuid, credential)
        found = {f"{exponent:064x}"[:12], str(exponent)[:16]}
        for text in texts:
            found |= {text[at : at + _TOGETHER] for at in range(len(text) - _TOGETHER + 1)}
        return found

    def find(self, text: str) -> str | None:
        """The first secret in a text, as it stands or written for addresses."""
        hit = self._pattern.search(text) or self._pattern.search(unquote(text))
        return hit.group() if hit else None


@dataclass
class Visitor:
    """A context of the browser with one page."""

    context: BrowserContext
    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    troubles: tuple[str, ...] = ()
    """What the browser's console may complain of: patterns."""
    scripts: bool = True

    @classmethod
    def at(cls, context: BrowserContext, scripts: bool) -> Visitor:
        found = cls(context, context.new_page(), scripts=scripts)
        context.on("request", found._note)
        context.on("console", found._hear)
        context.on("weberror", lambda error: found.complaints.append(str(error.error)))
        return found

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def posts(self, part: str) -> list[Request]:
        """What was posted to addresses with this part."""
        return [one for one in self.requests if one.method == "POST" and part in one.url]

    def paths(self) -> list[str]:
        """Every request, sorted, without what differs from voter to voter of an area, and without the icon, which is kept."""
        paths = (f"{one.method} {urlsplit(one.url).path}" for one in self.requests)
        return sorted(re.sub("/roll/[0-9a-f]+", "/roll/…", path) for path in paths if "icon" not in path)

    def close(self, town: Town, secrets: Secrets) -> None:
        """Look at what the device gave away and what it has kept; then put it away."""
        stored = self.context.storage_state() if self.scripts else {"cookies": self.context.cookies(), "origins": []}
        said = [_text(request) for request in self.requests]
        self.context.close()
        assert stored == {"cookies": [], "origins": []}, f"the device keeps {stored}"
        origins = {_origin(request.url) for request in self.requests}
        assert origins <= {town.origin, town.booth, None}, f"a third party: {origins}"
        for text in said:
            assert (found := secrets.find(text)) is None, f"{found} stands in {text[:2000]}"
        loud = [one for one in self.complaints if not any(re.search(each, one) for each in self.troubles)]
        assert not loud, loud


def _origin(url: str) -> str | None:
    """None for what is made on the page itself."""
    parts = urlsplit(url)
    return None if parts.scheme in ("blob", "data") else f"{parts.scheme}://{parts.netloc}"


def _text(request: Request) -> str:
    """All that a request says. Of one that never left, what it would have said."""
    headers: Mapping[str, str] = request.headers if request.failure else request.all_headers()
    assert "cookie" not in {name.lower() for name in headers}
    lines: Sequence[str] = [f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join([*lines, (request.post_data_buffer or b"").decode("utf-8", "replace")])

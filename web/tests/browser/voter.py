"""What a voter does in the booth, step by step, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from browser.town import Town
from browser.visitor import Visitor
from rig import Rig
from sanduq.booth.letter import booth_link

HEADINGS = {
    "en": {
        "credential": "Enter your credential",
        "choice": "Your choice",
        "review": "Review your choice",
        "sealed": "The ballot is sealed",
        "opened": "The opened ballot",
        "sending": "Sending your ballot",
        "done": "Your ballot is in the box",
        "check": "Check an opened ballot",
    },
    "fa": {
        "credential": "شناسهٔ رأی خود را وارد کنید",
        "choice": "انتخاب شما",
        "review": "انتخاب خود را بازبینی کنید",
        "sealed": "برگه مُهر شد",
        "opened": "برگهٔ بازشده",
        "sending": "فرستادن برگهٔ رأی",
        "done": "برگهٔ شما در صندوق است",
        "check": "وارسی برگهٔ بازشده",
    },
}
SECONDS = 20_000


def letter_link(town: Town, code: str, number: int, rig: Rig | None = None, language: str | None = None) -> str:
    """The link behind the code of a printed letter, as the registrar's command makes it; or the same in another language."""
    rig = rig or town.rig
    area = rig.area(code)
    return booth_link(town.booth, rig.setup.anchor, code, rig.credentials[code][number], language or area.language)


@dataclass
class Voter:
    """A visitor in the booth; the page is in one of the languages above."""

    visitor: Visitor
    language: str = "en"

    @property
    def page(self) -> Page:
        return self.visitor.page

    def sees(self, step: str) -> None:
        """The heading of a step; the focus is on it, as whoever hears the page needs it."""
        heading = self.page.get_by_role("heading", level=1, name=HEADINGS[self.language][step], exact=True)
        expect(heading).to_be_visible(timeout=SECONDS)

    def opens(self, link: str) -> None:
        self.page.goto("about:blank")  # a change behind the # alone would load nothing
        self.page.goto(link)

    def types(self, credential: str, area: str | None = None) -> None:
        if area:
            self.page.locator("#area").select_option(area)
        self.page.locator("#credential").fill(credential)
        self.goes_on()

    def goes_on(self) -> None:
        """The main button of the page."""
        self.page.locator("main button.main").click()

    def chooses(self, answer: int | str) -> None:
        """0 is yes, 1 is no, or "blank"; as far as the review."""
        self.sees("choice")
        self.page.locator(f"#choice-0-{answer}").check()
        self.goes_on()
        self.sees("review")

    def seals(self) -> str:
        """The hash that is shown."""
        self.goes_on()
        self.sees("sealed")
        shown = self.page.locator("#hash").text_content() or ""
        assert len(shown) == 43
        return shown

    def casts(self) -> str:
        """Cast, until the receipt is there; gives the tracker."""
        self.page.locator("#cast").click()
        return self.has_receipt()

    def has_receipt(self) -> str:
        self.sees("done")
        return self.page.locator("#tracker").text_content() or ""

    def saves(self, button: str, path: Path) -> Path:
        """What a button gives to be saved."""
        with self.page.expect_download() as saving:
            self.page.locator(button).click()
        saving.value.save_as(path)
        return path

    def votes(self, link: str, answer: int | str) -> str:
        """All of it; gives the tracker."""
        self.opens(link)
        self.chooses(answer)
        self.seals()
        return self.casts()

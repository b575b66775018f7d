"""The site, the booth and the browser: one of each for all tests; a person with a device for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.device import CHROMIUM, chromium
from browser.town import BOOTH, Town, the_town
from browser.visitor import DESKTOP, Secrets, Visitor
from browser.voter import Voter, letter_link

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Site and booth, in processes of their own."""
    if not (BOOTH / "index.html").is_file():
        pytest.exit("the booth is not built: scripts/booth.sh build", 2)
    if not Path(CHROMIUM).exists():
        pytest.exit(f"{CHROMIUM} is not here. On Debian: apt-get install chromium", 2)
    with the_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="session")
def browser(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, before whose camera somebody holds the letter of the last voter of the hill."""
    with chromium(tmp_path_factory.mktemp("browser"), letter_link(town, "hill", -1)) as found:
        yield found


@pytest.fixture(scope="session")
def secrets(town: Town) -> Secrets:
    """Of everybody."""
    return Secrets(town)


@pytest.fixture
def visit(town: Town, browser: Browser, secrets: Secrets) -> Iterator[Visit]:
    """People with devices; when the test is over, what their devices sent and kept is looked at."""
    made: list[Visitor] = []

    def visitor(options: dict[str, Any] = DESKTOP, **more: Any) -> Visitor:
        context = browser.new_context(**options, **more)
        context.set_default_timeout(20_000)
        made.append(Visitor.at(context, more.get("java_script_enabled", True)))
        return made[-1]

    yield visitor
    for each in made:
        each.close(town, secrets)


@pytest.fixture(scope="session", autouse=True)
def latecomer(town: Town, browser: Browser, secrets: Secrets) -> Iterator[Voter]:
    """Somebody who seals a ballot while the vote is open, and will cast it when it is closed."""
    visitor = Visitor.at(browser.new_context(**DESKTOP), scripts=True)  # type: ignore[arg-type]
    voter = Voter(visitor)
    voter.opens(letter_link(town, "hill", 0, town.late))
    voter.chooses(0)
    voter.seals()
    yield voter
    visitor.close(town, secrets)

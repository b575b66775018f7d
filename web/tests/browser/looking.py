"""A page as it is looked at: no serious finding of axe-core, and nothing wider than the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from playwright.sync_api import Page

from browser.town import ROOT

_AXE: Final = ROOT / "booth" / "node_modules" / "axe-core" / "axe.min.js"
NARROW: Final = {"width": 320, "height": 256}
"""A desktop of 1280 × 1024 at 400 %."""
WIDE: Final = {"width": 1280, "height": 800}
WAYS: Final = {"ltr": ((NARROW, "dark"), (WIDE, "light")), "rtl": ((NARROW, "light"), (WIDE, "dark"))}
"""Every pair of direction, width and colours is looked at once."""
_RUN: Final = """async () => {
  const { violations } = await axe.run(document, { preload: false, resultTypes: ['violations'] });
  return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((n) => `${n.html}  ${n.failureSummary}`) }));
}"""
_TOO_WIDE: Final = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const beyond = [...document.body.querySelectorAll('*')].filter((one) => {
    const { left, right } = one.getBoundingClientRect();
    return (right > clientWidth + 1 || left < -1) && !one.closest('.wide, pre, .skip, svg');
  });
  return [`${scrollWidth} > ${clientWidth}`, ...beyond.slice(0, 5).map((one) => one.outerHTML.slice(0, 200))];
}"""


@lru_cache(maxsize=1)
def _axe() -> str:
    assert _AXE.is_file(), "axe-core is not here: scripts/booth.sh fresh fetches it"
    return _AXE.read_text("utf-8")


def look(page: Page) -> list[str]:
    """What is wrong with the page as it stands, narrow and wide, in the two colours of its direction. Leaves it wide."""
    found: list[str] = []
    direction = page.evaluate("document.documentElement.dir")
    for size, colours in WAYS[direction]:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        name = f"{page.url} {direction} {size['width']} px {colours}"
        if wide := page.evaluate(_TOO_WIDE):
            found.append(f"{name}: wider than the screen: {wide}")
        # Through the debugger's door, which the page's policy does not govern.
        if not page.evaluate("'axe' in window"):
            page.evaluate(_axe())
        findings: list[dict[str, Any]] = page.evaluate(_RUN)
        serious = [one for one in findings if one["impact"] in ("serious", "critical")]
        found += [f"{name}: {one['impact']} {one['id']}: {one['nodes'][:3]}" for one in serious]
    return found

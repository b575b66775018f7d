"""The pictures of the invented newsroom, drawn: nobody's photographs, no place's likeness. The same bytes each time."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

WIDTH: Final = 1200
HEIGHT: Final = 675
_FINE: Final = 2
"""Drawn larger and made smaller: edges become smooth."""

Colour = tuple[int, int, int]
Point = tuple[float, float]


class _Sheet:
    """A sheet in units of the finished picture."""

    def __init__(self, above: Colour, below: Colour, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * _FINE, height * _FINE))
        self._draw = ImageDraw.Draw(self.image)
        for y in range(height):
            share = y / height
            mixed = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
            self._draw.rectangle([0, y * _FINE, width * _FINE, y * _FINE + _FINE], fill=mixed)

    def area(self, points: list[Point], colour: Colour) -> None:
        self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._draw.ellipse([(n * _FINE) for n in (x - radius, y - radius, x + radius, y + radius)], fill=colour)

    def line(self, points: list[Point], colour: Colour, width: float = 3) -> None:
        self._draw.line([(x * _FINE, y * _FINE) for x, y in points], fill=colour, width=round(width * _FINE), joint="curve")

    def hill(self, height: float, lift: float, period: float, colour: Colour, base: float = HEIGHT) -> None:
        tops = [(float(x), height - lift * math.sin(x / period) ** 2) for x in range(0, WIDTH + 20, 20)]
        self.area([*tops, (WIDTH, base), (0, base)], colour)


def _waves(sheet: _Sheet, top: int, colour: Colour) -> None:
    for row, y in enumerate(range(top, sheet.height, 34)):
        for x in range(-40 + (row % 2) * 70, sheet.width, 140):
            curve = [(x + step, y + 5 * math.sin(step / 60 * math.pi)) for step in range(0, 64, 4)]
            sheet.line([(float(a), float(b)) for a, b in curve], colour, 3)


def _lake() -> _Sheet:
    sheet = _Sheet((214, 230, 240), (240, 240, 228))
    sheet.hill(330, 120, 210, (168, 186, 178))
    sheet.hill(360, 70, 140, (128, 154, 140))
    sheet.box(0, 400, WIDTH, HEIGHT, (72, 128, 160))
    _waves(sheet, 425, (126, 172, 198))
    sheet.box(560, 90, 640, 520, (250, 250, 246))
    for mark in range(13):
        y = 110 + mark * 34
        sheet.box(560, y, 600 if mark % 2 else 625, y + 8, (30, 36, 40))
    sheet.box(545, 495, 655, 560, (72, 128, 160))
    _waves(sheet, 500, (126, 172, 198))
    return sheet


def _bridge() -> _Sheet:
    sheet = _Sheet((226, 234, 240), (244, 240, 230))
    sheet.hill(380, 90, 260, (176, 192, 170))
    for left, right, colour in ((0, WIDTH // 2, (64, 120, 84)), (WIDTH // 2, WIDTH, (150, 92, 60))):
        sheet.box(left, 260, right, 330, colour)
        sheet.box(left, 330, right, 520, colour)
    for middle in (200, 600, 1000):
        arch = [(middle + 165 * math.cos(a / 30 * math.pi), 540 - 175 * math.sin(a / 30 * math.pi)) for a in range(31)]
        sheet.area(arch, (206, 216, 214))
    for x in range(20, WIDTH, 60):
        sheet.box(x, 215, x + 8, 260, (64, 120, 84) if x < WIDTH // 2 else (150, 92, 60))
    sheet.box(0, 208, WIDTH, 220, (54, 62, 64))
    sheet.box(0, 520, WIDTH, HEIGHT, (84, 136, 164))
    _waves(sheet, 545, (134, 178, 202))
    for x in (520, 680):
        sheet.line([(x, 214), (x, 430)], (60, 60, 60), 4)
    sheet.box(505, 425, 695, 440, (120, 96, 64))
    return sheet


def _train() -> _Sheet:
    sheet = _Sheet((206, 222, 236), (246, 236, 220))
    sheet.hill(360, 100, 230, (160, 178, 186))
    sheet.area([(0, 440), (WIDTH, 440), (WIDTH, HEIGHT), (0, HEIGHT)], (140, 126, 98))
    sheet.box(0, 432, WIDTH, 442, (70, 66, 62))
    for number, left in enumerate((90, 360, 630, 900)):
        top = 300 if number < 3 else 285
        sheet.box(left, top, left + 245, 410, (176, 48, 44))
        sheet.box(left, top, left + 245, top + 16, (120, 30, 30))
        for window in range(4):
            sheet.box(left + 18 + window * 56, top + 34, left + 56 + window * 56, top + 70, (236, 232, 214))
        for wheel in (40, 95, 160, 210):
            sheet.disc(left + wheel, 418, 17, (44, 44, 48))
        if number:
            sheet.box(left - 27, 388, left + 2, 398, (44, 44, 48))
    _reeds(sheet, 560, (96, 116, 72))
    return sheet


def _reeds(sheet: _Sheet, top: int, colour: Colour) -> None:
    for stem in range(170):
        x = (stem * 197) % sheet.width
        height = 60 + (stem * 61) % 90
        lean = (stem * 37) % 30 - 15
        sheet.line([(x, sheet.height), (x + lean, top + 110 - height)], colour, 4)
        if stem % 4 == 0:
            sheet.line([(x + lean, top + 110 - height), (x + lean * 1.15, top + 85 - height)], (104, 76, 52), 9)


def _birds() -> _Sheet:
    sheet = _Sheet((232, 150, 96), (250, 220, 160))
    sheet.disc(860, 430, 80, (252, 240, 200))
    sheet.hill(500, 40, 200, (150, 108, 92))
    _reeds(sheet, 520, (70, 62, 54))
    places = [
        (420, 120),
        *((420 - 62 * n, 120 + 40 * n) for n in range(1, 6)),
        *((420 + 74 * n, 120 + 36 * n) for n in range(1, 6)),
    ]
    for x, y in places:
        sheet.line([(x - 30, y - 16), (x - 12, y - 20), (x, y), (x + 12, y - 20), (x + 30, y - 16)], (40, 34, 36), 6)
    return sheet


def _ferry() -> _Sheet:
    """Seen from above: the current comes from the top."""
    sheet = _Sheet((96, 152, 180), (84, 140, 170))
    _waves(sheet, 30, (134, 182, 204))
    sheet.box(0, 0, 190, HEIGHT, (150, 168, 116))
    sheet.box(WIDTH - 190, 0, WIDTH, HEIGHT, (150, 168, 116))
    for left, right in ((150, 250), (WIDTH - 250, WIDTH - 150)):
        sheet.box(left, 360, right, 440, (150, 118, 80))
    sheet.line([(170, 180), (WIDTH - 170, 180)], (40, 44, 48), 6)
    boat = [(470.0, 350.0), (730.0, 430.0), (708.0, 502.0), (448.0, 422.0)]
    for corner, wheel in ((boat[0], (510.0, 180.0)), (boat[1], (690.0, 180.0))):
        sheet.line([corner, wheel], (70, 60, 50), 4)
        sheet.disc(*wheel, 15, (224, 214, 190))
        sheet.disc(*wheel, 6, (40, 44, 48))
    sheet.area(boat, (176, 132, 84))
    sheet.line([*boat, boat[0]], (96, 66, 40), 8)
    sheet.line([(540, 372), (518, 443)], (96, 66, 40), 4)
    sheet.line([(660, 408), (638, 480)], (96, 66, 40), 4)
    return sheet


def _arc(x: float, y: float, radius: float, first: int, last: int) -> list[Point]:
    """Points of a circle between two angles, in degrees from the right, against the clock."""
    angles = [math.radians(angle) for angle in range(first, last + 1, 5)]
    return [(x + radius * math.cos(angle), y - radius * math.sin(angle)) for angle in angles]


def _cover() -> _Sheet:
    """Upright, as a booklet is: a heron in a boat, before an arch."""
    sheet = _Sheet((36, 66, 88), (120, 156, 164), 900, 1200)
    sheet.disc(670, 210, 78, (236, 230, 206))
    sheet.box(0, 330, 900, 470, (26, 46, 58))
    sheet.area([(0, 470), (900, 470), (900, 880), *_arc(450, 880, 380, 0, 180), (0, 880)], (26, 46, 58))
    for x in range(30, 900, 84):
        sheet.box(x, 270, x + 10, 330, (26, 46, 58))
    sheet.box(0, 262, 900, 276, (26, 46, 58))
    sheet.box(0, 860, 900, 1200, (44, 88, 110))
    _waves(sheet, 885, (92, 138, 156))
    grey, dark = (206, 214, 216), (52, 60, 66)
    sheet.line([(450, 900), (446, 770)], dark, 9)
    sheet.line([(486, 900), (478, 770)], dark, 9)
    sheet.area([(372, 640), (420, 610), (500, 650), (590, 800), (520, 790), (440, 780), (390, 720)], grey)
    sheet.area([(430, 650), (500, 660), (600, 815), (500, 760)], (150, 164, 172))
    sheet.line([(395, 650), (352, 600), (372, 540), (402, 490), (394, 440), (360, 420)], grey, 30)
    sheet.disc(358, 420, 27, grey)
    sheet.area([(345, 402), (345, 434), (216, 446)], (222, 168, 72))
    sheet.line([(346, 404), (470, 428)], dark, 8)
    sheet.disc(350, 416, 5, dark)
    sheet.area([(200, 880), (700, 880), (640, 985), (260, 985)], (122, 84, 52))
    sheet.line([(190, 880), (710, 880)], (84, 56, 34), 16)
    _reeds(sheet, 1080, (44, 70, 52))
    return sheet


def _emblem() -> _Sheet:
    """A bell before half a sun, over two waves."""
    dark, gold, blue = (18, 52, 66), (232, 186, 76), (120, 180, 206)
    sheet = _Sheet(dark, dark, 600, 600)
    sheet.disc(300, 300, 284, gold)
    sheet.disc(300, 300, 270, dark)
    for angle in range(10, 180, 20):
        sheet.line([*_arc(300, 400, 170, angle, angle), *_arc(300, 400, 215, angle, angle)], (240, 140, 84), 13)
    sheet.area(_arc(300, 400, 150, 0, 180), (240, 140, 84))
    sheet.disc(300, 392, 24, gold)
    sheet.area(
        [(195, 380), (222, 350), (232, 262), *_arc(300, 262, 68, 0, 180)[::-1], (368, 262), (378, 350), (405, 380)], gold
    )
    sheet.line([(190, 380), (410, 380)], dark, 6)
    sheet.disc(300, 186, 17, gold)
    for y in (450, 500):
        sheet.line([(x, y + 11 * math.sin((x - 150) / 50 * math.pi)) for x in range(150, 454, 4)], blue, 14)
    return sheet


_DRAWN: Final[dict[str, Callable[[], _Sheet]]] = {
    "lake": _lake, "bridge": _bridge, "train": _train, "birds": _birds, "ferry": _ferry,
    "cover": _cover, "emblem": _emblem,
}  # fmt: skip


def draw(name: str) -> bytes:
    """A picture as JPEG."""
    sheet = _DRAWN[name]()
    raw = io.BytesIO()
    sheet.image.resize((sheet.width, sheet.height), Image.Resampling.LANCZOS).save(raw, "JPEG", quality=70, optimize=True)
    return raw.getvalue()


def names() -> list[str]:
    """Which pictures can be drawn."""
    return sorted(_DRAWN)

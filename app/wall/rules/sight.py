"""How large type must be to be read from where people stand, as ergonomics has it: 20′ of arc for what matters most."""

from dataclasses import dataclass
from math import floor, hypot, radians, tan

ORIENTATIONS = ("landscape", "portrait")
THEMES = ("dark", "light")
PANELS = ("oled", "lcd")
"""What it is made of: a picture burns into the first, so it drifts there."""
PRIMARY_ARC_MIN = 20
CAPITAL_EM = 0.7
"""Height of a capital letter in the type we use."""
MM_PER_INCH = 25.4
LONG, SHORT = 16, 9
LAYOUT_PX = 1920
"""The long side of the layout; more pixels make it sharper, not smaller."""
STRIPS_PX = 96 + 72
UPPER = 0.46
"""Part of an upright screen that prices take; what stands beside them elsewhere stands below."""
LINE = 1.2
FEWEST_ROWS, MOST_ROWS = 3, 20
SMALLEST_PX, LARGEST_PX = 18, 120
"""Below, nobody reads it; above, a row of prices no longer fits the screen."""


@dataclass(frozen=True)
class Sight:
    """The size of primary type (1 u) in layout pixels, and how many rows of it fit beside the strips."""

    unit_px: float
    rows: int
    is_portrait: bool

    @property
    def contests(self) -> int:
        """How many contests fit beside the worst alert, two lines each."""
        return max(1, (self.rows - 4 if self.is_portrait else self.rows - 3) // 2)

    @property
    def alerts(self) -> int:
        return max(2, min(6, self.rows // 2))

    @property
    def unit_vw(self) -> float:
        """The unit as a share of the screen's width, in hundredths."""
        width = LAYOUT_PX * SHORT / LONG if self.is_portrait else LAYOUT_PX
        return self.unit_px * 100 / width


def sight(diagonal_inches: int, distance_cm: int, orientation: str) -> Sight:
    wanted = unit_px(diagonal_inches, distance_cm)
    unit = min(LARGEST_PX, max(SMALLEST_PX, wanted))
    is_portrait = orientation == "portrait"
    height = (LAYOUT_PX - STRIPS_PX) * UPPER if is_portrait else LAYOUT_PX * SHORT / LONG - STRIPS_PX
    rows = min(MOST_ROWS, max(FEWEST_ROWS, floor(height / (unit * LINE))))
    return Sight(unit, rows, is_portrait)


def unit_px(diagonal_inches: int, distance_cm: int) -> float:
    """Type whose capitals are 20′ high from there, on a 16:9 screen laid out 1920 px wide."""
    width_mm = diagonal_inches * MM_PER_INCH * LONG / hypot(LONG, SHORT)
    capital_mm = distance_cm * 10 * tan(radians(PRIMARY_ARC_MIN / 60))
    return capital_mm / CAPITAL_EM * LAYOUT_PX / width_mm


def size_style(hundredths: int) -> str:
    """The style sheet that sets the unit, given in hundredths of a vw."""
    return f":root {{ --u: {hundredths / 100}vw; }}\n"

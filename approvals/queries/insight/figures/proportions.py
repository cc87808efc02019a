"""Shares of a whole, with how far the true share may lie from what was counted."""

import math
from typing import NamedTuple

# 95 of 100 such intervals hold the true share.
_Z = 1.959964


class Share(NamedTuple):
    """A part of a whole, both counted, such as 7 wrong of 26."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies with 95 % confidence (the score interval of Wilson, 1927); None of nothing."""
        if not self.whole:
            return None
        share, spread = self.part / self.whole, _Z * _Z / self.whole
        center = (share + spread / 2) / (1 + spread)
        half = _Z * math.sqrt(share * (1 - share) / self.whole + spread / self.whole / 4) / (1 + spread)
        return max(center - half, 0.0), min(center + half, 1.0)

"""The band of a risk score, as a CSS class and a word."""

from django.utils.translation import gettext as _

ELEVATED, HIGH = 34, 67
BANDS = {"low": (0, ELEVATED - 1), "elevated": (ELEVATED, HIGH - 1), "high": (HIGH, 1000)}


def risk_band(score: int) -> tuple[str, str]:
    """The band of a score, as a CSS class and a word."""
    if score >= HIGH:
        return "high", _("High")
    return ("elevated", _("Elevated")) if score >= ELEVATED else ("low", _("Low"))

"""A risk score's band, as a name and as a word."""

from django.utils.translation import gettext as _

ELEVATED, HIGH = 34, 67
BANDS = {"low": (0, ELEVATED - 1), "elevated": (ELEVATED, HIGH - 1), "high": (HIGH, 1000)}


def risk_band(score: int) -> tuple[str, str]:
    """The band of a score, as a class and as a word."""
    if score >= HIGH:
        return "high", _("High")
    return ("elevated", _("Elevated")) if score >= ELEVATED else ("low", _("Low"))

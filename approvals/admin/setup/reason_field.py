"""Predefined reasons, one per line in the action type form: code | text | decision types."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.queries.insight.reason_codes import VERDICTS

MAX = 30
MAX_CODE_LENGTH, MAX_WORDS_LENGTH = 40, 500
_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


class ReasonsField(forms.CharField):
    """A list of ``{code, words, for}`` as lines of text; never null."""

    def __init__(self, **options: Any) -> None:
        said = gettext_lazy(
            "Enter one reason per line: code | text | decision types. Separate the decision types (approve, modify, "
            "reject, escalate) with commas. To offer the reason for all types, leave out the decision types. "
            "Example: wrong-account | The account is wrong. | modify, reject"
        )
        given = {"label": gettext_lazy("Predefined reasons"), "help_text": said}
        super().__init__(widget=forms.Textarea(attrs={"rows": 5, "class": "code"}), **(given | options))

    def prepare_value(self, value: Any) -> Any:
        """The stored list as lines; entered text stays unchanged."""
        return "\n".join(map(_line, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        """Parse the lines into a list.

        :raises ValidationError: a line is none; says which, and what is wrong with it.
        """
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found = [_reason(number, line) for number, line in enumerate(lines, 1)]
        codes = [reason["code"] for reason in found]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValidationError(_("The code %(code)s appears twice. Use each code once.") % {"code": twice[0]})
        if len(found) > MAX:
            raise ValidationError(_("You can define at most %(most)d reasons. Remove some reasons.") % {"most": MAX})
        return found or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines differ from the stored list."""
        return super().has_changed(self.prepare_value(initial) or "", (data or "").replace("\r\n", "\n").strip())


def _line(reason: dict[str, Any]) -> str:
    verdicts = ", ".join(reason.get("for", ()))
    return " | ".join([reason["code"], reason["words"], *([verdicts] if verdicts else [])])


def _reason(number: int, line: str) -> dict[str, Any]:
    code, *rest = (part.strip() for part in line.split("|"))
    told = {"number": number}
    if not _CODE.fullmatch(code) or len(code) > MAX_CODE_LENGTH:
        said = _("Line %(number)d: the code can have at most 40 lowercase letters, digits, and hyphens.")
        raise ValidationError(said % told)
    if not rest or not rest[0] or len(rest[0]) > MAX_WORDS_LENGTH or len(rest) > 2:
        said = _(
            "Line %(number)d: use the format code | text | decision types. The text can have at most 500 characters."
        )
        raise ValidationError(said % told)
    verdicts = [verdict.strip() for verdict in rest[1].split(",") if verdict.strip()] if rest[1:] else []
    if strange := [verdict for verdict in verdicts if verdict not in VERDICTS]:
        said = _("Line %(number)d: %(what)s is not a decision type. Use approve, modify, reject, or escalate.")
        raise ValidationError(said % (told | {"what": strange[0]}))
    return {"code": code, "words": rest[0]} | ({"for": verdicts} if verdicts else {})

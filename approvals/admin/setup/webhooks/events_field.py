"""The events of a webhook as one line of text: names, or groups of them, with commas between."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from approvals.models.webhooks import known_shape

_BETWEEN = re.compile(r"[\s,]+")


class EventsField(forms.CharField):
    """A list of names as text; never null."""

    def __init__(self, **options: Any) -> None:
        said = _("Comma-separated names, for example action.executed or decision.*. Empty for all events.")
        given: dict[str, Any] = {"label": _("Events (optional)"), "help_text": said, "required": False}
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), **(given | options))

    def prepare_value(self, value: Any) -> Any:
        """The stored list as text; entered text stays unchanged."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Parse the text into a list.

        :raises ValidationError: a name is none.
        """
        names = [name for name in _BETWEEN.split(super().clean(value)) if name]
        found = list(dict.fromkeys(names))
        known_shape(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other events are named."""
        try:
            return self.clean(data or "") != (initial or [])
        except ValidationError:
            return True

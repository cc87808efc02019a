"""What a page sent of conditions and assignees, put together as the texts that the document holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policies.admin.editor import changes
from policies.admin.editor.cells import path_of
from policies.admin.editor.conditions import condition_form, condition_rows, condition_typing
from policies.admin.editor.conditions.condition_form import Shown
from policies.admin.editor.conditions.condition_typing import MARK
from policies.admin.editor.paths import at
from policies.engine.document.source_text import SourceFault, read
from policies.lab.builder.fields import Field
from policies.queries import policy_page

NAME = "~name"
_ANY = re.compile(rf"{MARK}(?P<of>.+):any")


@dataclass
class Rows:
    """The rows of all conditions that a page sent, and the document as it was then."""

    source: str
    sent: Mapping[str, str]
    shown: set[str] = field(default_factory=set)

    @cached_property
    def body(self) -> Any:
        """The document as the page had it, or nothing if it cannot be read."""
        try:
            return read(self.source)
        except SourceFault:
            return None

    @cached_property
    def known(self) -> Mapping[str, Field]:
        """The fields that conditions of this policy can be about."""
        return policy_page.fields_of(self.policy)

    @property
    def policy(self) -> str:
        """The name of the policy."""
        name = self.body.get("policy", "") if isinstance(self.body, dict) else ""
        return name if isinstance(name, str) else ""

    @cached_property
    def before(self) -> dict[str, str]:
        """The texts of the conditions that the page sent rows for, by their form names."""
        names = [found["of"] for name in self.sent if (found := _ANY.fullmatch(name))]
        return {name: self._text(name) for name in names}

    def _text(self, name: str) -> str:
        text = at(self.body, path_of(name))
        return text if isinstance(text, str) else ""

    @cached_property
    def typed(self) -> dict[str, str]:
        """What was typed, with each condition and each assignee as one text."""
        found = condition_rows.resolved(self.sent, self.before, self.known) if self.before else dict(self.sent)
        for name in [name for name in found if name.endswith(NAME)]:
            of = name.removesuffix(NAME)
            if found.get(of, "").endswith(":"):
                found[of] += found[name].strip()
        return found

    @cached_property
    def edited(self) -> str:
        """The text with the edits of the page."""
        return changes.changed(self.source, self.typed)

    @property
    def is_incomplete(self) -> bool:
        """Whether a row of any condition was begun and is not complete."""
        return any(map(self._is_incomplete, self.before))

    def _is_incomplete(self, name: str) -> bool:
        return condition_rows.is_incomplete(condition_typing.form_of(name, self.sent), self.known)

    def build(self, name: str, text: str) -> Shown:
        """Return a condition as rows for the page."""
        self.shown.add(name)
        return condition_form.shown(name, text, self.sent, self.known, self.before.get(name, text))

    def waiting(self) -> list[tuple[str, str]]:
        """Return the rows of conditions that are not on the page, so that it carries what is not complete there."""
        if {"remove", "up", "down"} & set(self.sent):
            return []
        names = [name for name in self.before if name not in self.shown]
        marks = tuple(f"{MARK}{name}:" for name in names if self._is_incomplete(name))
        return [(key, value) for key, value in self.sent.items() if key.startswith(marks)] if marks else []

"""The pages in their order: each form is made of what the forms before it accepted."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy

from approvals.admin.setup.new_kind import deciding, state
from approvals.admin.setup.new_kind.deciding import Deciding, Policy
from approvals.admin.setup.new_kind.forms import Fields, Start
from approvals.admin.setup.new_kind.state import Typed
from approvals.models import Person
from approvals.services.catalog.kinds import policy_cards
from approvals.services.catalog.kinds.policy_cards import ASK, SENIOR
from approvals.services.catalog.kinds.sketch import Sketch
from approvals.services.configuration.new_kind import NewKind

STEPS = {
    "start": gettext_lazy("What the agent wants to do"),
    "fields": gettext_lazy("Its fields"),
    "stakes": gettext_lazy("What is at stake, and who decides"),
    "policy": gettext_lazy("When a person must look"),
    "check": gettext_lazy("Try it"),
}
NAMES = tuple(STEPS)
MADE_OF = "made_of"


@dataclass
class Steps:
    """The forms, from what was typed on the pages so far; ``may_write`` says whether policies may be written."""

    typed: Typed
    asker: Person
    may_write: bool

    @cached_property
    def start(self) -> Start:
        """The first page."""
        return Start(self._data("start"))

    @cached_property
    def begun(self) -> Sketch:
        """What the first page suggests."""
        return self.start.begun(deciding.taken_names())

    @cached_property
    def fields(self) -> Fields:
        """The second page; what was typed about other fields than these is left out."""
        data = self._data("fields")
        is_stale = data is not None and data.get(MADE_OF) != self.made_of
        return Fields(None if is_stale else data, self.begun, self.start.example())

    @cached_property
    def made_of(self) -> str:
        """Which fields the second page is about."""
        written = json.dumps([self.begun.schema, self.begun.title], sort_keys=True, default=str)
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    @cached_property
    def stakes(self) -> Deciding:
        """The third page."""
        return Deciding(self._data("stakes"), self.fields.made(), self.start.picked, self.asker)

    @cached_property
    def policy(self) -> Policy:
        """The fourth page."""
        return Policy(self._data("policy"), self.sketched, self._suggested(), self.may_write)

    @cached_property
    def sketched(self) -> Sketch:
        """The sketch after the third page."""
        return self.stakes.sketched()

    def _suggested(self) -> str:
        """The policy card that suits the gallery's kind, or the answers."""
        if self.start.picked is not None:
            return self.start.picked.policy
        is_serious = self.sketched.stakes == "high" and self.sketched.reversibility == "irreversible"
        if is_serious:
            return SENIOR
        return policy_cards.AMOUNT if self.sketched.roles.amount and self.sketched.roles.currency else ASK

    def form(self, name: str) -> Any:
        """The form of a page; the last one has none."""
        return getattr(self, name) if name in ("start", "fields", "stakes", "policy") else None

    def first_invalid(self, before: str) -> str | None:
        """The first page before this one that is not as it must be."""
        for name in NAMES[: NAMES.index(before)]:
            if not self.form(name).is_valid():
                return name
        return None

    @cached_property
    def finished(self) -> tuple[Sketch, str]:
        """The whole sketch, and the text of its policy."""
        made = self.policy.sketched(self.begun.name)
        return made, self.policy.text(made)

    def wanted(self) -> NewKind:
        """The rows that are to be saved."""
        made, policy = self.finished
        desk, member = self.stakes.desk_rows()
        kind = made.as_row(desk, self.stakes.cleaned_data.get("owner"))
        return NewKind(kind=kind, desk=desk, member=member, policy=policy)

    def _data(self, name: str) -> Any:
        return state.as_data(self.typed[name]) if name in self.typed else None

"""What guards control rows, such as memberships and keys: none changes without an entry that holds how it is now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from policies.guards.kinds import (
    DIFFERS,
    Guard,
    Refusal,
    Trigger,
    lite_refusal,
    pg_constraint_trigger,
    pg_refusal,
)

ENTRIES = "approvals_ledgerentry"

BARE = "a change of this row needs a new ledger entry"
UNTOLD = "the ledger entry of this row must name a history row that holds it"
REMOVED = "the removal of this row needs a ledger entry"

# Nothing depends on it: a sign-in brings no entry.
FREE = frozenset({"last_login", "counts_as_id", "entry_id"})
KEPT = ("absence", "breakglass", "delegation", "halt", "samplecheck", "standingrule", "tightening", "webhook")
# Rows that can be deleted, too.
REMOVABLE = (
    *("actiontype", "agent", "apikey", "calendar", "client", "desk", "duty", "employee", "exchangerate", "flowlimit"),
    *("holiday", "hours", "membership", "person", "subjectowner"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of a model change only with a new ledger entry, whose history row holds the row.

    A row goes first and points at an entry that does not exist yet. PostgreSQL compares when the transaction ends;
    SQLite, which cannot wait, when the entry comes, and its foreign key demands that it does. By their names these
    triggers come last, after those that say more precisely what is wrong.
    """

    model: str

    def postgresql(self) -> Iterator[Trigger]:
        """Yield the trigger before a change, the one at its end, and those against a removal."""
        yield from Refusal(f"told_{self.model}_born", self.table, "INSERT", self._born(), BARE).postgresql()
        yield from Refusal(f"told_{self.model}_changed", self.table, "UPDATE", self._bare(DIFFERS), BARE).postgresql()
        body = pg_refusal(f"NEW.entry_id IS NOT NULL AND NOT EXISTS ({self._holds('NEW', DIFFERS)})", UNTOLD)
        # A change that brings no entry was let through because it changes nothing.
        body = f"IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN {body} END IF;"
        yield pg_constraint_trigger(f"told_{self.model}_whole", self.table, "INSERT OR UPDATE", body)
        if self.is_removable:
            yield from self._removal(DIFFERS).postgresql()

    def sqlite(self) -> Iterator[Trigger]:
        """Yield the triggers before a change, the one of its entry, and the one against a removal."""
        yield from Refusal(f"told_{self.model}_born", self.table, "INSERT", self._born(), BARE).sqlite()
        yield from Refusal(f"told_{self.model}_changed", self.table, "UPDATE", self._bare("IS NOT"), BARE).sqlite()
        untold = (
            f"NEW.action_id IS NULL AND EXISTS (SELECT 1 FROM {self.table} r WHERE r.entry_id = NEW.id "
            f"AND NOT EXISTS ({self._holds('r', 'IS NOT')}))"
        )
        yield lite_refusal(f"told_{self.model}_whole", ENTRIES, "AFTER INSERT", untold, UNTOLD)
        if self.is_removable:
            yield from self._removal("IS NOT").sqlite()

    @property
    def table(self) -> str:
        """The table of the model."""
        return f"approvals_{self.model}"

    @property
    def is_removable(self) -> bool:
        """Whether its rows can be deleted."""
        return self.model in REMOVABLE

    def _born(self) -> str:
        return f"NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM {ENTRIES} WHERE id = NEW.entry_id)"

    def _bare(self, differs: str) -> str:
        """Nothing changes without another entry, and that one is new."""
        changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in _columns(self._model))
        is_told = f"NEW.entry_id {differs} OLD.entry_id"
        return f"NEW.id <> OLD.id OR (CASE WHEN {is_told} THEN {self._born()} ELSE {changed} END)"

    def _holds(self, row: str, differs: str) -> str:
        """The entry of a row, with the history row that it names, where that one equals the row."""
        return (
            f"SELECT 1 FROM {ENTRIES} e JOIN approvals_historical{self.model} h ON h.history_id = e.history_id "
            f"WHERE e.id = {row}.entry_id AND e.action_id IS NULL AND h.entry_id = e.id "
            f"AND h.history_type <> '-' AND {self._equals(row, differs)}"
        )

    def _equals(self, row: str, differs: str) -> str:
        different = " OR ".join(f"h.{column} {differs} {row}.{column}" for column in _told(self._model))
        return f"NOT ({different})"

    def _removal(self, differs: str) -> Refusal:
        removed = (
            f"SELECT 1 FROM approvals_historical{self.model} h JOIN {ENTRIES} e ON e.id = h.entry_id "
            f"WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id "
            f"AND {self._equals('OLD', differs)}"
        )
        return Refusal(f"told_{self.model}_removed", self.table, "DELETE", f"NOT EXISTS ({removed})", REMOVED)

    @property
    def _model(self) -> Any:
        return apps.get_model("approvals", self.model)


def _columns(model: Any) -> list[str]:
    """The columns that do not change without an entry, quoted: some are words of SQL."""
    return [f'"{field.column}"' for field in model._meta.concrete_fields if field.column not in FREE]


def _told(model: Any) -> list[str]:
    """The columns that a history row holds, too."""
    return [f'"{field.column}"' for field in model.history.model.tracked_fields if field.column not in FREE]


GUARDS: tuple[Guard, ...] = tuple(Told(model) for model in (*KEPT, *REMOVABLE))

"""Saving what a plan changes, row by row in the author's name, and asking what forms ask. Steps."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from approvals.actors import Actor
from approvals.models import ActionType, Client, FlowLimit, Membership, Person
from approvals.services.catalog import own_agents, rows
from approvals.services.catalog.gathering import ConfigurationChange
from approvals.services.configuration.folder.planning import Plan, Planned, references
from approvals.services.directory import import_sheet
from approvals.services.policy import form_faults
from approvals.services.safety import flow
from policies.engine.values.currencies import CODES

WHY = "From the files of the set-up."
OWN = "This would change your own authority. Another person must apply it."


def save(plan: Plan, actor: Actor, person: Person, change: ConfigurationChange) -> None:
    """Save each changed row; what may not be saved is noted as a fault of the plan, and its dependents are left out."""
    saver = _Saver(plan, actor, person, change)
    for planned in plan.rows:
        if not planned.is_none:
            saver.save(planned)
    saver.close_circles()


def check_action_types(plan: Plan, coming: frozenset[str]) -> None:
    """Note what is wrong with each changed action type; the policies ``coming`` with it are in force or will be.

    Until the policy of an action type is in force, each of its actions waits for a person.
    """
    for planned in plan.rows:
        kind = planned.row
        if not isinstance(kind, ActionType) or planned.is_none or planned.is_faulty:
            continue
        data = {field.name: getattr(kind, field.name) for field in planned.section.fields}
        if kind.policy in coming:
            data["policy"] = ""
        for name, faults in form_faults.of(data):
            for fault in faults:
                plan.wrong(planned.entry, name, f"{name}: {fault}")


class _Saver:
    """Saves rows after those that they need."""

    def __init__(self, plan: Plan, actor: Actor, person: Person, change: ConfigurationChange) -> None:
        self.plan, self.actor, self.person, self.change = plan, actor, person, change
        self.by_row = {id(planned.row): planned for planned in plan.rows}
        self.begun: set[int] = set()
        self.later: list[tuple[Planned, str, Any]] = []

    def save(self, planned: Planned) -> None:
        """Save a row once, and those that it leads to before it."""
        if planned.is_faulty or id(planned.row) in self.begun:
            return
        self.begun.add(id(planned.row))
        self._save_references(planned)
        if planned.is_faulty or self._is_refused(planned):
            planned.is_faulty = True
            return
        loosening = len(self.change.loosening)
        self._write(planned)
        planned.loosens = len(self.change.loosening) > loosening

    def close_circles(self) -> None:
        """Set what two new rows say of each other, once both are saved."""
        for planned, name, other in self.later:
            if not planned.is_faulty and other.pk is not None:
                setattr(planned.row, name, other)
                rows.save(planned.row, self.actor, [name], why=WHY)

    def _save_references(self, planned: Planned) -> None:
        for name, other in list(references(planned.row)):
            needed = self.by_row.get(id(other))
            if needed is not None and other.pk is None:
                self.save(needed)
            if other.pk is not None:
                # A saved row takes the key that the other one has by now.
                setattr(planned.row, name, other)
            elif needed is None or needed.is_faulty:
                planned.is_faulty = True
            else:
                self.later.append((planned, name, other))
                setattr(planned.row, name, None)

    def _write(self, planned: Planned) -> None:
        row = planned.row
        if planned.is_removed:
            rows.delete(row, self.actor, why=WHY)
            return
        if isinstance(row, ActionType) and not planned.is_new and "schema" in planned.fields:
            row.version = rows.next_version(row)
        rows.save(row, self.actor, planned.fields, is_new=planned.is_new, why=WHY)

    def _is_refused(self, planned: Planned) -> bool:
        """Whether the row may not be saved; each reason is noted."""
        faults = len(self.plan.faults)
        for name, sentence in self._faults(planned):
            self.plan.wrong(planned.entry, name, sentence)
        return len(self.plan.faults) > faults

    def _faults(self, planned: Planned) -> Iterator[tuple[str, str]]:
        row = planned.row
        if _is_overtaken(planned):
            yield "", "Somebody changed this row meanwhile. Run the command again."
        verb = "delete" if planned.is_removed else "add" if planned.is_new else "change"
        if not self.person.has_perm(f"approvals.{verb}_{row._meta.model_name}"):
            what = row._meta.verbose_name_plural
            yield "", f"{self.person.username} has no permission to {verb} {what}. Choose another author."
        if planned.is_removed:
            return
        import_sheet.spell(row)
        yield from _invalid(planned)
        yield from _unknown(planned)
        if (refusal := own_agents.refusal_for(row, self.person)) is not None:
            yield "", refusal.message
        if why := import_sheet.against(row, planned.fields, self.person):
            yield "", why
        is_exception = self.person.is_superuser and isinstance(row, Membership) and row.desk.is_solo
        if isinstance(row, Membership) and row.person_id == self.person.pk and not is_exception:
            yield "", OWN


def _is_overtaken(planned: Planned) -> bool:
    """Whether a row is no longer as it was read; it is locked, so that it stays as it is now."""
    model: Any = type(planned.row)
    rows = model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=planned.row.pk)
    return not planned.is_new and rows.values(*planned.was).first() != planned.was


def _invalid(planned: Planned) -> Iterator[tuple[str, str]]:
    """What the model itself refuses; of a row that is there, only in what changes."""
    row = planned.row
    known = {field.name for field in planned.section.fields} if planned.is_new else set(planned.fields)
    unchanged = {field.name for field in row._meta.fields} - known
    for check in (lambda: row.clean_fields(exclude=unchanged), row.validate_unique, row.validate_constraints):
        try:
            check()
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for name, messages in found.items():
                label = "" if name == NON_FIELD_ERRORS else f"{name}: "
                yield from ((name, f"{label}{message}") for message in messages)


def _unknown(planned: Planned) -> Iterator[tuple[str, str]]:
    """What names nothing, and no model checks."""
    row = planned.row
    if isinstance(row, Client) and row.currency and row.currency not in CODES:
        yield "currency", f"{row.currency} is not a currency code. Use a code such as EUR."
    if isinstance(row, FlowLimit) and planned.is_new and row.connector not in flow.connectors():
        yield "connector", f"There is no connector {row.connector!r}. Use one of: {', '.join(flow.connectors())}."
    if isinstance(row, ActionType) and "reasons" in planned.fields:
        codes = [reason["code"] for reason in row.reasons or ()]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield "reasons", f"The code {code} appears twice. Use each code once."

"""Notes as shown on the review page, with the changes made by each answer."""

from dataclasses import dataclass

from approvals.admin.payload_form.schema import name_of
from approvals.models import Action, Note, Person
from approvals.queries.record import notes
from approvals.text.json_diff import Change


@dataclass(frozen=True, slots=True)
class Line:
    """One note; ``changes`` are the payload changes, by field label."""

    note: Note
    changes: list[tuple[str, Change]]
    is_to_reader: bool


def lines(action: Action, reader: Person) -> list[Line]:
    """All notes of an action, oldest first; answers to the reader are flagged."""
    schema = action.action_type.schema
    return [
        Line(
            said.note,
            [(name_of(change.pointer, schema), change) for change in said.changes],
            said.note.answers is not None and said.note.answers.person_id == reader.pk,
        )
        for said in notes.of(action)
    ]

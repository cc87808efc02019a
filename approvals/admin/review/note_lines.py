"""What was said about an action as its page shows it: each note, and what an answer changed, field by field."""

from dataclasses import dataclass

from approvals.admin.payload_form.schema import name_of
from approvals.models import Action, Note, Person
from approvals.queries.record import notes
from approvals.text.json_diff import Change


@dataclass(frozen=True, slots=True)
class Line:
    """One note; ``changes`` are what its payload changed, by the names that people know the fields by."""

    note: Note
    changes: list[tuple[str, Change]]
    is_to_reader: bool


def lines(action: Action, reader: Person) -> list[Line]:
    """Every note on an action, oldest first; an answer says whether it is the reader whom it answers."""
    schema = action.action_type.schema
    return [
        Line(
            said.note,
            [(name_of(change.pointer, schema), change) for change in said.changes],
            said.note.answers is not None and said.note.answers.person_id == reader.pk,
        )
        for said in notes.of(action)
    ]

"""Notes on an action, with the payload changes of the agent's answers."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField

from approvals.models import Action, Note, Revision
from approvals.text.json_diff import Change, between
from policies.compiled import Compiled, Slot

WITH = ("person", "handed_to", "agent", "text", "answers", "revision")


@dataclass(frozen=True, slots=True)
class Said:
    """A note, and the payload changes of its revision, if any."""

    note: Note
    changes: tuple[Change, ...] = ()


def of(action: Action) -> list[Said]:
    """Return every note on an action, oldest first, in one statement."""
    rows: list[Any] = _NOTES.all(action=action.pk)
    return [Said(note, _changes(note, note.before)) for note in rows]


def _notes() -> QuerySet[Note]:
    before = Revision.objects.filter(action=OuterRef("action"), number=OuterRef("written") - 1).values("body")
    rows = Note.objects.filter(action=Slot("action", UUIDField())).select_related(*WITH)
    return rows.annotate(written=F("revision__number")).annotate(before=Subquery(before[:1]))


_NOTES: Compiled[Note] = Compiled(_notes)


def _changes(note: Note, before: str | None) -> tuple[Change, ...]:
    return tuple(between(json.loads(before), note.revision.payload)) if note.revision and before else ()

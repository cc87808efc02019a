"""Actions with all related data, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet, UUIDField

from approvals.actors import Actor
from approvals.authority import visibility
from approvals.models import Action, ActionAttachment, Decision, Execution, Note, Revision, Stage, Text
from approvals.models.texts import TextKind
from approvals.queries.record.plans import plan_of
from approvals.queries.record.related import overrides, reversals, twins
from approvals.queries.record.related.twins import Twin
from approvals.states import GRANTS, OPEN, ActionState
from approvals.text.json_diff import Change, between
from policies.compiled import Compiled, Slot

M = TypeVar("M", bound=Model)
SHOWN_WITH = ("action_type", "agent", "desk", "client", "revision", "evaluation")
# Under this name an action carries, by model, rows that are certain to be all of its own.
_ALL = "all_rows"


@dataclass(frozen=True, slots=True)
class Record:
    """An action and its related data; `words` holds instruction, reasoning and evidence.

    `duplicates` are those that its reader may see, and `parent` is None if they may not see it.
    """

    action: Action
    words: Mapping[str, Any]
    revisions: Sequence[Revision] = ()
    stages: Sequence[Stage] = ()
    decisions: Sequence[Decision] = ()
    executions: Sequence[Execution] = ()
    question: Note | None = None
    overridden_as: UUID | None = None
    reversed_by: UUID | None = None
    duplicates: Sequence[Twin] = ()
    places: Sequence[ActionAttachment] = ()
    parent: UUID | None = None

    @property
    def plan(self) -> list[Stage]:
        """The stages of the current round, each once, in order."""
        return plan_of(self.action, rows=self.stages)

    @property
    def decision(self) -> Decision | None:
        """The final decision of the current round, if there is one."""
        return next((item for item in self.decisions if item.is_final and item.round == self.action.round), None)

    @property
    def approvers(self) -> list[str]:
        """Who approved the current revision in the current round, first to last."""
        digest, number = self.action.revision.digest, self.action.round
        given = [item for item in self.decisions if item.verdict in GRANTS and item.round == number]
        return list(dict.fromkeys(item.by for item in given[::-1] if item.person and item.digest == digest))

    @property
    def execution(self) -> Execution | None:
        """The execution of the current round, if there is one."""
        mine = (item for item in self.executions if not item.is_end)
        return next((item for item in mine if item.round == self.action.round), None)

    @property
    def end(self) -> Execution | None:
        """The last end of the action's effect, promised, under way or over, if there is one."""
        return max((item for item in self.executions if item.is_end), key=lambda item: item.end_number, default=None)

    @property
    def changes(self) -> list[Change]:
        """The reviewers' changes to the agent's latest payload."""
        own = max((item for item in self.revisions if item.agent_id), key=lambda item: item.number, default=None)
        return list(between(own.payload, self.action.revision.payload)) if own else []


def shown(rows: QuerySet[Action]) -> QuerySet[Action]:
    """Return the actions with their related rows."""
    return rows.select_related(*SHOWN_WITH)


def complete(actions: Sequence[Action], reader: Actor) -> list[Record]:
    """Return the full records of actions that were read with `shown`, as the reader may see them."""
    routed = [action for action in actions if action.state != ActionState.PROPOSED]
    granted = [action for action in actions if action.state not in OPEN]
    edited = [action for action in actions if action.revision.number > 1]
    words = {text.action_id: text.content for text in _WORDS.of(actions)}
    versions = _by_action(_REVISIONS.of(edited))
    plans, verdicts = _by_action(_STAGES.of(routed)), _by_action(_DECISIONS.of(routed))
    successors, undoing = overrides.newest(actions), reversals.newest(actions)
    runs = _by_action(_EXECUTIONS.of(granted))
    waiting = [action for action in actions if action.state == ActionState.PENDING]
    questions = {note.action_id: note for note in _QUESTIONS.of(waiting)}
    # Only what waits, or was found odd for it, is worth a statement.
    warned = [action for action in actions if action.state == ActionState.PENDING or twins.is_flagged(action.flags)]
    duplicates = twins.of_each(warned, reader)
    documented = [action for action in actions if action.revision.attachments]
    places = _by_action(_PLACES.of(documented))
    seen_parents = _seen_parents(actions, reader)
    return [
        Record(
            action,
            words.get(action.pk, {}),
            versions[action.pk],
            plans[action.pk],
            verdicts[action.pk],
            runs[action.pk],
            questions.get(action.pk),
            successors.get(action.pk),
            undoing[action.pk].pk if action.pk in undoing else None,
            duplicates.get(action.pk, ()),
            places[action.pk],
            action.parent_id if action.parent_id in seen_parents else None,
        )
        for action in actions
    ]


def newborn(action: Action, words: Mapping[str, Any]) -> Record:
    """Return the record of a newly proposed action, without a query."""
    return Record(action, words, places=_attached(action).get(ActionAttachment, ()), parent=action.parent_id)


def _seen_parents(actions: Sequence[Action], reader: Actor) -> Collection[UUID]:
    """The parents of actions that their reader may see; an agent's are its own."""
    named = {action.parent_id for action in actions if action.parent_id is not None}
    return named if reader.agent is not None else visibility.visible_among(reader, named, ("action_type",)).keys()


def attach_all(action: Action, rows: Mapping[type[Model], Sequence[Model]]) -> None:
    """Attach all rows that an action has of these models, so that its record is made without reading them."""
    vars(action)[_ALL] = rows


def _attached(action: Action) -> Mapping[type[Model], Sequence[Any]]:
    rows: Mapping[type[Model], Sequence[Any]] = vars(action).get(_ALL, {})
    return rows


class _About(Generic[M]):
    """Rows of some actions; of one, which an answer is about as a rule, by a statement that is built once."""

    def __init__(self, model: type[M], build: Callable[..., QuerySet[M]]) -> None:
        self._model, self._build = model, build
        self._of_one: Compiled[M] = Compiled(lambda: build(action=Slot("action", UUIDField())))

    def of(self, actions: Sequence[Action]) -> Sequence[M]:
        """Return the rows of these actions, and read them only of those to which they are not attached."""
        known = {action.pk: rows[self._model] for action in actions if self._model in (rows := _attached(action))}
        unread = [action.pk for action in actions if action.pk not in known]
        return [*chain.from_iterable(known.values()), *self._read(unread)]

    def _read(self, ids: Sequence[UUID]) -> Sequence[M]:
        if len(ids) == 1:
            return self._of_one.all(action=ids[0])
        return list(self._build(action__in=ids)) if ids else []


_WORDS: _About[Text] = _About(Text, lambda **these: Text.objects.filter(kind=TextKind.PROPOSAL, **these))
_STAGES: _About[Stage] = _About(
    Stage, lambda **these: Stage.objects.filter(**these).select_related("person", "desk", "group").order_by("number")
)
_DECISIONS: _About[Decision] = _About(
    Decision,
    lambda **these: Decision.objects.filter(**these).select_related("person", "delegator", "rationale").order_by("-at"),
)
_REVISIONS: _About[Revision] = _About(
    Revision, lambda **these: Revision.objects.filter(**these).select_related("person", "agent")
)
_PLACES: _About[ActionAttachment] = _About(
    ActionAttachment,
    lambda **these: ActionAttachment.objects.filter(**these).select_related("attachment").order_by("position"),
)
_EXECUTIONS: _About[Execution] = _About(Execution, Execution.objects.filter)
_QUESTIONS: _About[Note] = _About(
    Note, lambda **these: Note.objects.filter(is_open=True, **these).select_related("person", "text")
)


def _by_action(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.action_id].append(row)
    return grouped

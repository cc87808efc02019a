"""The parts that a policy is read in, and the words that several of them share."""

from dataclasses import dataclass

from policies.engine.values import assignees
from policies.engine.values.durations import Timing
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import Route

Words = Said | str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a policy says: what it is called, its sentences, and the text behind them if it is CEL.

    A name is the author's own, and a label is ours. `outcome` is what it leads to, if it leads to one thing.
    """

    key: str
    name: str = ""
    label: Words = ""
    sentences: tuple[Words, ...] = ()
    text: str = ""
    outcome: Route | None = None
    is_text: bool = False

    @property
    def short(self) -> str:
        """The outcome in one word."""
        return SHORT[self.outcome] if self.outcome else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a policy, with what it says."""

    key: str
    title: str
    items: tuple[Item, ...]
    about: str = ""


THEN = {
    Route.AUTO: message("the action runs automatically"),
    Route.REVIEW: message("a junior reviewer decides"),
    Route.ESCALATE: message("a senior reviewer decides"),
    Route.BLOCK: message("the action is blocked"),
}
SHORT = {
    Route.AUTO: message("runs"),
    Route.REVIEW: message("junior"),
    Route.ESCALATE: message("senior"),
    Route.BLOCK: message("blocked"),
}
"""The outcomes in one word each, for pictures and labels."""


def then(outcome: Route) -> Said:
    """Return an outcome as the end of a sentence."""
    return say(THEN[outcome])


def types(patterns: tuple[str, ...]) -> tuple[Words, ...]:
    """Return which action types something is about, if not about all."""
    if "*" in patterns:
        return ()
    return (say("Only for these action types: {names}.", names=list(patterns)),)


def assignee(who: str) -> Said:
    """Return whom a stage asks, in words."""
    asked = assignees.asked(who)
    if asked.name:
        return say(_NAMED[asked.kind], name=asked.name)
    return say(_BARE[asked.kind])


_BARE = {
    "responsible": message("the responsible person or desk"),
    "desk": message("the desk of the action type"),
    "manager": message("the requester’s manager"),
    "owner": message("the owner of the subject"),
    "on_duty": message("the person on duty"),
    assignees.CLIENT_RESPONSIBLE: message("the person who is responsible for the client"),
}
_NAMED = {
    "desk": message("the desk “{name}”"),
    "on_duty": message("the person on duty at the desk “{name}”"),
    "group": message("the group “{name}”"),
    "person": message("{name}"),
}


def due(timing: Timing) -> Said:
    """Return a due time as an amount of time."""
    if timing.working_hours:
        return _counted(timing.working_hours, message("1 working hour"), message("{count} working hours"))
    if timing.working_days:
        return _counted(timing.working_days, message("1 working day"), message("{count} working days"))
    return span(timing.due_seconds)


def span(seconds: int) -> Said:
    """Return a number of seconds in the largest unit that tells it exactly."""
    for size, one, many in (
        (86_400, message("1 day"), message("{count} days")),
        (3_600, message("1 hour"), message("{count} hours")),
        (60, message("1 minute"), message("{count} minutes")),
    ):
        if seconds and seconds % size == 0:
            return _counted(seconds // size, one, many)
    return _counted(seconds, message("1 second"), message("{count} seconds"))


def _counted(count: int, one: str, many: str) -> Said:
    return say(one) if count == 1 else say(many, count=count)

"""What history says of an action: document numbers and payloads that were proposed before."""

from collections.abc import Iterator

from policies.engine.checks.flag import Flag
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.said import say


def seen_before(facts: PolicyInput) -> Iterator[Flag]:
    """Flag a document number, or without one a payload, that was proposed before."""
    if _times(facts, "same_number"):
        yield Flag("seen_before", "", say("This document number has already been used."))
    elif _times(facts, "same_payload"):
        yield Flag("seen_before", "", say("An identical action was proposed recently or is still open."))


def _times(facts: PolicyInput, name: str) -> bool:
    times = facts.history.get(name, 0)
    return isinstance(times, int) and times > 0

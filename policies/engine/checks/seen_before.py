"""What history says of an action: document numbers that were proposed before."""

from collections.abc import Iterator

from policies.engine.checks.flag import Flag
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.said import say


def seen_before(facts: PolicyInput) -> Iterator[Flag]:
    """Flag a document number that was proposed before."""
    times = facts.history.get("same_number", 0)
    if isinstance(times, int) and times > 0:
        yield Flag("seen_before", "", say("This document number was used before."))

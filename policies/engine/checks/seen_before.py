"""What history says of an action: document numbers and payloads that were proposed before."""

from collections.abc import Iterator

from policies.engine.checks.flag import Flag
from policies.engine.inputs.policy_input import PolicyInput

_SEEN = {
    "same_number": "This document number was used before.",
    "same_payload": "The same payload was proposed before.",
}


def seen_before(facts: PolicyInput) -> Iterator[Flag]:
    """Flag what was proposed before."""
    for name, sentence in _SEEN.items():
        times = facts.history.get(name, 0)
        if isinstance(times, int) and times > 0:
            yield Flag("seen_before", "", sentence)

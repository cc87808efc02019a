"""How much a heavy test tries: enough to notice a fault in `make test`, all of it in `make prove`."""

import os

from hypothesis import settings

IS_PROOF = bool(os.environ.get("HITL_PROVE"))


def times(usual: int, proof: int) -> int:
    """How often a test tries something: `usual`, and `proof` in `make prove`."""
    return proof if IS_PROOF else usual


def load_profile() -> None:
    """Choose how much property tests generate.

    CI generates the same examples in each run, so that a change is judged by what it changes. A run on a developer's
    machine goes on looking, and `make prove` looks twenty times as long.
    """
    settings.register_profile("usual", deadline=None)
    settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
    settings.register_profile("prove", deadline=None, max_examples=2_000)
    settings.load_profile("prove" if IS_PROOF else "ci" if os.environ.get("CI") else "usual")

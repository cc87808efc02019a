"""How much each measurement does: the full sizes that are kept, and quick ones that only show that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts, never seconds: every loop here ends by itself."""

    clients: int = 16
    singles: int = 4_000
    batches: int = 40
    decisions: int = 2_000
    journeys: int = 300
    burst: int = 1_000
    ready: int = 10_000
    evaluations: int = 20_000
    pages: int = 100
    hundred: int = 120
    queues: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    counted: tuple[int, ...] = (100_000, 1_000_000)
    loans: int | None = None
    # Of each path that a target names, how many alone, and how many wait while pages are read.
    targets: int = 1_000
    alone: int = 200
    # How often all paths and floors are measured in turns; odd, so that one of them is the median.
    rounds: int = 3
    pending: int = 1_000_000
    # Of the large catalog.
    people: int = 50_000
    keys: int = 100_000
    changes: int = 5_000
    # Agents that wait together, and the decisions that some of them hear of.
    waiting: int = 1_000
    heard: int = 200


FULL = Sizes()
QUICK = Sizes(
    singles=160,
    batches=2,
    decisions=80,
    journeys=10,
    burst=40,
    ready=400,
    evaluations=500,
    pages=5,
    hundred=15,
    queues=(1_000, 5_000),
    counted=(500, 1_000),
    loans=300,
    targets=200,
    alone=12,
    rounds=1,
    pending=5_000,
    people=500,
    keys=1_000,
    changes=100,
    waiting=40,
    heard=10,
)

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
    evaluations: int = 20_000
    pages: int = 100
    hundred: int = 120
    queues: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    counted: tuple[int, ...] = (100_000, 1_000_000)
    loans: int | None = None


FULL = Sizes()
QUICK = Sizes(
    singles=160,
    batches=2,
    decisions=80,
    journeys=10,
    burst=40,
    evaluations=500,
    pages=5,
    hundred=15,
    queues=(1_000, 5_000),
    counted=(500, 1_000),
    loans=300,
)

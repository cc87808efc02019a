"""One round of all paths and their floors, and what is said of several.

The same work costs up to 40 percent more in one minute than in the next on a shared machine, so no single round tells
much. Paths and floors are measured in turns, and each figure is the median of its rounds, beside the least and most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median_low

from benchmarks import floors, lives, paths, proposals, routing, storage
from benchmarks.costs import Cost
from benchmarks.floors import Names
from benchmarks.lives import Life
from benchmarks.load import Line
from benchmarks.paths import Found
from benchmarks.sizes import Sizes
from benchmarks.target_table import OWN, TARGETS
from benchmarks.world import World

BY_PERSON = ("propose", "route to a person", "approve")
BY_POLICY = ("propose a small one", "route by policy", "execute")
FLOOR_OF = {"approve by token": "approve", "approve by session": "approve"}
# Fewer proposals give no exact CPU time.
ENOUGH = 500
# What a backlog would cost at least, if as many were written together.
TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Round:
    """What the paths cost, each beside its floor, and F before and after them; all of one round."""

    before: float
    after: float
    found: Found
    costs: Sequence[Cost]
    bare: Mapping[str, Line]

    @property
    def f(self) -> float:
        """The CPU of one proposal's rows, server and database, in milliseconds."""
        return (self.before + self.after) / 2

    def figures(self) -> dict[str, float]:
        """What is compared with the targets."""
        found = self.found
        return {cost.line.name: self.figure(cost) for cost in self.costs} | {
            "alone p50": found.alone.percentile(50),
            "alone p95": found.alone.percentile(95),
            "stored, automatic": storage.total(found.automatic) / 1_000,
            "stored, by a person": storage.total(found.by_person) / 1_000,
        }

    def figure(self, cost: Cost) -> float:
        """What the path's target compares: times F, or times its own floor."""
        unit = next(target.unit for target in TARGETS if target.key == cost.line.name)
        return cost.times if unit == OWN and cost.times else cost.cpu / self.f


def measure(here: World, sizes: Sizes) -> list[Round]:
    """Measure paths and floors in turns."""
    done = []
    for number in range(sizes.rounds):
        print(f"  round {number + 1} of {sizes.rounds}", flush=True)
        done.append(_one(here, sizes))
    return done


def figures(rounds: Sequence[Round]) -> dict[str, list[float]]:
    """The figures of all rounds, by their targets."""
    found = [each.figures() for each in rounds]
    return {key: [figures[key] for figures in found] for key in found[0]}


def middle(rounds: Sequence[Round]) -> Iterator[tuple[Cost, float]]:
    """Yield each path as it was in the round of its median, with the F of that round."""
    for place in range(len(rounds[0].costs)):
        ranked = [(each.figure(each.costs[place]), number) for number, each in enumerate(rounds)]
        chosen = rounds[median_low(ranked)[1]]
        yield chosen.costs[place], chosen.f


def of_middle_f(rounds: Sequence[Round]) -> Round:
    """The round whose F is the median."""
    return rounds[median_low([(each.f, number) for number, each in enumerate(rounds)])[1]]


def _one(here: World, sizes: Sizes) -> Round:
    lives.set_all_aside()
    routing.drain()
    policy, person = lives.by_policy(here), lives.by_person(here)
    before = _proposal(person, sizes)
    found = paths.measure(here, sizes)
    after = _proposal(person, sizes)
    bare = _floors(policy, person, sizes)
    beside = [cost.over(bare[FLOOR_OF.get(cost.line.name, cost.line.name)]) for cost in found.costs]
    return Round(before, after, found, beside, bare)


def _proposal(person: Life, sizes: Sizes) -> float:
    """F: every other figure is divided by it, so it is measured of more."""
    items = _items(person, max(ENOUGH, sizes.targets), 1)
    line = floors.timed("propose", [person.proposed], items, sizes.clients)
    _set_aside(person, items)
    return sum(line.cpu)


def _floors(policy: Life, person: Life, sizes: Sizes) -> dict[str, Line]:
    """Each step's rows again, one action in a transaction and many; and a whole automatic action in one."""
    lines = {}
    for held, clients, said in ((1, sizes.clients, ""), (TOGETHER, 4, f", {TOGETHER} at once")):
        for life, steps in ((person, BY_PERSON), (policy, BY_POLICY)):
            items = _items(life, sizes.targets // held, held)
            for step, done in zip(steps, life.steps, strict=True):
                lines[step + said] = floors.timed(step + said, [done], items, clients)
            _set_aside(life, items)
        items = _items(policy, sizes.targets // held, held)
        lines["automatic" + said] = floors.timed("automatic" + said, policy.steps, items, clients)
        _set_aside(policy, items)
    items = _items(person, sizes.batches, proposals.BATCH)
    lines["batch"] = floors.timed("batch", [person.proposed], items, 4)
    _set_aside(person, items)
    return lines


def _items(life: Life, count: int, held: int) -> list[list[Names]]:
    return [life.names(held) for _ in range(count)]


def _set_aside(life: Life, items: list[list[Names]]) -> None:
    lives.set_aside(life.ids(chain.from_iterable(items)))

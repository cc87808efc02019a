"""What a run does to the product, in which order: drawn from its seed alone, so that a stopped run goes on with it."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

# Whom a kill or a pause hits. The parents are hit less often: all that they started goes with them.
VICTIMS = ("web", "web child", "web child", "worker", "worker child", "worker child", "worker child", "clock", "clock")
PAUSED = ("web child", "worker child", "worker child", "worker", "clock")
# The kinds of actions, by what the other side can do about doubt; mail is what can do nothing either.
CLASSES = ("dedupes", "askable", "neither", "mail")
# So many of a hundred proposals wait for a person, who rejects some of them.
FOR_A_PERSON, REJECTED = 30, 10


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is proposed, and how often each fault strikes."""

    actions: int = 2_000
    kills: int = 200
    pauses: int = 50
    flushes: int = 5
    restarts: int = 2
    hosts: int = 1
    cuts: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind, whom it hits, on which host, and a number from 0 to 1 that decides the rest."""

    kind: str
    victim: str
    host: int
    draw: float

    def __str__(self) -> str:
        return f"{self.kind} {self.victim}".strip() + (f" on host {self.host}" if self.host else "")


@dataclass(frozen=True, slots=True)
class Work:
    """One proposal, as an agent's program would make it."""

    number: int
    kind: str
    amount: float

    @property
    def key(self) -> str:
        """The agent's name for it."""
        return f"chaos-{self.number:06}"

    @property
    def is_for_a_person(self) -> bool:
        """Whether policy asks a reviewer."""
        return self.amount > 250

    @property
    def is_rejected(self) -> bool:
        """Whether the reviewer rejects it: the cents say so."""
        return round(self.amount * 100) % 100 == 13

    @property
    def payload(self) -> dict[str, Any]:
        """What is proposed."""
        invoice = {
            "issuer": "Paper Mill", "amount": self.amount, "currency": "EUR",
            "invoice_number": f"INV-{self.number:06}",
        }  # fmt: skip
        mail = {"to": "billing@example.com", "subject": f"Invoice {self.number}", "body": f"Invoice {self.number}."}
        return invoice | (mail if self.kind == "mail" else {})


def faults(seed: int, sizes: Sizes) -> list[Fault]:
    """All faults in their order."""
    chance = random.Random(f"faults {seed}")
    kinds = ["kill"] * sizes.kills + ["pause"] * sizes.pauses + ["cut"] * sizes.cuts
    kinds += [("flush", "kill valkey")[number % 2] for number in range(sizes.flushes)]
    kinds += [("stop database", "kill database")[number % 2] for number in range(sizes.restarts)]
    chance.shuffle(kinds)
    found = []
    for kind in kinds:
        victim = chance.choice({"kill": VICTIMS, "pause": PAUSED}.get(kind, ("",)))
        if kind == "kill" and sizes.hosts > 1 and chance.random() < 0.1:
            victim = "host"
        host = chance.randint(1, sizes.hosts) if sizes.hosts > 1 and kind in {"kill", "pause", "cut"} else 0
        found.append(Fault(kind, victim, host, chance.random()))
    return found


def work(seed: int, number: int) -> Work:
    """One proposal of the run."""
    chance = random.Random(f"work {seed} {number}")
    kind = chance.choice(CLASSES)
    if chance.randrange(100) >= FOR_A_PERSON:
        return Work(number, kind, 20.5)
    return Work(number, kind, 717.13 if chance.randrange(100) < REJECTED else 717.97)


def in_words(seed: int, sizes: Sizes) -> str:
    """The plan, as it is printed before the run."""
    counts = Counter(fault.kind for fault in faults(seed, sizes))
    told = ", ".join(f"{count} × {kind}" for kind, count in sorted(counts.items()))
    hosts = f" on {sizes.hosts} hosts" if sizes.hosts > 1 else ""
    return f"Seed {seed}: {sizes.actions} actions{hosts}; {told}."

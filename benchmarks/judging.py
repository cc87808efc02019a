"""Judging alone: what a policy of ten rules costs, without a database."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from benchmarks import world
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World
from policies.engine.document.parse import parse
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.scoring import score
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import Counted
from policies.queries.templates import document

TITLE = "Judging"
HEAD = ("what", "CPU µs", "per second, one core")
ABOUT = """
One evaluation in memory, one thread, no database: the facts bound to CEL, ten compiled conditions, the amount ladder
and everything that always holds. {count:,} evaluations each.
"""
CONDITIONS = (
    "amount > 10000.0",
    "confidence < 0.5",
    "has(payload.account) && payload.account > 9999",
    "payload.issuer.startsWith('Unknown')",
    "external && 'credentials' in data_classes",
    "domain in ['legal', 'hr', 'healthcare']",
    "currency != 'EUR' && amount_base > 1000.0",
    "'amount' in missing",
    "subject == 'Nobody Ltd'",
    "history.same_number > 0",
)
COUNTING = (*CONDITIONS[:-2], "recent.agent_day.count > 50", "recent.subject_day.sum > 9000.0")
COUNTED: Mapping[str, Counted] = {
    "recent.agent_day.count": 17,
    "recent.agent_day.sum": Decimal("1210.50"),
    "recent.subject_day.count": 2,
    "recent.subject_day.sum": Decimal("1435.94"),
}
FACTS = PolicyInput(
    action_type="finance.post",
    payload={"issuer": "Supplier 7", "amount": 717.97, "currency": "EUR", "invoice_number": "INV-1", "account": 4400},
    agent="benchmark-agent",
    amount=Decimal("717.97"),
    currency="EUR",
    amount_base=Decimal("717.97"),
    confidence=0.95,
    subject="Supplier 7",
    reversibility="reversible",
    stakes="medium",
    domain="finance",
    external=False,
    mode="on_the_loop",
    history={"same_number": 0},
    score=20,
    proposed_on=date(2026, 3, 2),
)


def measure(here: World, sizes: Sizes) -> Section:
    """Time scoring, a policy of ten rules, and the same with the global policy."""
    ten = parse(_policy())
    house = document("house")
    counted = parse(_policy(COUNTING))
    known = replace(FACTS, counted=COUNTED)
    done: list[tuple[str, Callable[[], object]]] = [
        ("five scorers", lambda: score(FACTS, world.SCHEMA)),
        ("a policy of ten rules and a ladder", lambda: evaluate((ten,), FACTS)),
        ("ten rules with two counters, a ladder and two budgets", lambda: evaluate((counted,), known)),
        ("ten rules without counters, plus the global policy as shipped", lambda: evaluate((ten, house), FACTS)),
        ("the evaluation's canonical text and digest", evaluate((ten, house), FACTS).canonical),
    ]
    rows = [(name, each * 1e6, round(1 / each)) for name, work in done for each in [_cpu(work, sizes.evaluations)]]
    return Section(TITLE, ABOUT.format(count=sizes.evaluations), [table(HEAD, rows)])


def _cpu(work: Callable[[], object], times: int) -> float:
    for _ in range(times // 10):
        work()
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def _policy(conditions: Sequence[str] = CONDITIONS) -> str:
    rules = [
        f'  - {{name: rule-{place}, when: "{when}", outcome: review, says: Rule {place} matches.}}'
        for place, when in enumerate(conditions)
    ]
    ladder = 'amounts: {base: EUR, ladders: {EUR: [{up_to: "250.00", outcome: auto}, {outcome: review}]}}'
    budgets = 'budgets: {per_agent_day: {count: 100}, per_subject_day: {sum: "5000.00"}}'
    counting = [budgets] if conditions is COUNTING else []
    return "\n".join(["policy: ten", "title: Ten rules", ladder, *counting, "rules:", *rules])

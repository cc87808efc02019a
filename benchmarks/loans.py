"""7,852 real loan applications, by the batch endpoint, with only what was known when each came in.

The file (BPI Challenge 2012) is not part of the project; ``HITL_SAMPLES`` names the folder that holds it.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from approvals.models import Action, ActionType, Desk, Person, PolicyEvaluation
from approvals.states import ActionState, Reversibility, Stakes
from benchmarks import processes, routing, world
from benchmarks.load import Call, Timing, press
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World
from policies.queries.templates import source as shipped

TITLE = "The loan file"
FILE = "loans_2012.jsonl"
POLICY = Path(__file__).with_name("loan_policy.yaml")
AT_ONCE = 1_000
PATIENCE = 600.0
ROUTES = ("auto", "review", "escalate", "block")
WORDS = {
    "auto": "approved automatically",
    "review": "waits for a junior reviewer",
    "escalate": "waits for a senior reviewer",
    "block": "blocked",
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "Loan application",
    "required": ["case", "currency"],
    "properties": {
        "case": {"type": "string", "title": "Case", "minLength": 1},
        "amount_requested": {"type": "number", "title": "Amount asked for", "minimum": 0},
        "currency": {"type": "string", "title": "Currency", "const": "EUR"},
        "submitted_at": {"type": "string", "format": "date-time", "title": "Came in"},
    },
    "additionalProperties": False,
}
ABOUT = """
{count:,} real applications to a Dutch bank are each proposed as `loan.accept`, a financial approval that is
reversible until the offer is signed. They are sent in batches of {at_once:,} through `POST actions/batch/`. A
proposal holds the case, the amount and the time, and nothing that became known later. After all are accepted, worker
and clock start and route them by `benchmarks/loan_policy.yaml` and the global policy as shipped, whose confidence
table leaves loans to theirs.

**{kept:,} accepted, {lost} lost, {twice} duplicated, {unexplained} routed without a reason.**

The last two columns show what the bank decided in the end, which no rule here could know. The bank granted few of the
small loans, so an amount alone is not a reason to grant one. The figures show routing, not lending.
"""
HEAD = ("route", "applications", "share", "median amount", "approved by the bank", "of these, checked for fraud")
RATES = ("what", "applications/s", "CPU ms: web", "CPU ms: worker and clock", "CPU ms: database")
REASONS = ("reason", "applications")


def measure(here: World, sizes: Sizes) -> Section | None:
    """Send the file, route it, and account for every application; None where the file is not at hand."""
    folder = os.environ.get("HITL_SAMPLES")
    if not folder:
        print("HITL_SAMPLES is not set, so the loan file is skipped. Set it to the folder that holds " + FILE)
        return None
    loans = _read(Path(folder) / FILE)[: sizes.loans]
    kind = _kind(here)
    routing.drain()
    rates = _send(here, kind, loans)
    account = _account(kind, loans)
    about = ABOUT.format(count=len(loans), at_once=AT_ONCE, **account)
    return Section(TITLE, about, [_rates(rates, len(loans)), _shares(kind, loans), _reasons(kind)])


def _read(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _kind(here: World) -> ActionType:
    desk = Desk.objects.create(slug="loans", name="Loans")
    owner = Person.objects.get(username="owner")
    world.publish("loans", POLICY.read_text(encoding="utf-8"), owner, here.publisher)
    world.publish("house", _house(here), owner, here.publisher)
    return world.kind(
        "loan.accept",
        desk,
        title="Accept a loan application",
        description="An offer is prepared for the applicant, who may still be declined before it is signed.",
        schema=SCHEMA,
        amount_pointer="/amount_requested",
        subject_pointer="/case",
        reference_pointer="/case",
        automation_requires=["/amount_requested", "/submitted_at"],
        summary="Accept application {/case} for {amount}",
        reversibility=Reversibility.REVERSIBLE,
        stakes=Stakes.MEDIUM,
        has_external_impact=True,
        data_classes=["financial", "personal"],
        domain="financial_approval",
        policy="loans",
    )


def _house(here: World) -> str:
    """The global policy as shipped, adapted to a feed without a model and so without confidence."""
    document = yaml.safe_load(shipped("house"))
    document["reversibility"]["action_types"] = [kind.name for kind in here.kinds]
    return json.dumps(document)


def _proposal(loan: dict[str, Any]) -> dict[str, Any]:
    """What was known at the time: the case, the amount and the moment."""
    return {
        "idempotency_key": f"loan-{loan['case']}",
        "action_type": "loan.accept",
        "payload": {
            "case": loan["case"],
            "amount_requested": loan["amount_requested"],
            "currency": "EUR",
            "submitted_at": loan["submitted_at"],
        },
        "instruction": "Accept new loan applications.",
        "reasoning": "A new application arrived.",
    }


def _send(here: World, kind: ActionType, loans: Sequence[dict[str, Any]]) -> list[tuple[str, Timing, dict[str, float]]]:
    """Propose all of them, one batch after the other; then start worker and clock, and wait for the last."""
    batches = [loans[begin : begin + AT_ONCE] for begin in range(0, len(loans), AT_ONCE)]
    calls = [
        Call(
            "POST",
            "/api/v1/actions/batch/",
            json.dumps({"proposals": list(map(_proposal, batch))}).encode(),
            here.bearer(),
        )
        for batch in batches
    ]
    with processes.web() as (port, pid):
        meter = processes.meter(web=pid)
        taken = press(port, calls, 1)
        rates = [("accepted by the batch endpoint", taken, meter.spent())]
        with processes.behind() as behind:
            meter = processes.meter(**behind)
            rates.append(("routed by worker and clock", _routed(kind), meter.spent()))
    return rates


def _routed(kind: ActionType) -> Timing:
    began = time.monotonic()
    while left := Action.objects.filter(action_type=kind, state=ActionState.PROPOSED).count():
        if time.monotonic() - began > PATIENCE:
            raise RuntimeError(f"{left} applications were not routed within {PATIENCE:.0f} s.")
        time.sleep(0.1)
    return Timing(time.monotonic() - began, [])


def _account(kind: ActionType, loans: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Every application must be there once, routed, with the reasons that its evaluation gives.

    :raises RuntimeError: one is not.
    """
    actions = Action.objects.filter(action_type=kind)
    kept = Counter(actions.values_list("idempotency_key", flat=True))
    lost = {f"loan-{loan['case']}" for loan in loans} - set(kept)
    evaluations = PolicyEvaluation.objects.filter(in_force_for__action_type=kind)
    explained = sum(bool(evaluation.content["reasons"]) for evaluation in evaluations.iterator())
    found = {
        "kept": len(kept),
        "lost": len(lost),
        "twice": sum(count > 1 for count in kept.values()),
        "unexplained": actions.count() - explained,
    }
    if lost or found["twice"] or found["unexplained"] or actions.filter(routed_at=None).exists():
        raise RuntimeError(f"The loan file was not processed completely: {found}.")
    return found


def _rates(rates: Sequence[tuple[str, Timing, dict[str, float]]], count: int) -> str:
    rows = []
    for name, timing, spent in rates:
        behind = spent.get("worker", 0.0) + spent.get("clock", 0.0)
        costs = (spent.get("web", 0.0) / count, behind / count, spent["database"] / count)
        rows.append((name, count / timing.seconds, *costs))
    return table(RATES, rows)


def _shares(kind: ActionType, loans: Sequence[dict[str, Any]]) -> str:
    """How many went each way, and what became of them in the bank."""
    route_of = dict(
        PolicyEvaluation.objects.filter(in_force_for__action_type=kind).values_list("action__subject", "outcome")
    )
    rows = []
    for route in ROUTES:
        went = [loan for loan in loans if route_of[loan["case"]] == route]
        if went:
            rows.append((WORDS[route], *_looking_back(went, len(loans))))
    return table(HEAD, rows)


def _looking_back(went: Sequence[dict[str, Any]], of: int) -> tuple[object, ...]:
    amounts = sorted(loan["amount_requested"] for loan in went)
    approved = sum(loan["outcome"] == "approved" for loan in went)
    checked = sum(loan["fraud_check"] for loan in went)
    return (
        len(went),
        f"{len(went) / of:.1%}",
        amounts[len(amounts) // 2],
        f"{approved / len(went):.1%}",
        f"{checked / len(went):.1%}",
    )


def _reasons(kind: ActionType) -> str:
    """How often each rule had a say; an application may have several."""
    said = Counter(
        rule
        for rules in PolicyEvaluation.objects.filter(in_force_for__action_type=kind).values_list("rules", flat=True)
        for rule in rules
    )
    return table(REASONS, [(f"`{rule}`", count) for rule, count in said.most_common(20)])

"""The pages of a large installation: what is asked, by whom, and how long each answer takes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.api.base import pagination
from approvals.models import Action, Agent, LedgerPosition, Person
from approvals.states import ActionState
from benchmarks import processes, world
from benchmarks.large.people import Company
from benchmarks.load import Call, Timing, press

# A page that takes longer has its slowest statement explained.
SLOW_MS = 300.0
WARM = 3
LIST = "admin:approvals_action_changelist"


@dataclass(frozen=True, slots=True)
class Page:
    """One question, asked of so many addresses in turn."""

    name: str
    addresses: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the answers took, and the CPU that web server and database spent on each, in milliseconds."""

    name: str
    timing: Timing
    web: float
    database: float

    def cells(self) -> tuple[object, ...]:
        """The row of a table."""
        p50, p95 = self.timing.percentile(50), self.timing.percentile(95)
        return (self.name, p50, p95, max(self.timing.each), self.web, self.database)


def measure(pages: Sequence[Page], count: int) -> Iterator[Measured]:
    """Ask each page so often through a real web server."""
    with processes.web() as (port, pid):
        for page in pages:
            calls = [Call("GET", page.addresses[n % len(page.addresses)], headers=page.headers) for n in range(count)]
            press(port, calls[:WARM], 1)
            meter = processes.meter(web=pid)
            timing = press(port, calls, 1)
            spent = meter.spent()
            yield Measured(page.name, timing, spent["web"] / count, spent["database"] / count)


def slowest(page: Page) -> str:
    """The slowest statement of a page, and its plan."""
    client = Client(headers={name: value for name, value in page.headers.items() if name != "Content-Type"})
    with CaptureQueriesContext(connection) as captured:
        client.get(page.addresses[0])
    worst = max(captured.captured_queries, key=lambda query: float(query["time"]))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {worst['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return f"{page.name}: {worst['time']} s of {len(captured)} statements\n{worst['sql'][:3000]}\n{plan}\n"


def all_pages(company: Company) -> list[Page]:
    """Every page that is measured."""
    chosen = random.Random(7)
    reviewer, auditor = world.session(company.reviewer), world.session(company.auditor)
    token = {"Authorization": f"Bearer {company.token}"}
    some = _some(chosen)
    pages = [
        Page("inbox, far down", [_inbox()], reviewer),
        Page("a decided action's page", [_of(pk, "review") for pk in some], reviewer),
        Page("History of an action", [_of(pk, "history") for pk in some], reviewer),
    ]
    for name, headers in (("reviewer", reviewer), ("auditor", auditor)):
        pages += [Page(f"{what}, {name}", addresses, headers) for what, addresses in _lists(chosen).items()]
    pages += [
        Page("ledger entries, auditor", [reverse("admin:approvals_ledgerentry_changelist")], auditor),
        Page("decisions, auditor", [reverse("admin:approvals_decision_changelist")], auditor),
        Page("decisions, reviewer", [reverse("admin:approvals_decision_changelist")], reviewer),
    ]
    pages += _rest(company, token, some)
    return [page for page in pages if page.addresses]


def _lists(chosen: random.Random) -> dict[str, list[str]]:
    agent = Agent.objects.order_by("pk")[3]
    some = list(Action.objects.filter(pk__in=_some(chosen)).exclude(reference=""))
    asked: dict[str, list[dict[str, Any]]] = {
        "list": [{}],
        "list, far down": [{"p": min(100, Action.objects.all()[:20_000].count() // 200)}],
        "list by state": [{"state__exact": "executed"}, {"state__exact": "rejected"}],
        "list by a rare state": [{"state__exact": "uncertain"}],
        "list by month": [{"created_at__year": each.created_at.year, "created_at__month": 6} for each in some[:1]],
        "list by agent": [{"agent__id__exact": agent.pk}],
        "list by final decision": [{"decided_as": "reject"}],
        "list by a rare final decision": [{"decided_as": "expire"}],
        "list by decider": [{"decided_by": "policy"}],
        "list by amount": [{"amount_from": 700, "amount_to": 710}],
        "search: reference": [{"q": each.reference} for each in some],
        "search: its digits": [{"q": each.reference.removeprefix("INV-")} for each in some],
        "search: subject": [{"q": each.subject} for each in some],
        "search: first word of a subject": [{"q": each.subject.split()[0]} for each in some],
        "search: amount": [{"q": str(each.amount)} for each in some],
        "search: absent word": [{"q": "xylophone"}],
        "search: agent": [{"q": agent.name}],
        "search: decider": [{"q": Person.objects.filter(decisions__isnull=False)[0].username}],
    }
    return {name: [f"{reverse(LIST)}?{urlencode(query)}" for query in queries] for name, queries in asked.items()}


def _rest(company: Company, token: dict[str, str], some: Sequence[UUID]) -> list[Page]:
    bearer = company.here.bearer()
    middle = urlencode({"cursor": pagination.encode(sorted(some)[len(some) // 2])})
    last = LedgerPosition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    pages = []
    for name, headers in (("person", token), ("agent", bearer)):
        pages += [
            Page(f"`GET actions/`, {name}", ["/api/v1/actions/"], headers),
            Page(f"`GET actions/` far down, {name}", [f"/api/v1/actions/?{middle}"], headers),
            Page(f"`GET actions/?state=executed`, {name}", ["/api/v1/actions/?state=executed"], headers),
            Page(f"`GET events/`, {name}", ["/api/v1/events/?after=0"], headers),
            Page(f"`GET events/` far down, {name}", [f"/api/v1/events/?after={last // 2}"], headers),
        ]
    return pages


def _inbox() -> str:
    """The address of a page in the middle of the queue."""
    alike = Action.objects.filter(state=ActionState.PENDING, risk=50).order_by("due_at", "id")
    row = alike[alike.count() // 2]
    due = "" if row.due_at is None else row.due_at.isoformat()
    return f"{reverse('admin:inbox')}?{urlencode({'after': f'{row.risk},{due},{row.pk}'})}"


def _of(pk: UUID, name: str) -> str:
    return reverse(f"admin:approvals_action_{name}", args=[pk])


def _some(chosen: random.Random, count: int = 100) -> list[UUID]:
    """Decided actions of the reviewer's desks from all over the table."""
    first, last = (Action.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
    places = sorted(chosen.randrange(first.int, last.int) for _ in range(count))
    decided = Action.objects.filter(state__in=["executed", "rejected"], desk__slug__in=["finance", "revenue"])
    found = (decided.filter(pk__gte=UUID(int=place)).order_by("pk").values_list("pk", flat=True) for place in places)
    return list(dict.fromkeys(pk for rows in found for pk in rows[:1]))

"""The lists: everybody sees what they may, and no page costs more queries than its ceiling."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.actors import Door, system
from approvals.admin.base.paginator import MAX_COUNTED
from approvals.models import Action, Desk, Membership, Webhook
from approvals.services.execution import run
from approvals.services.ledger import sequencing
from approvals.services.webhooks import issuing, queueing
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address
from tests.ceilings import Ceilings
from tests.world import NOON, World, fresh

WORKER = system(Door.CELERY)
CEILINGS = Ceilings(Path(__file__).parents[1] / "query_counts.json")
LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in {"approvals", "policies"}
)


def listing(client: Client, query: str = "") -> set[Any]:
    answer = client.get(f"/admin/approvals/action/{query}")
    assert answer.status_code == 200
    return {action.pk for action in answer.context["cl"].result_list}


@pytest.fixture
def busy(here: World) -> World:
    """A world with some of everything."""
    for _ in range(12):
        here.pending()
        here.auto()
    for _ in range(3):
        here.approved()
    webhook = Webhook.objects.create(name="erp", url="https://erp.example/", owner=here.junior)
    issuing.issue(actor=WORKER, at=NOON, webhook_id=webhook.pk, overlap=timedelta(0))
    sequencing.sequence(actor=WORKER, at=NOON)
    queueing.queue_new(actor=WORKER, at=NOON)
    return here


BY_KEY = [each for each in admin.site._registry.values() if getattr(each, "is_dated_by_key", False)]


class TestDatesOfALongTable:
    @pytest.mark.parametrize("page", BY_KEY, ids=lambda page: page.opts.model_name)
    def test_are_the_years_of_its_rows(self, busy: World, superuser: Client, page: Any) -> None:
        row = page.model._default_manager.exclude(**{str(page.date_hierarchy): None}).first()
        assert row is not None
        shown = superuser.get(reverse(f"admin:{page.opts.label_lower.replace('.', '_')}_changelist")).content.decode()
        assert f"{page.date_hierarchy}__year={getattr(row, str(page.date_hierarchy)).year}" in shown

    @pytest.mark.parametrize("page", BY_KEY, ids=lambda page: page.opts.model_name)
    def test_are_none_without_rows(self, superuser: Client, page: Any) -> None:
        shown = superuser.get(reverse(f"admin:{page.opts.label_lower.replace('.', '_')}_changelist"))
        assert shown.status_code == 200


class TestAPage:
    def test_costs_no_more_queries_than_its_ceiling(
        self, busy: World, superuser: Client, junior: Client, pytestconfig: pytest.Config
    ) -> None:
        action = Action.objects.filter(state="pending").first()
        assert action is not None
        pages = {f"list {name}": (superuser, reverse(f"admin:{name}_changelist")) for name in LISTS}
        pages |= {
            "inbox": (junior, reverse("admin:inbox")),
            "home": (junior, reverse("admin:index")),
            "review": (junior, address(action)),
            "history": (junior, address(action, "history")),
        }
        assert set(pages) == set(CEILINGS.written)
        for name, (client, url) in pages.items():
            CEILINGS.hold(name, _queries(client, url), is_lowered=pytestconfig.getoption("lower_counts"))

    def test_costs_no_more_with_more_rows(self, busy: World, superuser: Client) -> None:
        before = _queries(superuser, "/admin/approvals/action/")
        for _ in range(20):
            busy.pending()
        assert _queries(superuser, "/admin/approvals/action/") <= before


class TestTheListOfActions:
    @pytest.mark.parametrize(
        "query",
        [
            "?q=Saeco",
            "?q=INV-777",
            "?q=invoice-bot",
            "?q=maria",
            "?q=812.5",
            "?amount_from=800&amount_to=813",
            "?rule=amount_ladder&amount_from=812",
            "?band=low&amount_from=812",
            "?state__exact=pending&amount_from=812",
        ],
    )
    def test_finds_an_action(self, here: World, compliance: Client, query: str) -> None:
        other = here.pending(amount=300, issuer="Other")
        action = here.pending(amount=812.5, issuer="Saeco", invoice_number="INV-777", on_behalf_of="maria")
        found = listing(compliance, query)
        assert action.pk in found
        assert other.pk not in found or query == "?q=invoice-bot"

    def test_finds_an_action_by_its_id_and_by_who_decided(self, here: World, compliance: Client) -> None:
        action, other = here.pending(), here.pending()
        world.decide("reject", action, here.senior)
        assert listing(compliance, f"?q={action.pk}") == {action.pk}
        assert listing(compliance, f"?decided_by={here.senior.pk}") == {action.pk}
        assert listing(compliance, "?q=senior") == {action.pk}
        assert other.pk in listing(compliance)

    @pytest.mark.parametrize("verdict", ["approve", "modify", "reject"])
    def test_finds_an_action_by_its_final_decision_whatever_became_of_it(
        self, here: World, compliance: Client, verdict: str
    ) -> None:
        here.kind.undo_seconds = 0
        here.kind.save()
        found = {name: here.pending(amount=600) for name in ("approve", "modify", "reject")}
        for name, action in found.items():
            changes = {"payload": action.revision.payload | {"account": 1}} if name == "modify" else {}
            world.decide(name, action, here.junior, **changes)
        run.run_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
        assert fresh(found["modify"]).state == "executed"
        assert listing(compliance, f"?decided_as={verdict}") == {found[verdict].pk}

    def test_tells_policy_from_a_person(self, here: World, compliance: Client) -> None:
        by_policy, by_person = here.auto(), here.approved()
        assert listing(compliance, "?decided_as=policy") == {by_policy.pk}
        assert listing(compliance, "?decided_as=approve") == {by_person.pk}

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("proposed_from=2026-03-02", True), ("proposed_from=2026-03-03", False), ("proposed_to=2026-03-02", True),
            ("proposed_to=2026-03-01", False), ("decided_from=2026-03-02&decided_to=2026-03-02", True),
            ("decided_from=2026-03-03", False), ("proposed_from=2026-03-01&proposed_to=2026-03-04&q=Paper", True),
            ("amount_from=1000&currency=eur", True), ("amount_from=1000&currency=USD", False), ("currency=XXQ", False),
            ("proposed_from=yesterday", False), ("decided_to=9999-12-31", False),
        ],
    )  # fmt: skip
    def test_finds_by_days_and_currency(self, here: World, compliance: Client, query: str, is_found: bool) -> None:
        action = here.approved(at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC), amount=1200)
        assert (action.pk in listing(compliance, f"?{query}")) is is_found

    def test_counts_days_in_the_zone_of_its_reader(self, here: World) -> None:
        action = here.pending(at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
        east = signed_in(world.person("east", time_zone="Europe/Berlin"), "Compliance")
        assert listing(east, "?proposed_from=2026-03-03") == {action.pk}
        assert listing(east, "?proposed_to=2026-03-02") == set()

    def test_leaves_out_of_its_address_what_was_not_filled_in(self, here: World, compliance: Client) -> None:
        here.pending()
        answer = compliance.get("/admin/approvals/action/?state__exact=&agent__id__exact=&q=Paper&amount_from=")
        assert answer.status_code == 302 and answer["Location"] == "/admin/approvals/action/?q=Paper"

    def test_says_that_nothing_fits_and_how_to_see_everything(self, here: World, compliance: Client) -> None:
        here.pending()
        page = compliance.get("/admin/approvals/action/?decided_as=reject").content.decode()
        assert "No items match these filters." in page and '<a href="?">Clear the filters</a>' in page

    def test_keeps_the_search_in_its_form_of_filters(self, here: World, compliance: Client) -> None:
        page = compliance.get("/admin/approvals/action/?q=Paper&decided_as=reject").content.decode()
        form = page.partition('class="filter-form"')[2]
        assert 'name="q" value="Paper"' in form and '<option value="reject" selected' in form

    @pytest.mark.parametrize(
        "query", ["?amount_from=much", "?q=%00", "?decided_by=x", "?band=x", "?created_at__year=x"]
    )
    def test_bears_nonsense(self, here: World, compliance: Client, query: str) -> None:
        here.pending()
        assert compliance.get(f"/admin/approvals/action/{query}").status_code in {200, 302, 400}

    def test_drills_down_by_date(self, here: World, compliance: Client) -> None:
        action = here.pending()
        on = action.created_at
        assert listing(compliance, f"?created_at__year={on.year}&created_at__month={on.month}") == {action.pk}
        assert listing(compliance, f"?created_at__year={on.year - 1}") == set()
        page = compliance.get("/admin/approvals/action/").content.decode()
        assert f"created_at__year={on.year}" in page

    def test_holds_only_what_my_desks_hold(self, here: World, junior: Client) -> None:
        action = here.pending()
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        assert listing(junior) == {action.pk}
        assert listing(signed_in(stranger, "Reviewers")) == set()

    def test_counts_no_further_than_it_must(self, here: World, compliance: Client) -> None:
        here.pending()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            compliance.get("/admin/approvals/action/")
        counting = [query["sql"] for query in caught if "COUNT(" in query["sql"] and "approvals_action" in query["sql"]]
        assert counting
        assert all(f"LIMIT {MAX_COUNTED}" in sql or "LIMIT 1000" in sql for sql in counting)


class TestCompliance:
    def test_reads_yes_and_no_in_words(self, here: World, compliance: Client) -> None:
        kind = compliance.get(reverse("admin:approvals_actiontype_change", args=[here.kind.pk])).content.decode()
        assert '<div class="readonly">yes</div>' in kind and '<div class="readonly">no</div>' in kind
        assert "icon-yes" not in kind and "icon-no" not in kind

    @pytest.mark.parametrize("name", LISTS)
    def test_reads_every_list_and_adds_to_none(self, busy: World, compliance: Client, name: str) -> None:
        assert compliance.get(reverse(f"admin:{name}_changelist")).status_code == 200
        assert compliance.get(reverse(f"admin:{name}_add")).status_code == 403

    def test_reads_an_actions_page_and_decides_nothing(self, here: World, compliance: Client) -> None:
        action = here.pending()
        page = compliance.get(address(action)).content.decode()
        assert 'value="approve"' not in page
        answer = compliance.post(
            address(action, "decide"),
            {"verdict": "approve", "revision": 1, "digest": action.revision.digest},
        )
        assert answer.status_code == 403

    def test_changes_no_catalog(self, here: World, compliance: Client) -> None:
        url = reverse("admin:approvals_agent_change", args=[here.agent.pk])
        assert compliance.get(url).status_code == 200
        assert compliance.post(url, {"name": "x"}).status_code == 403


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(caught)


@pytest.mark.parametrize(
    "query", ["decided_by=\u00b2", f"decided_by={10**30}", "decided_by=%00", "rule=%00", "amount_from=1e500", "q=%00"]
)
def test_a_hostile_filter_is_no_fault_of_ours(here: World, junior: Client, query: str) -> None:
    here.pending()
    assert junior.get(f"{reverse('admin:approvals_action_changelist')}?{query}").status_code in {200, 302}

"""The panel of facts that were looked up: each with its source and time, inert, and what could not be had in words."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.actors import Door, system
from approvals.models import Action, ActionType, LookupResult
from approvals.services.decisions import checks
from policies import db
from tests.admin.pages import show
from tests.admin.setup.test_catalog import as_typed, faults, url
from tests.world import World

HOSTILE = {"role": "<script>alert(1)</script>\u202e", "teams": [{"name": "A", "lead": True}], "more": {"deep": [1]}}


def table(name: str = "who", **target: Any) -> dict[str, Any]:
    rows = {"Paper Mill": HOSTILE}
    return {"name": name, "source": "table", "target": {"by": "{/issuer}", "rows": rows, "called": "HR <b>"} | target}


def looked_up(here: World, *lookups: dict[str, Any]) -> Action:
    """An action that waits, after its facts were looked up."""
    ActionType.objects.update(lookups=list(lookups))
    action = here.propose(db.now())
    checks.run_due(actor=system(Door.CELERY), clock=db.now)
    return here.route(action, db.now())


class TestThePanel:
    def test_shows_each_fact_with_its_source_and_time(self, here: World, junior: Client) -> None:
        page = show(junior, looked_up(here, table() | {"title": "Who asks"}))
        panel = page.split("Lookup results")[1].split("</section>")[0]
        assert "Who asks" in panel and "from <bdi>HR &lt;b&gt;</bdi>" in panel and "<time" in panel

    def test_shows_values_as_inert_text(self, here: World, junior: Client) -> None:
        panel = show(junior, looked_up(here, table())).split("Lookup results")[1].split("</section>")[0]
        assert "<script>" not in panel and "&lt;script&gt;" in panel and "chip" in panel
        assert "not in the schema" not in panel

    def test_says_what_could_not_be_had(self, here: World, junior: Client) -> None:
        page = show(junior, looked_up(here, table(rows={})))
        assert "The table has no row for this key." in page.split("Lookup results")[1]

    def test_is_not_there_where_nothing_is_looked_up(self, here: World, junior: Client) -> None:
        assert "Lookup results" not in show(junior, here.pending())

    def test_has_ids_of_its_own(self, here: World, junior: Client) -> None:
        page = show(junior, looked_up(here, table(name="amount")))
        ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
        assert len(ids) == len(set(ids))


class TestTheRecord:
    def test_can_be_read_by_whoever_sees_the_action(self, here: World, junior: Client) -> None:
        action = looked_up(here, table())
        row = LookupResult.objects.get(action=action)
        assert "who" in junior.get(reverse("admin:approvals_lookupresult_changelist")).content.decode()
        page = junior.get(reverse("admin:approvals_lookupresult_change", args=[row.pk])).content.decode()
        assert "Paper Mill" in page and "<script>alert" not in page


class TestTheForm:
    @pytest.mark.parametrize(
        ("lookups", "said"),
        [
            ([{"name": "who", "source": "nobody", "target": {}}], "The source 'nobody' is unknown"),
            ([{"name": "X"}], "lowercase"),
        ],
    )
    def test_refuses_what_could_not_be_looked_up(
        self, here: World, superuser: Client, lookups: list[dict[str, Any]], said: str
    ) -> None:
        answer = superuser.post(url(here.kind), as_typed(here.kind, lookups=lookups))
        assert said in " ".join(faults(answer)["lookups"])

    def test_takes_what_can_be(self, here: World, superuser: Client) -> None:
        assert superuser.post(url(here.kind), as_typed(here.kind, lookups=[table()])).status_code == 302
        here.kind.refresh_from_db()
        assert here.kind.lookups == [table()]

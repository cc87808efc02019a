"""Several selected actions on one page, whatever they are: what fits is decided, the rest is named."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Decision, LostDispatch, Membership, Restore
from approvals.models import Client as Books
from approvals.states import RejectNeeds, Reversibility
from policies import db
from tests import attaching, plans, world
from tests.admin.conftest import signed_in
from tests.world import World, fresh

LINES = [{"name": "Paper", "price": 1}, {"name": "Ink", "price": 2}]
ADDRESS = reverse("admin:inbox_selected")
LEFT_OUT = "The other selected actions are left out."


@pytest.fixture
def mixed(here: World) -> list[Action]:
    """Two invoices and a refund, which another type has."""
    refund = world.invoice_type(here.desk, name="invoice.refund", title="Refund an invoice")
    return [here.pending(), here.pending(amount=300), here.pending(action_type=refund.name, amount=310)]


def show(client: Client, *actions: Action, wish: str = "approve") -> str:
    return client.get(ADDRESS, {"chosen": [action.pk for action in actions], "wish": wish}, follow=True).text


def send(client: Client, page: str, verdict: str, **also: object) -> str:
    seen = dict(re.findall(r'name="((?:revision|digest|target):[^"]+)" value="([^"]*)"', page))
    boxes = re.findall(r'<input type="checkbox"\s+name="(chosen|also)"\s+value="([^"]+)"[^>]*?(checked)?>', page)
    ticked = {name: [key for of, key, is_on in boxes if of == name and is_on] for name in ("chosen", "also")}
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    return client.post(ADDRESS, seen | ticked | {"verdict": verdict, "shown": shown, **also}, follow=True).text


def states(actions: list[Action]) -> list[str]:
    return [fresh(action).state for action in actions]


class TestTheSelection:
    def test_is_a_table_for_each_type(self, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed)
        assert page.count("<table") == 2
        assert page.count('name="chosen"') == 3

    def test_is_decided_with_a_decision_each(self, junior: Client, mixed: list[Action]) -> None:
        assert "3 approved." in send(junior, show(junior, *mixed), "approve")
        digests = {(row.action_id, row.digest) for row in Decision.objects.filter(is_final=True)}
        assert digests == {(action.pk, action.revision.digest) for action in mixed}

    def test_looking_decides_nothing(self, junior: Client, mixed: list[Action]) -> None:
        show(junior, *mixed)
        assert states(mixed) == ["pending"] * 3

    def test_of_one_is_its_own_page(self, junior: Client, mixed: list[Action]) -> None:
        answer = junior.get(ADDRESS, {"chosen": mixed[0].pk, "wish": "approve"})
        assert answer["Location"] == reverse("admin:approvals_action_review", args=[mixed[0].pk])

    def test_of_nothing_leads_back(self, junior: Client) -> None:
        assert "Select actions in the inbox first." in junior.get(ADDRESS, {"chosen": "x"}, follow=True).text

    def test_leaves_out_by_name_what_changed_since(self, here: World, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed)
        world.decide("modify", mixed[0], here.senior, payload=mixed[0].revision.payload | {"amount": 111})
        said = send(junior, page, "approve")
        assert "2 approved." in said
        assert re.search(r"Not decided: .*111", said)

    def test_shows_no_more_than_a_batch(self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("approvals.services.decisions.bulk.MAX", 2)
        page = show(junior, *[here.pending() for _ in range(3)])
        assert page.count('name="chosen"') == 2
        assert LEFT_OUT in page

    def test_says_that_more_were_selected_than_are_looked_at(
        self, junior: Client, mixed: list[Action], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("approvals.admin.inbox.bulk.MAX_SELECTED", 2)
        assert LEFT_OUT in show(junior, *mixed)
        assert LEFT_OUT not in show(junior, *mixed[:2])

    def test_names_nothing_that_the_reader_may_not_see(self, junior: Client, mixed: list[Action]) -> None:
        stranger = world.person("stranger")
        client = Client()
        client.force_login(stranger)
        assert "Paper Mill" not in show(client, *mixed)


class TestWhatStandsApart:
    def test_is_what_cannot_be_undone(self, here: World, junior: Client, mixed: list[Action]) -> None:
        final = world.invoice_type(
            here.desk, name="invoice.final", title="Pay", reversibility=Reversibility.IRREVERSIBLE
        )
        one = here.pending(action_type=final.name)
        page = show(junior, *mixed, one)
        assert "Decide separately: 1" in page
        assert "irreversible" in page
        assert "3 approved." in send(junior, page, "approve")
        assert fresh(one).state == "pending"

    def test_is_what_a_colleague_has_claimed(self, junior: Client, senior: Client, mixed: list[Action]) -> None:
        senior.post(reverse("admin:approvals_action_claim", args=[mixed[0].pk]))
        page = show(junior, *mixed)
        assert "has claimed this action." in page
        assert page.count('name="chosen"') == 2

    def test_is_what_was_decided_already(self, here: World, junior: Client, mixed: list[Action]) -> None:
        world.decide("reject", mixed[0], here.senior)
        assert "This action is not pending any more." in show(junior, *mixed)

    def test_is_what_was_executed_before_a_restore(self, here: World, junior: Client, mixed: list[Action]) -> None:
        restore = Restore.objects.create(began_at=world.now(), door="command", is_complete=True)
        sent = {"key": "k", "proposal": "p", "sender": "s", "action_type": "invoice.post", "sent_at": world.now()}
        LostDispatch.objects.create(id=world.unknown_id(), restore=restore, action_id=mixed[0].pk, **sent)
        page = show(junior, *mixed)
        assert "HITL already executed this action before a restore." in page
        assert page.count('name="chosen"') == 2

    def test_is_what_somebody_is_asked_about_alone(self, here: World) -> None:
        for amount in (310, 320, 330):
            here.approved(account=4400, amount=amount)
        vera = signed_in(plans.vera(), "Reviewers")
        plans.follow(here, plans.VERA)
        actions = [here.pending(account=6600), here.pending(account=4400)]
        page = show(vera, *actions)
        # Whether a value is unusual would tell of the actions of a desk that is not theirs.
        assert "differs from the past" not in page
        assert page.count("You cannot see the other actions of its desk.") == 2

    def test_stays_unticked_where_it_was(self, here: World, junior: Client, mixed: list[Action]) -> None:
        final = world.invoice_type(here.desk, name="invoice.final", reversibility=Reversibility.IRREVERSIBLE)
        one = here.pending(action_type=final.name)
        page = show(junior, *mixed, one, wish="escalate")
        assert "checked" in _box(page, one)
        again = send(junior, page, "escalate", wish="escalate", also=[], rationale="x" * 5_001)
        assert 'role="alert"' in again
        assert "checked" not in _box(again, one)


class TestEachRow:
    def test_says_whose_books_it_is_of(self, here: World, junior: Client) -> None:
        Membership.objects.filter(person=here.junior).update(covers_clients=True)
        for key in ("north", "south"):
            Books.objects.create(key=key, name=f"{key.title()} Ltd", currency="EUR")
        actions = [here.pending(client=key, amount=300 + place) for place in range(3) for key in ("north", "south")]
        for page in (show(junior, *actions), junior.get(reverse("admin:inbox")).text.split('class="alike"')[1]):
            first = page.split('id="selection"')[0]
            assert "North Ltd" in first and "South Ltd" in first

    def test_says_until_when_it_lasts(self, here: World, junior: Client, fake: FakeConnector) -> None:
        here.set_kind(connector="fake", ends="optional")
        until = world.now() + timedelta(days=3)
        actions = [here.pending(world.now(), until=until), here.pending(world.now())]
        page = show(junior, *actions)
        assert f'datetime="{until.isoformat()[:13]}' in page.split("<table")[1]

    def test_leads_to_its_documents(self, here: World, junior: Client, store: Path) -> None:
        files = [attaching.attachment(here).pk for _place in range(2)]
        actions = [here.pending(db.now(), attachments=files), here.pending(db.now())]
        page = show(junior, *actions)
        assert re.findall(r'/([0-9a-f-]{36})/review/\?document=1#documents">\s*(2 documents)', page) == [
            (str(actions[0].pk), "2 documents")
        ]

    def test_costs_the_same_for_many_that_are_gone(self, here: World, junior: Client) -> None:
        actions = [here.approved() for _ in range(6)]
        counts = []
        for some in (actions[:2], actions):
            with CaptureQueriesContext(connection) as asked:
                show(junior, *some)
            counts.append(len(asked))
        assert counts[0] == counts[1]


def _box(page: str, action: Action) -> str:
    """The checkbox of an action that stands apart."""
    return re.findall(rf'<input type="checkbox"\s+name="also"\s+value="{action.pk}"[^>]*>', page)[0]


class TestAPredefinedReasonToReject:
    def test_sends_each_to_its_own_page(self, here: World, junior: Client, mixed: list[Action]) -> None:
        here.set_kind(reject_needs=RejectNeeds.CODE, reasons=[{"code": "fraud", "words": "Fraud.", "for": ["reject"]}])
        said = send(junior, show(junior, *mixed, wish="reject"), "reject")
        assert "1 rejected." in said
        assert said.count("Reject the action on its own page.") == 2
        assert states(mixed) == ["pending", "pending", "rejected"]


class TestWhatIsSaidAfterwards:
    def test_waits_for_a_page_that_a_person_sees(self, here: World, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed)
        world.decide("reject", mixed[0], here.senior)
        seen = dict(re.findall(r'name="((?:revision|digest|target):[^"]+)" value="([^"]*)"', page))
        keys = [str(action.pk) for action in mixed]
        junior.post(ADDRESS, seen | {"chosen": keys, "shown": keys, "verdict": "approve"})
        # An inbox in another window asks for what is new, as scripts do.
        junior.get(reverse("admin:inbox"), headers={"accept": "*/*"})
        text = junior.get(reverse("admin:inbox"), headers={"accept": "text/html,*/*;q=0.8"}).text
        assert "2 approved." in text and "Not decided: " in text
        assert "2 approved." not in junior.get(reverse("admin:inbox"), headers={"accept": "text/html"}).text


class TestATableInARow:
    def test_of_one_line_is_told(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES[:1]), here.pending(lines=LINES[:1], amount=300)]
        page = show(junior, *actions)
        assert "must-open" not in page
        assert "2 approved." in send(junior, page, "approve")

    def test_of_several_lines_is_opened_before_approval(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES), here.pending(lines=LINES, amount=300)]
        page = show(junior, *actions)
        assert "Open each table before approving." in send(junior, page, "approve")
        assert states(actions) == ["pending"] * 2
        assert "2 approved." in send(junior, page, "approve", opened=[action.pk for action in actions])

    def test_that_was_not_opened_is_left_out_by_name(self, here: World, junior: Client) -> None:
        actions = [here.pending(lines=LINES), here.pending(lines=LINES, amount=300)]
        said = send(junior, show(junior, *actions), "approve", opened=[actions[0].pk])
        assert "1 approved." in said
        assert states(actions) == ["approved", "pending"]


class TestPassingOn:
    def test_escalates_all_of_them(self, junior: Client, mixed: list[Action]) -> None:
        assert "3 escalated." in send(junior, show(junior, *mixed, wish="escalate"), "escalate")
        assert {fresh(action).required_tier for action in mixed} == {2}

    def test_hands_all_of_them_over(self, here: World, junior: Client, mixed: list[Action]) -> None:
        page = show(junior, *mixed, wish="hand_over")
        said = send(junior, page, "hand_over", wish="hand_over", to="senior", rationale="You know them.")
        assert "3 handed over." in said
        assert {fresh(action).claim.person for action in mixed} == {here.senior}

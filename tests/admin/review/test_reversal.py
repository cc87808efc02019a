"""Taking back what was carried out, from its page and from the list of what ran by itself."""

from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.actors import Door, system
from approvals.models import Action, ActionType, LedgerEntry, SampleCheck
from approvals.services.execution import run
from tests import world
from tests.admin.pages import address, show
from tests.services.intake.test_reversal import SCHEMA
from tests.world import World, fresh

WHY = "It was posted twice."


@pytest.fixture
def undoes(here: World) -> ActionType:
    kind = world.invoice_type(
        here.desk,
        name="invoice.reverse",
        title="Reverse invoice",
        schema=SCHEMA,
        amount_pointer="/total",
        subject_pointer="",
        automation_requires=[],
        summary="Reverse {/invoice_number}",
    )
    here.kind.reversal_type = kind
    here.kind.undo_seconds = 0
    here.kind.save()
    return kind


def executed(here: World, action: Action) -> Action:
    run.run_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
    assert fresh(action).state == "executed"
    return fresh(action)


def send(client: Client, action: Action, **fields: str) -> HttpResponse:
    return client.post(address(action, "reverse"), {"why": WHY} | fields)


class TestTheForm:
    def test_holds_what_fits_and_starts_nothing_by_being_looked_at(
        self, here: World, undoes: ActionType, junior: Client
    ) -> None:
        action = executed(here, here.auto())
        assert address(action, "reverse") in show(junior, action)
        page = junior.get(address(action, "reverse")).content.decode()
        assert f'value="{action.revision.payload["invoice_number"]}"' in page
        assert 'value="20.5' in page
        assert not Action.objects.filter(reverses=action).exists()

    def test_starts_it_and_both_pages_say_so(
        self, here: World, undoes: ActionType, junior: Client, senior: Client
    ) -> None:
        action = executed(here, here.auto())
        answer = send(junior, action, **{"value:/currency": "USD"})
        made = Action.objects.get(reverses=action)
        assert answer.headers["Location"] == address(made)
        assert (made.revision.payload["currency"], made.agent.person) == ("USD", here.junior)
        assert "Reversal of:" in show(senior, made)
        assert "Reversal:" in show(senior, action)
        assert address(action, "reverse") not in show(senior, action)

    def test_keeps_what_was_written_when_it_is_refused(self, here: World, undoes: ActionType, junior: Client) -> None:
        action = executed(here, here.auto())
        answer = send(junior, action, why=" ", **{"value:/currency": "USD"})
        assert answer.status_code == 422
        assert "Explain what was wrong." in answer.content.decode()
        assert 'value="USD"' in answer.content.decode()
        unread = send(junior, action, **{"value:/total": "much"})
        assert (unread.status_code, Action.objects.filter(reverses=action).count()) == (422, 0)

    def test_leads_back_where_nothing_can_be_taken_back(self, here: World, junior: Client) -> None:
        action = executed(here, here.auto())
        answer = junior.get(address(action, "reverse"), follow=True)
        assert answer.redirect_chain == [(address(action), 302)]
        assert "This action cannot be reversed" in answer.content.decode()

    def test_is_found_by_those_who_may_see_the_action(self, here: World, undoes: ActionType) -> None:
        action = executed(here, here.auto())
        stranger = Client()
        stranger.force_login(world.person("stranger"))
        assert stranger.get(address(action, "reverse")).status_code == 404


class TestThePage:
    def test_offers_to_note_that_it_was_wrong_where_nothing_undoes_it(self, here: World, junior: Client) -> None:
        action = executed(here, here.auto())
        page = show(junior, action)
        assert "This action cannot be reversed" in page
        assert "Report as incorrect" in page
        junior.post(reverse("admin:loop_pick", args=[action.pk]))
        assert SampleCheck.objects.get().action == action
        assert "Report as incorrect" not in show(junior, action)

    def test_offers_nothing_to_whoever_only_reads(
        self, here: World, undoes: ActionType, compliance: Client, junior: Client
    ) -> None:
        action = executed(here, here.auto())
        assert address(action, "reverse") not in show(compliance, action)
        send(compliance, action)
        assert not LedgerEntry.objects.filter(event="reversal.started").exists()

    def test_says_nothing_of_it_before_it_ran(self, here: World, undoes: ActionType, junior: Client) -> None:
        assert address(action := here.pending(), "reverse") not in show(junior, action)


class TestTheList:
    def page(self, client: Client) -> str:
        return client.get(reverse("admin:loop")).content.decode()

    def test_takes_back_what_was_carried_out(self, here: World, undoes: ActionType, junior: Client) -> None:
        waits = here.auto()
        assert address(waits, "reverse") not in self.page(junior)
        action = executed(here, waits)
        assert address(action, "reverse") in self.page(junior)
        send(junior, action)
        page = self.page(junior)
        assert address(action, "reverse") not in page
        assert address(Action.objects.get(reverses=action)) in page

    def test_stops_the_kind_and_the_desk_at_one_confirmation(self, here: World, junior: Client) -> None:
        here.auto()
        page = self.page(junior)
        for target in (f"action_type:{here.kind.name}", "desk:finance"):
            link = f"{reverse('admin:halts')}?target={target}"
            assert link in page
            form = junior.get(link).content.decode()
            assert f'<option value="{target}" selected>' in form
        assert f"target=agent:{here.agent.name}" not in page

    def test_stops_the_agent_for_its_owner(self, here: World) -> None:
        world.Membership.objects.create(person=here.owner, desk=here.desk, tier=1)
        owner = Client()
        owner.force_login(here.owner)
        here.auto()
        assert f"{reverse('admin:halts')}?target=agent:{here.agent.name}" in self.page(owner)

"""A folder on a live installation: one change that a second person decides on, and what needs nobody at once."""

import pytest

from approvals.actors import Actor, Door, system
from approvals.models import Action, ActionType, Calendar, Desk, Holiday, Person, Tightening
from approvals.services import routing
from approvals.services.configuration import request
from approvals.services.configuration.folder import report
from approvals.services.configuration.folder.apply import Outcome
from approvals.services.execution import run
from policies.queries import in_force
from tests import world
from tests.services.configuration.given import NEW, applied, edited, furnish, go_live, keeper, tried
from tests.world import NOON, World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("policy_desk")]
LOOSER = ("action_types/invoice.post.yaml", "mode: on_the_loop", "mode: autonomous")


@pytest.fixture(autouse=True)
def live(here: World, policy_desk: Desk) -> None:
    here.kind.owner = here.senior
    here.kind.save()
    keeper()
    furnish(here)
    go_live()


def ids(outcome: Outcome) -> list[object]:
    return [each.action.pk for each in outcome.requested if each.action]


def decided(verdict: str, action: Action | None, who: Person) -> Action:
    """The request after this person decided on it and the worker carried it out."""
    assert action is not None
    routing.route(actor=system(Door.CELERY), at=NOON, action_id=action.pk)
    world.decide(verdict, fresh(action), who, **({"rationale": "No."} if verdict == "reject" else {}))
    run.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)
    return fresh(action)


def test_what_loosens_waits_with_everything_else(here: World) -> None:
    files = edited(*LOOSER) | {"desks.yaml": "desks:\n  - {slug: legal, name: Legal}\n"}
    outcome = applied(files)
    assert [(row.label, row.loosens) for row in outcome.rows] == [("Legal", False), ("Post invoice", True)]
    assert (
        ActionType.objects.get(pk=here.kind.pk).mode == "on_the_loop" and not Desk.objects.filter(slug="legal").exists()
    )
    assert decided("approve", outcome.requested[0].action, here.senior).state == "executed"
    assert ActionType.objects.get(pk=here.kind.pk).mode == "autonomous" and Desk.objects.filter(slug="legal").exists()
    assert applied(files).is_empty


def test_a_dry_run_says_what_loosens_and_requests_nothing(here: World) -> None:
    outcome = tried(edited(*LOOSER))
    assert list(report.lines(outcome)) == [
        "action_types/invoice.post.yaml, line 2: change action type “Post invoice”  (loosens)",
        '    mode: "on_the_loop" → "autonomous"',
    ]
    assert "all rows wait until a second person" in report.summary(outcome)
    assert not Action.objects.exists()


def test_the_same_files_are_requested_once(here: World) -> None:
    files = edited(*LOOSER)
    first = applied(files)
    assert ids(applied(files)) == ids(first)
    assert Action.objects.count() == 1


def test_what_was_rejected_or_withdrawn_can_be_requested_again(here: World) -> None:
    files = edited(*LOOSER)
    first = applied(files).requested[0].action
    decided("reject", first, here.senior)
    again = applied(files).requested[0].action
    assert first is not None and again is not None and again.pk != first.pk
    keeper = Person.objects.get(username="keeper")
    request.withdraw(actor=Actor(Door.ADMIN, person=keeper), at=NOON, action_id=again.pk)
    assert ids(applied(files)) not in ([first.pk], [again.pk])


def test_what_tightens_takes_effect_at_once_and_is_reviewed(here: World) -> None:
    assert not applied(edited(LOOSER[0], "mode: on_the_loop", "mode: in_the_loop")).requested
    assert ActionType.objects.get(pk=here.kind.pk).mode == "in_the_loop"
    assert Tightening.objects.count() == 1


def test_a_calendar_needs_nobody(here: World) -> None:
    assert not applied(edited("calendars.yaml", '      - {on: "2026-12-25"', '      - {on: "2026-12-24"')).requested
    assert [str(row.on) for row in Holiday.objects.all()] == ["2026-12-24"]
    assert not Tightening.objects.exists()


def test_a_calendar_comes_with_what_waits(here: World) -> None:
    hours = 'calendars:\n  - desk: legal\n    hours:\n      - {weekday: friday, begins: "09:00", ends: "00:00"}\n'
    files = {
        "desks.yaml": "desks:\n  - {slug: legal, name: Legal, is_solo: true}\n",
        "calendars.yaml": hours,
        "clients.yaml": "clients:\n  - {key: zeta, name: Zeta, calendar: legal}\n",
    }
    outcome = applied(files)
    assert not Calendar.objects.filter(desk__slug="legal").exists()
    assert decided("approve", outcome.requested[0].action, here.senior).state == "executed"
    assert Calendar.objects.get(desk__slug="legal").hours.count() == 1 and applied(files).is_empty


class TestPolicies:
    def test_are_requested_for_publication(self, here: World) -> None:
        files = edited("policies/invoices.yaml", "250.00", "300.00")
        outcome = applied(files)
        assert [each.what for each in outcome.requested] == ["policies/invoices.yaml"]
        assert ids(applied(files)) == ids(outcome)
        assert decided("approve", outcome.requested[0].action, here.senior).state == "executed"
        assert applied(files).is_empty

    def test_come_with_a_new_action_type(self, here: World) -> None:
        outcome = applied(NEW)
        assert [each.what for each in outcome.requested] == ["config.change", "policies/vendors.yaml"]
        assert not ActionType.objects.filter(name="vendor.add").exists()
        for each in outcome.requested:
            assert decided("approve", each.action, here.junior).state == "executed"
        assert applied(NEW).is_empty and in_force.in_force("vendors") is not None

    def test_that_need_what_waits_are_requested_later(self, here: World) -> None:
        files = edited("action_types/invoice.post.yaml", "    iban:", "    accounts: {type: boolean}\n    iban:")
        rule = "rules:\n  - {name: urgent, when: payload.accounts == true, outcome: review, says: Wait.}\n"
        files |= {"policies/invoices.yaml": files["policies/invoices.yaml"] + rule}
        outcome = applied(files)
        assert [each.action is None for each in outcome.requested] == [False, True]
        decided("approve", outcome.requested[0].action, here.junior)
        later = applied(files)
        assert [each.what for each in later.requested] == ["policies/invoices.yaml"]
        assert decided("approve", later.requested[0].action, here.junior).state == "executed"
        assert applied(files).is_empty

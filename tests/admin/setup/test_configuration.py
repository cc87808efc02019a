"""Once the installation is live, a form that loosens the gate asks for a second person's approval instead of saving."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from approvals.actors import Actor, Door, system
from approvals.errors import NotAllowed
from approvals.models import Action, ActionType, Agent, Desk, Employee, LedgerEntry, Membership, Person
from approvals.services import routing
from approvals.services.catalog import rows
from approvals.services.decisions import notes
from approvals.services.execution import run
from approvals.services.notifications import queue
from approvals.services.safety import halts
from approvals.states import Mode, Stakes, Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import show
from tests.admin.setup.test_catalog import as_typed, inline, membership, url
from tests.world import NOON, World, fresh


def requested() -> Action:
    """The one change that was asked for, routed to whoever decides on it."""
    action = Action.objects.get(action_type__name="config.change", state="proposed")
    routing.route(actor=system(Door.CELERY), at=NOON, action_id=action.pk)
    return fresh(action)


def approve(action: Action, who: Person) -> Action:
    """The change after this person approved it and the worker carried it out."""
    world.decide("approve", action, who)
    run.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)
    return fresh(action)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


class TestLooseningAnActionType:
    def send(self, admin: Client, live: World, **changes: Any) -> None:
        sent = as_typed(again(live.kind), **changes)
        answer = admin.post(url(live.kind), sent)
        assert answer.status_code == 302, answer.context["adminform"].form.errors

    def test_changes_nothing_before_a_second_person_approves(self, live: World, admin: Client) -> None:
        self.send(admin, live, mode=Mode.AUTONOMOUS)
        assert again(live.kind).mode == Mode.ON_THE_LOOP
        assert not LedgerEntry.objects.filter(event="action_type.changed").exists()

    def test_is_applied_once_approved(self, live: World, admin: Client) -> None:
        self.send(admin, live, mode=Mode.AUTONOMOUS, title="Post a bill")
        done = approve(requested(), live.senior)
        assert (done.state, again(live.kind).mode, again(live.kind).title) == ("executed", "autonomous", "Post a bill")

    def test_is_shown_from_and_to_in_words(self, live: World, admin: Client) -> None:
        self.send(admin, live, mode=Mode.AUTONOMOUS)
        assert requested().revision.payload["changes"] == [
            {
                "row": "Change action type “Post invoice”", "field": "Mode",
                "from": "Human on the loop", "to": "Autonomous",
            }
        ]  # fmt: skip

    def test_is_named_as_it_was(self, live: World, admin: Client) -> None:
        self.send(admin, live, mode=Mode.AUTONOMOUS, title="Nothing to see")
        assert requested().revision.payload["title"] == "Change action type “Post invoice”"

    def test_is_not_approved_by_its_author(self, live: World, admin: Client, administrator: Person) -> None:
        Membership.objects.create(person=administrator, desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
        self.send(admin, live, mode=Mode.AUTONOMOUS)
        with pytest.raises(Exception, match="requested"):
            approve(requested(), administrator)
        assert again(live.kind).mode == Mode.ON_THE_LOOP

    def test_reaches_whoever_answers_for_it_by_mail(self, live: World, admin: Client) -> None:
        live.set_kind(owner=live.owner)
        self.send(admin, live, mode=Mode.AUTONOMOUS)
        requested()
        queue.deliver_ready(actor=system(Door.CLOCK), clock=lambda: NOON)
        told = [letter for letter in mail.outbox if letter.to == [live.owner.email]]
        assert "Mode: from Human on the loop to Autonomous" in told[0].body

    def test_is_stale_once_its_base_has_moved(self, live: World, admin: Client) -> None:
        self.send(admin, live, mode=Mode.AUTONOMOUS)
        live.set_kind(mode=Mode.IN_THE_LOOP)
        with pytest.raises(Exception, match="has changed since"):
            approve(requested(), live.senior)

    def test_keeps_the_written_order_of_a_schema(self, live: World, admin: Client) -> None:
        properties = dict(reversed(live.kind.schema["properties"].items()))
        self.send(admin, live, schema=live.kind.schema | {"title": "Bill", "properties": properties})
        assert approve(requested(), live.senior).state == "executed"
        kind = again(live.kind)
        assert (kind.version, list(kind.written_schema["properties"])) == (2, list(properties))


class TestTightening:
    @pytest.mark.parametrize(
        ("field", "value"),
        [("mode", Mode.IN_THE_LOOP), ("stakes", Stakes.HIGH), ("sample_rate", 1.0), ("description", "Bills.")],
    )
    def test_takes_effect_at_once(self, live: World, admin: Client, field: str, value: object) -> None:
        assert admin.post(url(live.kind), as_typed(again(live.kind), **{field: value})).status_code == 302
        assert getattr(again(live.kind), field) == value
        assert not Action.objects.exists()

    def test_together_with_loosening_waits_as_a_whole(self, live: World, admin: Client) -> None:
        sent = as_typed(again(live.kind), stakes=Stakes.HIGH, mode=Mode.AUTONOMOUS)
        admin.post(url(live.kind), sent)
        assert again(live.kind).stakes == Stakes.MEDIUM
        assert {line["field"] for line in requested().revision.payload["changes"]} == {"Mode", "Stakes"}


class TestPower:
    def test_of_a_new_member_waits(self, live: World, admin: Client) -> None:
        admin.post(reverse("admin:approvals_membership_add"), membership(live.owner, live.desk))
        assert not Membership.objects.filter(person=live.owner).exists()
        assert approve(requested(), live.senior).state == "executed"
        assert Membership.objects.filter(person=live.owner).exists()

    def test_is_not_confirmed_by_whom_it_empowers(self, live: World, admin: Client) -> None:
        row = Membership.objects.get(person=live.junior, desk=live.desk)
        admin.post(url(row), membership(live.junior, live.desk, Tier.SENIOR))
        with pytest.raises(Exception, match="gives you authority"):
            approve(requested(), live.junior)

    def test_is_not_taken_over_by_whoever_approves_it(self, live: World, admin: Client) -> None:
        row = Membership.objects.create(person=live.owner, desk=Desk.objects.create(slug="wires", name="Wires"))
        admin.post(url(row), membership(live.senior, row.desk, Tier.JUNIOR))
        with pytest.raises(NotAllowed, match="gives you authority"):
            approve(requested(), live.senior)

    def test_of_a_group_is_not_approved_by_its_members(self, live: World, admin: Client) -> None:
        group = Group.objects.get(name="Halts")
        live.senior.groups.add(group)
        keys = [each.pk for each in [*group.permissions.all(), Permission.objects.get(codename="break_glass")]]
        admin.post(url(group), {"name": group.name, "permissions": keys})
        with pytest.raises(NotAllowed, match="gives you authority"):
            approve(requested(), live.senior)

    def test_by_a_group_waits(self, live: World, admin: Client) -> None:
        group = Group.objects.get(name="Overriders")
        admin.post(url(live.junior), as_account(live.junior, groups=[group.pk]))
        assert not again(live.junior).groups.exists()
        approve(requested(), live.senior)
        assert list(again(live.junior).groups.all()) == [group]

    def test_of_a_group_waits(self, live: World, admin: Client) -> None:
        group = Group.objects.get(name="Overriders")
        before, extra = list(group.permissions.all()), Permission.objects.get(codename="break_glass")
        keys = [each.pk for each in [*before, extra]]
        admin.post(url(group), {"name": group.name, "permissions": keys})
        assert set(group.permissions.all()) == set(before)
        approve(requested(), live.senior)
        assert extra in group.permissions.all()

    def test_that_is_taken_away_is_gone_at_once(self, live: World, admin: Client) -> None:
        row = Membership.objects.get(person=live.junior, desk=live.desk)
        admin.post(url(row, "delete"), {"post": "yes"})
        assert not Membership.objects.filter(pk=row.pk).exists()

    def test_over_the_configuration_itself_is_not_taken_away_alone(self, live: World, admin: Client) -> None:
        row = Membership.objects.get(person=live.junior, desk__slug="policies")
        admin.post(url(row, "delete"), {"post": "yes"})
        assert Membership.objects.filter(pk=row.pk).exists()
        approve(requested(), live.senior)
        assert not Membership.objects.filter(pk=row.pk).exists()

    def test_of_another_address_waits(self, live: World, admin: Client) -> None:
        admin.post(url(live.junior), as_account(live.junior, email="evil@example.com"))
        assert again(live.junior).email == "junior@example.com"


class TestAnAccount:
    def test_is_deactivated_at_once(self, live: World, admin: Client) -> None:
        sent = as_account(live.junior)
        del sent["is_active"]
        admin.post(url(live.junior), sent)
        assert not again(live.junior).is_active


class TestOneForm:
    def test_is_one_change(self, live: World, admin: Client) -> None:
        sent = {f"memberships-0-{name}": value for name, value in membership(live.owner, live.desk).items()}
        del sent["memberships-0-desk"]
        sent |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
        admin.post(reverse("admin:approvals_desk_add"), {"name": "Wires", "slug": "wires"} | sent)
        assert not Desk.objects.filter(slug="wires").exists()
        assert approve(requested(), live.senior).state == "executed"
        assert Membership.objects.get(person=live.owner).desk == Desk.objects.get(slug="wires")

    def test_tells_the_author_that_nothing_has_changed_yet(self, live: World, admin: Client) -> None:
        answer = admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS), follow=True)
        text = answer.content.decode()
        assert (
            "Nothing changes until a second person approves the change." in text
            and "was changed successfully" not in text
        )


class TestAnImport:
    def test_that_changes_who_is_asked_waits(self, live: World, admin: Client) -> None:
        sheet = "key,name,person\njo@example.com,Jo,junior\n"
        admin.post(reverse("admin:approvals_employee_import"), {"text": sheet, "confirmed": "yes"})
        assert not Employee.objects.exists()
        assert approve(requested(), live.senior).state == "executed"
        assert Employee.objects.get().person == live.junior


class TestWhatIsBuiltIn:
    @pytest.mark.parametrize("name", ["policy.publish", "config.change"])
    @pytest.mark.parametrize(("field", "value"), [("is_active", False), ("name", "other"), ("connector", "journal")])
    def test_never_stops_working(
        self, live: World, administrator: Person, name: str, field: str, value: object
    ) -> None:
        kind = ActionType.objects.get(name=name)
        setattr(kind, field, value)
        with pytest.raises(NotAllowed, match="is part of HITL"):
            rows.save(kind, Actor(Door.ADMIN, person=administrator), [field])

    def test_is_not_proposed_by_an_agent(self, live: World) -> None:
        with pytest.raises(Exception, match="A person must start the action"):
            live.propose(action_type="config.change", payload={})


class TestANewOne:
    def test_that_always_asks_a_person_needs_nobody_else(self, live: World, admin: Client) -> None:
        sent = as_typed(again(live.kind), name="note.send", title="Send a note", mode=Mode.IN_THE_LOOP)
        assert admin.post(reverse("admin:approvals_actiontype_add"), sent).status_code == 302
        assert ActionType.objects.filter(name="note.send").exists()

    def test_that_may_run_by_itself_waits(self, live: World, admin: Client) -> None:
        sent = as_typed(again(live.kind), name="note.send", title="Send a note", mode=Mode.AUTONOMOUS)
        admin.post(reverse("admin:approvals_actiontype_add"), sent)
        assert not ActionType.objects.filter(name="note.send").exists()
        approve(requested(), live.senior)
        assert ActionType.objects.get(name="note.send").mode == Mode.AUTONOMOUS

    def test_agent_needs_nobody_else(self, live: World, admin: Client) -> None:
        sent = {"name": "mail-bot", "title": "Mail bot", "owner": live.owner.pk, "is_active": "on"}
        admin.post(reverse("admin:approvals_agent_add"), sent)
        assert Agent.objects.filter(name="mail-bot").exists()


def as_account(person: Person, **changes: Any) -> dict[str, Any]:
    """What the form of an account sends."""
    sent: dict[str, Any] = {
        "username": person.username, "email": person.email, "is_active": "on", "is_staff": "on",
        "date_joined_0": "2026-01-01", "date_joined_1": "12:00", "time_zone": "UTC", "language": "en",
    }  # fmt: skip
    return sent | changes | inline()


def test_the_page_of_a_change_offers_no_standing_rule(live: World, admin: Client) -> None:
    admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS))
    page = show(signed_in(live.senior, "Reviewers"), requested())
    assert "needs its own approval" in page and "create rule" not in page


def test_the_page_of_a_change_blames_no_agent_and_no_policy(live: World, admin: Client) -> None:
    admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS))
    page = show(signed_in(live.senior, "Reviewers"), requested())
    assert "The agent did not" not in page and "No policy is in force" not in page
    assert "Conditions for automation" not in page


def test_superuser_status_is_said_to_give_no_authority(admin: Client, live: World) -> None:
    assert "Does not grant permission to decide" in admin.get(url(live.junior)).content.decode()


def test_the_exact_change_is_what_its_digest_says(live: World, admin: Client) -> None:
    admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS))
    payload = requested().revision.payload
    assert json.loads(payload["exact"])[0]["fields"] == {"mode": ["on_the_loop", "autonomous"]}


def test_a_halt_of_changes_is_said_and_loses_nothing(live: World, admin: Client) -> None:
    actor = Actor(Door.ADMIN, person=live.senior)
    halts.start(actor=actor, at=NOON, scope="action_type", name="config.change", reason="Freeze")
    row = Membership.objects.get(person=live.junior, desk__slug="policies")
    answer = admin.post(url(row, "delete"), {"post": "yes"}, follow=True)
    assert "halted" in answer.content.decode()
    typed = admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS, title="Kept"))
    assert typed.status_code == 200 and "Kept" in typed.content.decode()


class TestTheAuthor:
    @pytest.fixture
    def page(self, live: World, admin: Client) -> str:
        answer = admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.AUTONOMOUS))
        return str(answer["Location"])

    def test_sees_from_what_to_what_without_a_membership(self, page: str, admin: Client) -> None:
        text = " ".join(strip_tags(admin.get(page).content.decode()).split())
        assert "Mode: from Human on the loop to Autonomous" in text

    def test_is_led_there_from_a_list(self, page: str, admin: Client) -> None:
        assert page in admin.get("/admin/changes/").content.decode()

    def test_withdraws_what_nobody_has_decided_on(self, page: str, admin: Client) -> None:
        action = requested()
        admin.post(f"{page}withdraw/")
        assert fresh(action).state == "withdrawn"

    def test_withdraws_nothing_that_is_decided(self, page: str, live: World, admin: Client) -> None:
        action = requested()
        world.decide("approve", action, live.senior)
        assert admin.post(f"{page}withdraw/").status_code == 422
        assert fresh(action).state == "approved"

    def test_is_the_only_one_who_does(self, page: str, live: World) -> None:
        stranger = signed_in(live.senior)
        assert [stranger.get(page).status_code, stranger.post(f"{page}withdraw/").status_code] == [404, 404]

    def test_reads_no_comments_of_reviewers(self, page: str, live: World, admin: Client) -> None:
        action = requested()
        notes.comment(actor=Actor(Door.ADMIN, person=live.senior), at=NOON, action_id=action.pk, text="Ask Bob first.")
        assert "Ask Bob first." not in admin.get(page).content.decode()

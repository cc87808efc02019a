"""History: who authorized what is answered by one page, and no page changes it."""

import csv
import io

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from approvals.actors import Actor, Door
from approvals.models import Action, Desk, Execution
from approvals.queries.record import timeline
from approvals.services.decisions import undo
from approvals.text.csv_cells import defused
from policies import db
from tests import world
from tests.admin.pages import address
from tests.world import NOON, World, fresh

ON = f"{NOON:%Y-%m-%d %H:%M} UTC"


def history(client: Client, action: Action) -> str:
    answer = client.get(address(action, "history"))
    assert answer.status_code == 200
    return answer.content.decode()


class TestWhoAuthorizedThis:
    def test_is_answered_for_an_approval(self, here: World, compliance: Client) -> None:
        action = here.pending()
        world.decide("approve", action, here.junior, rationale="Checked with the buyer.")
        said = f"Authorized by junior (junior, Finance) on {ON} (entry point: Admin): Checked with the buyer."
        assert said in history(compliance, action)

    def test_is_answered_for_an_edit_with_what_was_changed(self, here: World, compliance: Client) -> None:
        action = here.pending()
        payload = action.revision.payload | {"amount": 700.5}
        world.decide("modify", action, here.senior, payload=payload, rationale="Discount.")
        page = history(compliance, action)
        assert f"Authorized with changes by senior (senior, Finance) on {ON} (entry point: Admin): Discount." in page
        assert "<bdi>/amount</bdi>" in page

    def test_is_answered_for_policy(self, here: World, compliance: Client) -> None:
        assert "Authorized by policy" in history(compliance, here.auto())

    def test_is_answered_for_a_rejection_and_for_nobody(self, here: World, compliance: Client) -> None:
        rejected, waiting = here.pending(), here.pending()
        world.decide("reject", rejected, here.junior, rationale="Paid.")
        assert "Rejected by junior" in history(compliance, rejected)
        assert "Not authorized. The action’s state is “pending”." in history(compliance, waiting)

    def test_forgets_an_approval_that_was_called_back(self, here: World) -> None:
        action = here.approved()
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
        assert timeline.of_action(fresh(action)).headline.startswith("Not authorized. ")


class TestTheTimeline:
    def test_has_a_moment_for_each_entry_with_door_and_reason(self, here: World) -> None:
        action = here.pending()
        world.decide("escalate", action, here.junior, rationale="Too large for me.")
        world.decide("approve", fresh(action), here.senior)
        found = timeline.of_action(fresh(action))
        assert [moment.event for moment in found.moments] == [
            "action.proposed",
            "action.routed",
            "decision.escalated",
            "decision.approved",
        ]
        assert [moment.state for moment in found.moments] == ["proposed", "pending", "", "approved"]
        assert all(moment.who and moment.door for moment in found.moments)
        assert found.moments[2].rationale == "Too large for me."
        assert not any(moment.is_unrecorded for moment in found.moments)

    def test_names_a_history_row_that_no_entry_knows(self, here: World) -> None:
        action = here.pending(db.now())
        action.save()
        assert timeline.of_action(fresh(action)).moments[-1].is_unrecorded

    def test_marks_a_decision_whose_signature_is_not_valid(self, here: World, compliance: Client) -> None:
        action = here.approved()
        change = "UPDATE approvals_decision SET person_id = %s"
        world.tamper(change, [here.senior.pk], "approvals_decision_no_update")
        page = history(compliance, action)
        assert "This decision’s signature is not valid." in page
        assert "Not verified: the final decision" in page
        assert "Authorized by" not in page

    def test_marks_a_revision_that_does_not_match_its_digest(self, here: World, compliance: Client) -> None:
        action = here.pending()
        world.tamper_body(action)
        assert "Revision 1 does not match its digest." in history(compliance, action)

    def test_marks_an_evaluation_that_does_not_match_its_digest(self, here: World, compliance: Client) -> None:
        action = here.auto()
        change = "UPDATE approvals_policyevaluation SET body = body || ' '"
        world.tamper(change, [], "approvals_policyevaluation_no_update")
        assert "does not match its digest." in history(compliance, action)

    def test_marks_nothing_that_is_as_it_was_written(self, here: World) -> None:
        found = timeline.of_action(here.approved())
        assert (found.faults, [moment.faults for moment in found.moments if moment.faults]) == ((), [])

    def test_tells_a_catalog_rows_changes(self, here: World, superuser: Client) -> None:
        here.agent.title = "Invoice robot"
        here.agent.save()
        page = superuser.get(reverse("admin:approvals_agent_history", args=[here.agent.pk])).content.decode()
        assert "Invoice bot" in page
        assert "Invoice robot" in page

    def test_of_an_execution_tells_what_its_action_came_to(self, here: World, superuser: Client) -> None:
        execution = Execution.objects.get(action=here.approved())
        page = superuser.get(reverse("admin:approvals_execution_history", args=[execution.pk])).content.decode()
        assert "decision.approved" in page


class TestNobody:
    def test_finds_an_address_that_edits_history(self) -> None:
        for name in ("action", "agent", "person", "membership", "execution", "stage", "actiontype"):
            with pytest.raises(NoReverseMatch):
                reverse(f"admin:approvals_{name}_simple_history", args=["1", "1"])
            with pytest.raises(NoReverseMatch):
                reverse(f"admin:approvals_historical{name}_changelist")

    def test_changes_an_action_by_the_stock_form(self, here: World, superuser: Client) -> None:
        action = here.pending()
        assert superuser.post(address(action, "change"), {"state": "approved"}).status_code == 403
        assert superuser.post(address(action, "delete"), {"post": "yes"}).status_code == 403
        assert superuser.get(reverse("admin:approvals_action_add")).status_code == 403
        assert superuser.post(address(action, "history"), {"state": "approved"}).status_code in {200, 403, 405}
        assert fresh(action).state == "pending"

    @pytest.mark.parametrize(
        "name", ["decision", "execution", "stage", "policyevaluation", "ledgerentry", "revision", "delivery"]
    )
    def test_adds_to_the_record_by_hand(self, here: World, superuser: Client, name: str) -> None:
        assert superuser.get(reverse(f"admin:approvals_{name}_add")).status_code == 403


class TestTheTable:
    def test_holds_the_history(self, here: World, compliance: Client) -> None:
        action = here.pending()
        world.decide("approve", action, here.junior, rationale="=HYPERLINK(1)")
        answer = compliance.get(address(action, "csv"))
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert answer["Content-Type"].startswith("text/csv")
        assert [row["event"] for row in rows if not row["field"]][-1] == "decision.approved"
        assert {row["rationale"] for row in rows} == {"", "'=HYPERLINK(1)"}

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1+1", "-A1", "@SUM(A1)", "\t=1", " =1", "|x", "%x", "\u00a0=1", "\uff1d1", "\u200b=1"]
    )
    def test_holds_no_formula(self, text: str) -> None:
        assert defused(text) == f"'{text}"

    def test_leaves_plain_text_alone(self) -> None:
        assert defused("Mara = Lindqvist") == "Mara = Lindqvist"


def test_of_what_a_migration_made_is_an_empty_page(here: World, superuser: Client) -> None:
    built_in = Desk.objects.get(slug="policies")
    answer = superuser.get(f"/admin/approvals/desk/{built_in.pk}/history/")
    assert answer.status_code == 200

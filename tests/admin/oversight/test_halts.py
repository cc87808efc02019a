"""The stop button in the admin: in the header of whoever may press it, a banner everywhere while it holds."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from approvals.models import Halt, Person
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import press, show
from tests.world import World


def halt(client: Client, target: str = "desk:finance", reason: str = "Odd amounts.") -> int:
    return client.post(reverse("admin:halts"), {"target": target, "reason": reason}).status_code


def lift(client: Client, reason: str = "Checked.") -> int:
    return client.post(reverse("admin:halt_lift", args=[Halt.objects.get().pk]), {"reason": reason}).status_code


def text(client: Client, name: str = "inbox", *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


@pytest.fixture(autouse=True)
def may_halt(superuser: Client) -> None:
    """The superuser was given halts; being one gives none."""
    Person.objects.get(username="root").groups.add(Group.objects.get(name="Halts"))


class TestTheButton:
    def test_is_in_the_header_of_whoever_may_press_it(self, here: World, junior: Client, superuser: Client) -> None:
        for client in (junior, superuser, signed_in(here.owner, "Reviewers")):
            assert 'class="stop"' in text(client)

    def test_is_not_in_the_header_of_whoever_changes_nothing(self, compliance: Client) -> None:
        assert 'class="stop"' not in text(compliance)

    def test_leads_to_what_one_may_halt_and_nothing_chosen(self, here: World, junior: Client) -> None:
        page = text(junior, "halts")
        assert 'value="desk:finance"' in page and 'value="action_type:invoice.post"' in page
        assert 'value="everything:"' not in page and 'value="agent:' not in page
        assert " selected" not in page.split('name="target"')[1].split("</select>")[0].replace('value="" selected', "")

    def test_halts_with_one_confirm(self, here: World, junior: Client) -> None:
        assert halt(junior) == 302
        found = Halt.objects.get()
        assert (str(found), found.started_by, found.reason) == ("Desk Finance", here.junior, "Odd amounts.")

    @pytest.mark.parametrize("target", ["", "everything:", "desk:it", "nonsense"])
    def test_refuses_what_is_not_offered(self, here: World, junior: Client, target: str) -> None:
        assert halt(junior, target) == 422
        assert not Halt.objects.exists()

    def test_says_what_is_halted_already(self, here: World, junior: Client, senior: Client) -> None:
        halt(junior)
        answer = senior.post(reverse("admin:halts"), {"target": "desk:finance", "reason": ""})
        assert answer.status_code == 422 and "already halted by junior" in answer.content.decode()

    def test_does_nothing_when_it_is_only_looked_at(self, here: World, junior: Client) -> None:
        junior.get(reverse("admin:halts") + "?target=desk:finance&reason=x")
        assert not Halt.objects.exists()

    def test_wants_a_token_against_forgery(self, here: World) -> None:
        assert halt(signed_in(here.junior, "Reviewers", checks_csrf=True)) == 403
        assert not Halt.objects.exists()


class TestTheBanner:
    def test_is_on_every_page_of_the_desks_people(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        halt(junior, reason="Odd <b>amounts</b>.")
        pages = [text(senior, name) for name in ("inbox", "index", "approvals_action_changelist", "tokens")]
        for page in [*pages, show(senior, action)]:
            assert "is halted" in page and "Odd &lt;b&gt;amounts" in page

    def test_is_not_on_pages_of_people_elsewhere(self, here: World, junior: Client) -> None:
        halt(junior)
        assert 'class="halted"' not in text(signed_in(world.person("stranger"), "Reviewers"))

    def test_goes_with_the_halt(self, here: World, junior: Client, senior: Client) -> None:
        halt(junior)
        lift(senior)
        assert 'class="halted"' not in text(junior)


class TestLifting:
    def test_is_done_by_a_second_person_with_a_reason(self, here: World, junior: Client, senior: Client) -> None:
        halt(junior)
        assert lift(junior) == 422
        assert lift(senior, " ") == 422
        assert lift(senior) == 302
        assert Halt.objects.get().lifted_by == here.senior

    def test_keeps_what_was_written_when_it_is_refused(self, here: World, junior: Client) -> None:
        halt(junior)
        answer = junior.post(reverse("admin:halt_lift", args=[Halt.objects.get().pk]), {"reason": "All is well."})
        assert "All is well." in answer.content.decode() and "Another person must lift it" in answer.content.decode()

    def test_is_no_link(self, here: World, junior: Client, senior: Client) -> None:
        halt(junior)
        assert senior.get(reverse("admin:halt_lift", args=[Halt.objects.get().pk])).status_code == 405


class TestTheList:
    def test_shows_lifted_halts_and_their_history(self, here: World, junior: Client, senior: Client) -> None:
        halt(junior)
        lift(senior)
        assert "Odd amounts." in text(junior, "approvals_halt_changelist")
        history = text(junior, "approvals_halt_history", Halt.objects.get().pk)
        assert "Odd amounts." in history and "Checked." in history and "senior" in history

    def test_changes_nothing(self, here: World, superuser: Client, junior: Client) -> None:
        halt(junior)
        one = reverse("admin:approvals_halt_change", args=[Halt.objects.get().pk])
        assert superuser.get(one).status_code == 200
        assert superuser.post(one, {"reason": "Nothing"}).status_code == 403
        assert superuser.get(reverse("admin:approvals_halt_add")).status_code == 403


class TestTheDecisionPage:
    def test_says_why_nothing_is_approved(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        halt(junior)
        answer = press(senior, action, "approve")
        assert answer.status_code in {409, 422} and "has been halted since" in answer.content.decode()
        assert press(senior, action, "reject").status_code == 302

    def test_offers_no_approval_while_it_holds(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        halt(junior)
        page = show(senior, action)
        approve = page.split('value="approve"')[1].split(">")[0]
        assert "disabled" in approve and "Desk Finance</bdi> is halted" in page
        assert "?edit=1" not in page and 'value="reject"' in page
        lift(senior)
        assert "disabled" not in show(senior, action).split('value="approve"')[1].split(">")[0]

    def test_has_a_word_of_it_in_the_inbox(self, here: World, junior: Client, senior: Client) -> None:
        here.pending()
        assert '<strong class="overdue">halted</strong>' not in text(senior)
        halt(junior)
        assert '<strong class="overdue">halted</strong>' in text(senior)

    @pytest.mark.parametrize(
        "name", ["action_type:invoice.post", "agent:invoice-bot", "connector:journal", "everything:"]
    )
    def test_knows_every_scope(self, here: World, superuser: Client, senior: Client, name: str) -> None:
        action = here.pending()
        assert halt(superuser, name) == 302
        assert 'aria-describedby="halted-here"' in show(senior, action)

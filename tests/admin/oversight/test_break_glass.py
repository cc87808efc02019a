"""Break-glass in the admin: the form for whoever may, the list for whoever reviews, a count on the home page."""

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import BreakGlass, Person
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import press, show
from tests.services.safety.test_break_glass import WHY
from tests.world import World, fresh


@pytest.fixture
def helper(here: World) -> Client:
    client = signed_in(world.person("helper"), "Reviewers")
    Person.objects.get(username="helper").groups.add(Group.objects.get(name="Break-glass"))
    return client


def smash(client: Client, **changes: str) -> HttpResponse:
    return client.post(reverse("admin:break_glass"), {"desk": "finance", "reason": WHY, "password": "secret"} | changes)


def page(client: Client, name: str = "break_glass") -> str:
    return client.get(reverse(f"admin:{name}")).content.decode()


def end(client: Client) -> int:
    return client.post(reverse("admin:break_glass_close", args=[BreakGlass.objects.get().pk])).status_code


def review(client: Client, **fields: str) -> HttpResponse:
    given = {"finding": "justified", "note": "Right."} | fields
    return client.post(reverse("admin:break_glass_review", args=[BreakGlass.objects.get().pk]), given)


class TestTheForm:
    def test_is_for_whoever_may(self, helper: Client, junior: Client) -> None:
        assert "Start break-glass access" in page(helper) and "Start break-glass access" not in page(junior)
        assert smash(junior).status_code == 422
        assert not BreakGlass.objects.exists()

    def test_opens_what_waits_there_and_lets_it_be_decided(self, here: World, helper: Client) -> None:
        action = here.pending(amount=9000)
        assert helper.get(reverse("admin:approvals_action_review", args=[action.pk])).status_code == 404
        assert smash(helper).status_code == 302
        assert str(action.pk) in page(helper)
        assert 'value="approve"' in show(helper, action)
        assert press(helper, action, "approve").status_code == 302
        assert fresh(action).state == "approved"

    @pytest.mark.parametrize("changes", [{"password": "guess"}, {"password": ""}, {"desk": ""}, {"reason": ""}])
    def test_refuses_what_is_not_whole(self, helper: Client, changes: dict[str, str]) -> None:
        answer = smash(helper, **changes)
        assert answer.status_code == 422 and "secret" not in answer.content.decode()
        assert not BreakGlass.objects.exists()

    def test_wants_a_token_against_forgery_and_is_no_link(self, helper: Client) -> None:
        strict = signed_in(Person.objects.get(username="helper"), "Break-glass", checks_csrf=True)
        assert smash(strict).status_code == 403
        helper.get(reverse("admin:break_glass") + "?desk=finance&reason=x&password=secret")
        assert not BreakGlass.objects.exists()


class TestTheReview:
    def test_is_counted_on_the_home_page_of_those_concerned(
        self, helper: Client, senior: Client, compliance: Client
    ) -> None:
        smash(helper)
        for client in (senior, compliance):
            assert "1 break-glass grant is open" in page(client, "index") and WHY in page(client, "index")
        assert "break-glass" not in page(signed_in(world.person("stranger"), "Reviewers"), "index")

    def test_is_done_by_another(self, helper: Client, senior: Client) -> None:
        smash(helper)
        assert "Findings" not in page(senior)
        assert end(helper) == 302
        assert "Findings" in page(senior) and "Findings" not in page(helper)
        assert review(helper).status_code == 422
        assert review(senior, note="").status_code == 422
        assert review(senior).status_code == 302
        assert "1 break-glass" not in page(senior, "index")

    def test_changes_nothing_for_officers(self, helper: Client, compliance: Client) -> None:
        smash(helper)
        end(helper)
        assert WHY in page(compliance) and "Findings" not in page(compliance)
        assert review(compliance).status_code == 422

    def test_is_on_record(self, helper: Client, senior: Client, compliance: Client) -> None:
        smash(helper)
        end(helper)
        review(senior)
        assert WHY in page(compliance, "approvals_breakglass_changelist")
        found = reverse("admin:approvals_breakglass_history", args=[BreakGlass.objects.get().pk])
        assert "Right." in compliance.get(found).content.decode()

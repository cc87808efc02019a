"""An account's sign-in in the admin: made without a password, a link by mail, and why it counts as somebody else."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from approvals.actors import Door, system
from approvals.models import LedgerEntry, Membership, Person
from approvals.services.notifications import queue
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address
from tests.world import World, now


def mailed() -> list[str]:
    queue.deliver_ready(actor=system(Door.CELERY), clock=now)
    return [letter.subject for letter in mail.outbox]


def page(person: Person) -> str:
    return reverse("admin:approvals_person_sign_in", args=[person.pk])


def set_password(client: Client, person: Person) -> None:
    typed = {"password1": "correct horse 7", "password2": "correct horse 7", "usable_password": "true"}
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.post(url, typed | {"set-password": ""}).status_code == 302


@pytest.fixture
def helper(here: World) -> Client:
    """Somebody who manages accounts, and is no superuser."""
    found = world.person("helper")
    found.user_permissions.set(Permission.objects.filter(codename__in=["add_person", "change_person", "view_person"]))
    client = Client()
    client.force_login(found)
    return client


class TestANewAccount:
    def test_has_no_password_and_its_owner_is_mailed_a_link(self, helper: Client) -> None:
        typed = {"username": "new", "email": "new@example.com", "first_name": "", "last_name": "", "is_staff": "on"}
        none = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
        assert helper.post(reverse("admin:approvals_person_add"), typed | none).status_code == 302
        found = Person.objects.get(username="new")
        assert (found.has_usable_password(), found.password_set_by, mailed()) == (False, None, ["Set your password"])


class TestThePage:
    def test_sends_a_link(self, here: World, helper: Client) -> None:
        assert helper.post(page(here.junior), {"link": "1"}).status_code == 302
        assert mailed() == ["Set your password"]
        assert LedgerEntry.objects.filter(event="person.link_sent").count() == 1

    def test_is_not_for_accounts_above_ones_own(self, here: World, helper: Client, junior: Client) -> None:
        root = world.person("root", is_superuser=True)
        assert helper.post(page(root), {"link": "1"}).status_code == 403
        assert junior.post(page(here.senior), {"link": "1"}).status_code == 403
        assert mailed() == []

    def test_says_why_somebody_counts_as_somebody_else(self, here: World, superuser: Client) -> None:
        set_password(superuser, here.junior)
        said = "junior and root count as one person because root might know junior’s password."
        assert said in superuser.get(page(here.junior)).content.decode()
        assert said in superuser.get(reverse("admin:approvals_person_change", args=[here.junior.pk])).content.decode()


class TestADecisionPage:
    def test_says_why_it_is_another_persons_to_decide(self, here: World, superuser: Client) -> None:
        root = Person.objects.get(username="root")
        Membership.objects.create(person=root, desk=here.desk)
        set_password(superuser, here.junior)
        action = here.pending(on_behalf_of="root@example.com")
        shown = signed_in(Person.objects.get(pk=here.junior.pk), "Reviewers").get(address(action)).content.decode()
        assert "You and root count as one person because of a password that someone else set." in shown


class TestALinksPage:
    @pytest.mark.parametrize("token", ["x", "abc-def", "set-password"])
    def test_shows_no_form_for_a_wrong_token(self, here: World, token: str) -> None:
        answer = Client().get(reverse("admin:set_password", args=["MQ", token]), follow=True)
        assert (answer.status_code, b"new_password1" in answer.content) == (200, False)

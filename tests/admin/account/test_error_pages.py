"""Pages of errors: they keep the frame, and say what is missing and who gives it, but never what there is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.urls.resolvers import RoutePattern

from approvals.admin.account import missing
from approvals.models import Desk, Person
from hitl_project import urls
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

FRAME = 'id="header"'
# Values that lead to nothing, for each part of an address.
ANY = {
    "int": 4_000_000_000,
    "uuid": UUID(int=7 << 76),
    "slug": "none",
    "str": "none",
    "path": "4000000000",
    "id": "4000000000",
}


def own_pages() -> Iterator[str]:
    """The address of each page that is named in `missing.OWN`."""
    for pattern in _patterns(admin.site.get_urls()):
        if pattern.name in missing.OWN and isinstance(pattern.pattern, RoutePattern):
            given = {name: ANY[name] if name in ANY else _any(of) for name, of in pattern.pattern.converters.items()}
            yield reverse(f"admin:{pattern.name}", kwargs=given)


def _patterns(found: list[Any]) -> Iterator[URLPattern]:
    for each in found:
        yield from _patterns(each.url_patterns) if isinstance(each, URLResolver) else [each]


def _any(converter: object) -> Any:
    return ANY[type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")]


@pytest.fixture
def clerk(here: World) -> Client:
    """Somebody who may sign in, and nothing else."""
    return signed_in(world.person("clerk"))


@pytest.fixture
def root(here: World) -> Person:
    person: Person = world.person("root", is_superuser=True)
    Person.objects.filter(pk=person.pk).update(first_name="Nora", last_name="Klein")
    return person


class TestARefusal:
    def test_names_the_permission_and_who_gives_it(self, clerk: Client, root: Person) -> None:
        answer = clerk.get(reverse("admin:approvals_apikey_add"))
        assert answer.status_code == 403
        assert "the permission “API keys: add”" in answer.text
        assert "Roles with this permission: <bdi>Integrators</bdi>." in answer.text
        assert "Ask Nora Klein for it." in answer.text

    def test_keeps_the_header_and_leads_to_the_inbox(self, clerk: Client) -> None:
        page = clerk.get(reverse("admin:approvals_apikey_add")).text
        assert FRAME in page
        assert page.count("<h1") == 1
        assert f'class="button" href="{reverse("admin:inbox")}"' in page

    def test_names_at_most_three_people(self, clerk: Client) -> None:
        for number in range(5):
            world.person(f"root{number}", is_superuser=True)
        page = clerk.get(reverse("admin:approvals_apikey_add")).text
        assert "root2" in page
        assert "root3" not in page

    def test_names_nobody_who_has_left(self, clerk: Client, root: Person) -> None:
        Person.objects.filter(pk=root.pk).update(is_active=False)
        page = clerk.get(reverse("admin:approvals_apikey_add")).text
        assert "Klein" not in page
        assert "Ask your operator for it." in page

    def test_of_a_desk_names_the_desk_and_who_adds_members(self, clerk: Client) -> None:
        keeper = world.person("keeper")
        keeper.user_permissions.add(Permission.objects.get(codename="add_membership"))
        page = clerk.get(reverse("admin:tightenings")).text
        assert f"a membership of the desk “{Desk.objects.get(slug='policies')}”" in page
        assert "Ask keeper for it." in page

    def test_of_what_only_superusers_do_says_so(self, clerk: Client, here: World) -> None:
        assert "Only superusers can do this." in clerk.get(reverse("admin:auth_group_add")).text

    def test_of_what_nobody_does_by_hand_names_no_permission(self, superuser: Client, clerk: Client) -> None:
        for client in (superuser, clerk):
            page = client.get(reverse("admin:approvals_action_add")).text
            assert "Nobody can do this here" in page
            assert "permission “" not in page

    def test_of_a_form_says_that_nothing_was_changed(self, clerk: Client) -> None:
        assert "Nothing was changed." in clerk.post(reverse("admin:approvals_agent_add"), {"name": "x"}).text

    def test_speaks_the_readers_language(self, clerk: Client, here: World) -> None:
        Person.objects.filter(username="clerk").update(language="de")
        assert "Berechtigung „API-Schlüssel: hinzufügen“" in clerk.get(reverse("admin:approvals_apikey_add")).text

    @pytest.mark.parametrize("path", sorted(own_pages()))
    def test_of_each_page_of_ours_says_what_is_missing(self, clerk: Client, root: Person, path: str) -> None:
        answers = [clerk.get(path), clerk.post(path)]
        refused = [answer for answer in answers if answer.status_code == 403]
        assert refused, [answer.status_code for answer in answers]
        for answer in refused:
            assert "Your account does not allow this." not in answer.text
            assert "Klein" in answer.text

    @pytest.mark.parametrize("page", ["changelist", "add"])
    def test_of_each_model_says_what_is_missing(self, clerk: Client, root: Person, page: str) -> None:
        for model in admin.site._registry:
            answer = clerk.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"))
            said = "“" in answer.text or "Nobody can" in answer.text or "Only superusers" in answer.text
            assert answer.status_code == 200 or said, model


class TestWhatAPersonMayNotSee:
    @pytest.mark.parametrize("page", ["history", "change", "delete"])
    @pytest.mark.parametrize("model", ["apikey", "membership", "employee", "decision"])
    def test_answers_as_if_it_were_not_there(self, clerk: Client, here: World, model: str, page: str) -> None:
        """A page of a row that is there, and one of a row that is not, say the same."""
        row = here.junior.memberships.first() if model == "membership" else None
        there = row.pk if row is not None else 1
        answers = [clerk.get(f"/admin/approvals/{model}/{key}/{page}/") for key in (there, 4_000_000_000)]
        assert answers[0].status_code == answers[1].status_code

    def test_is_not_found_as_what_does_not_exist_is(self, clerk: Client, here: World) -> None:
        hidden = clerk.get(reverse("admin:approvals_action_review", args=[here.pending().pk]))
        absent = clerk.get(reverse("admin:approvals_action_review", args=[UUID(int=7 << 76)]))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert _bare(hidden.text) == _bare(absent.text)


def _bare(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


class TestWhatIsNotThere:
    def test_is_said_inside_the_frame_with_a_search(self, here: World, junior: Client) -> None:
        answer = junior.get("/admin/nothing/")
        assert answer.status_code == 404
        assert FRAME in answer.text
        assert 'id="refusal-search"' in answer.text

    def test_is_said_to_strangers_without_a_statement(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            answer = Client().get("/nothing/")
        assert answer.status_code == 404
        assert f'href="{reverse("admin:index")}"' in answer.text
        assert "search" not in answer.text


class TestTheHandlers:
    def test_are_those_of_this_module(self) -> None:
        assert urls.handler403 == "approvals.admin.account.error_pages.denied"
        assert urls.handler404 == "approvals.admin.account.error_pages.not_found"


class TestAFailure:
    def test_is_a_page_that_names_the_request(
        self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_given: Any) -> None:
            raise RuntimeError("secret")

        monkeypatch.setattr("approvals.admin.inbox.home.context", broken)
        junior.raise_request_exception = False
        answer = junior.get("/admin/", headers={"X-Request-ID": "asked-1"})
        assert (answer.status_code, "asked-1" in answer.text, "secret" in answer.text) == (500, True, False)

    def test_of_a_request_that_cannot_be_read_is_a_page(self, db: None) -> None:
        answer = Client().get("/admin/", headers={"Host": "elsewhere.example"})
        assert (answer.status_code, FRAME in answer.text) == (400, True)

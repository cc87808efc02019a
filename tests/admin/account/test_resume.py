"""A session that ends while a form is filled in: after the sign-in, what was typed is there again."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import world
from tests.admin.pages import address, seen
from tests.world import World, fresh

WORDS = "Order <12> \u201equoted\u201c & paid"


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden"\s+name="([^"]+)"[^>]*?value="([^"]*)"', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def sign_in(client: Client, page: str, password: str = "secret") -> str:
    given = {"username": "junior", "password": password, "next": hidden(page)["next"], **hidden(page)}
    return client.post(reverse("admin:login"), given).content.decode()


class TestASessionThatEnds:
    def test_gives_back_what_was_typed_and_sends_it(self, here: World) -> None:
        client, action = Client(), here.pending()
        page = client.post(address(action, "decide"), seen(action) | {"verdict": "approve", "rationale": WORDS}).text
        assert "Your session has expired" in page
        again = sign_in(client, sign_in(client, page, password="wrong"))
        assert html.escape("Order <12>") in again
        assert fresh(action).state == "pending"
        sent = hidden(again)
        assert sent["rationale"] == [WORDS]
        assert client.post(address(action, "decide"), sent).status_code == 302
        assert fresh(action).state == "approved"

    def test_gives_back_an_edit(self, here: World) -> None:
        client, action = Client(), here.pending()
        page = client.post(address(action, "modify"), seen(action) | {"value:/issuer": "Ink Works"}).text
        answer = client.post(address(action, "modify"), hidden(sign_in(client, page)))
        assert "Confirm 1 change" in answer.text and "Ink Works" in answer.text

    def test_keeps_no_password_and_nothing_in_an_address(self, here: World) -> None:
        client = Client()
        page = client.post(reverse("admin:break_glass"), {"reason": WORDS, "password": "secret"}).text
        assert "secret" not in page
        assert not client.session.items()
        answer = client.post(reverse("admin:login"), {"username": "junior", "password": "secret", **hidden(page)})
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/admin/", "/api/v1/", "javascript:x"])
    def test_sends_nothing_elsewhere(self, here: World, next_: str) -> None:
        given = {"username": "junior", "password": "secret", "next": next_, "typed_before": '[["a", "b"]]'}
        answer = Client().post(reverse("admin:login"), given)
        assert "evil" not in answer.text and 'name="a"' not in answer.text

    def test_is_told_to_a_script_as_before(self, here: World) -> None:
        answer = Client().post(address(here.pending(), "claim"), headers={"accept": "application/json"})
        assert answer.status_code == 302


class TestWhateverWasTyped(TestCase):
    """Names and values of any characters come along unchanged."""

    @settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.dictionaries(st.text("abc:/é", min_size=1, max_size=8), st.text(max_size=30), min_size=1, max_size=4))
    def test_it_comes_along(self, typed: dict[str, str]) -> None:
        who = world.person("junior")
        client = Client()
        page = client.post(reverse("admin:halts"), typed).text
        client.force_login(who)
        again = client.post(reverse("admin:login"), {**hidden(page), "username": "junior", "password": "secret"}).text
        sent = hidden(again)
        for name, value in typed.items():
            assert [each.replace("\r\n", "\n") for each in sent[name]] == [value.replace("\r\n", "\n")]

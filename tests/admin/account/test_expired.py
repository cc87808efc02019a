"""A page whose CSRF token expired because its reader signed in again: what was typed is handed back."""

import html
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import world
from tests.admin.account.test_resume import WORDS, hidden
from tests.admin.conftest import signed_in
from tests.admin.pages import address, seen
from tests.world import World, fresh

HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
# The forms of the review page, by the name of their address, with what is typed into them.
FORMS: dict[str, dict[str, Any]] = {
    "decide": {"verdict": "reject", "rationale": WORDS},
    "decide_twins": {"rationale": WORDS, "twin": ["a", "b"]},
    "modify": {"value:/issuer": WORDS, "value:/lines/0/name": "é\r\nü"},
    "undo": {"rationale": WORDS},
    "hand_over": {"to": "senior", "words": WORDS},
    "comment": {"text": WORDS},
    "override": {"why": WORDS},
    "reverse": {"why": WORDS},
    "always": {"reason": WORDS, "max_amount": "12,50"},
}


@pytest.fixture
def expired(here: World) -> Client:
    """The junior's browser after another sign-in: the token in the open page is an old one."""
    client = signed_in(here.junior, "Reviewers", checks_csrf=True)
    client.get("/admin/")
    return client


def send(client: Client, path: str, fields: dict[str, Any], **headers: str) -> HttpResponse:
    return client.post(path, {**fields, "csrfmiddlewaretoken": "a" * 64}, headers={**HERE, **headers})


class TestAnExpiredToken:
    @pytest.mark.parametrize("name", FORMS)
    def test_hands_back_all_that_was_typed(self, here: World, expired: Client, name: str) -> None:
        path, fields = address(here.pending(), name), FORMS[name]
        answer = send(expired, path, fields)
        assert (answer.status_code, f'action="{path}"' in answer.text) == (403, True)
        assert "You signed in again after you opened the page" in answer.text
        sent = hidden(answer.text)
        assert sent.pop("csrfmiddlewaretoken") != ["a" * 64]
        assert sent == {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
        assert "no-store" in answer["Cache-Control"]

    def test_sends_it_by_the_button_alone(self, here: World, expired: Client) -> None:
        action = here.pending()
        answer = send(expired, address(action, "decide"), seen(action) | {"verdict": "approve", "rationale": WORDS})
        assert html.escape(WORDS) in answer.text
        assert "<script" not in answer.text.partition('<form method="post" action="/admin/approvals')[2]
        assert fresh(action).state == "pending"
        assert expired.post(address(action, "decide"), hidden(answer.text), headers=HERE).status_code == 302
        assert fresh(action).state == "approved"

    def test_hands_back_no_secret(self, here: World, expired: Client) -> None:
        fields = {"reason": WORDS, "password": "s3cret", "old_password": "s3cret", "client_secret": "s3cret"}
        answer = send(expired, reverse("admin:break_glass"), fields)
        assert hidden(answer.text)["reason"] == [WORDS]
        assert "s3cret" not in answer.text

    def test_asks_who_signed_out_to_sign_in_again(self, here: World, expired: Client) -> None:
        action = here.pending()
        expired.logout()
        answer = send(expired, address(action, "decide"), {"rationale": WORDS})
        assert "Your session has expired" in answer.text
        assert "Order" in hidden(answer.text)["typed_before"][0]

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://testserver.evil.example"},
            {"origin": "https://trusted.example"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"accept": "application/json"},
        ],
    )
    def test_hands_back_nothing_to_another_site_or_a_script(
        self, here: World, expired: Client, headers: dict[str, str], settings: Any
    ) -> None:
        settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
        answer = send(expired, address(here.pending(), "decide"), {"rationale": WORDS}, **headers)
        assert (answer.status_code, "Order" in answer.text) == (403, False)
        assert "This page has expired" in answer.text


class TestWhateverWasTyped(TestCase):
    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.dictionaries(st.text("abc:/é", min_size=1, max_size=8), st.text(max_size=30), min_size=1, max_size=4))
    def test_it_is_handed_back(self, typed: dict[str, str]) -> None:
        client = signed_in(world.person("junior"), checks_csrf=True)
        client.get("/admin/")
        sent = hidden(send(client, reverse("admin:halts"), typed | {"reason": "Fire."}).text)
        for name, value in typed.items():
            assert [each.replace("\r\n", "\n") for each in sent[name]] == [value.replace("\r\n", "\n")]

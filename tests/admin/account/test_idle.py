"""A session ends when nobody uses it; what an open page asks for by itself is no use of it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from approvals.models import Person
from tests.admin.account.test_resume import hidden, sign_in
from tests.admin.pages import address, seen
from tests.world import World

BY_A_PERSON = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BY_A_PAGE = ({"accept": "application/json"}, {"accept": "*/*"})


def pass_time(client: Client, **how_long: float) -> None:
    """Let the time pass: the row expires that much sooner, and its sign-in was that much earlier."""
    ago, session = timedelta(**how_long), client.session
    row = Session.objects.get(session_key=session.session_key)
    data = session.load()
    data["signed_in_at"] = (timezone.datetime.fromisoformat(data["signed_in_at"]) - ago).isoformat()
    Session.objects.filter(pk=row.pk).update(expire_date=row.expire_date - ago, session_data=session.encode(data))


def is_signed_in(client: Client, headers: dict[str, str]) -> bool:
    return client.get(reverse("admin:inbox_count"), headers=headers).status_code == 200


@pytest.fixture
def client(here: World) -> Client:
    person: Person = here.junior
    found = Client()
    found.force_login(person)
    return found


class TestASession:
    def test_lives_on_while_a_person_opens_pages(self, client: Client) -> None:
        for _ in range(5):
            pass_time(client, minutes=50)
            assert is_signed_in(client, BY_A_PERSON)

    @pytest.mark.parametrize("headers", BY_A_PAGE)
    def test_is_not_kept_by_what_a_page_asks(self, client: Client, headers: dict[str, str]) -> None:
        pass_time(client, minutes=50)
        assert is_signed_in(client, headers)
        pass_time(client, minutes=11)
        assert not is_signed_in(client, BY_A_PERSON)

    def test_ends_half_a_day_after_the_sign_in_however_much_it_is_used(self, client: Client) -> None:
        for _ in range(14):
            pass_time(client, minutes=50)
            assert is_signed_in(client, BY_A_PERSON)
        pass_time(client, minutes=21)
        assert not is_signed_in(client, BY_A_PERSON)

    def test_ends_as_early_as_the_operator_says(self, client: Client, settings: Settings) -> None:
        settings.HITL_SESSION_IDLE_MINUTES = 15
        is_signed_in(client, BY_A_PERSON)
        client.session.save()
        pass_time(client, minutes=16)
        assert not is_signed_in(client, BY_A_PERSON)

    def test_that_ended_loses_nothing_that_was_typed(self, client: Client, here: World) -> None:
        action = here.pending()
        pass_time(client, minutes=61)
        given = seen(action) | {"verdict": "approve", "rationale": "Checked the order."}
        page = client.post(address(action, "decide"), given, headers=BY_A_PERSON).text
        assert hidden(sign_in(client, page))["rationale"] == ["Checked the order."]

    def test_is_written_at_most_once_a_minute(self, client: Client) -> None:
        until = Session.objects.get(pk=client.session.session_key).expire_date
        is_signed_in(client, BY_A_PERSON)
        assert Session.objects.get(pk=client.session.session_key).expire_date == until

    @pytest.mark.postgresql_only
    def test_shows_pages_while_nothing_can_be_written(self, client: Client) -> None:
        pass_time(client, minutes=50)
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            assert is_signed_in(client, BY_A_PERSON)
            cursor.execute("RESET default_transaction_read_only")

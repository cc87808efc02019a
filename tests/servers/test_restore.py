"""A test that commits leaves nothing behind, append-only tables included; the next finds what migrations made."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, connections, transaction

from approvals.models import Desk
from tests.servers.restore import tidy

pytestmark = [pytest.mark.vendor_sensitive, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("turn", ["first", "second"])
class TestATestThatCommits:
    def test_finds_the_database_as_migrated(self, turn: str) -> None:
        assert list(Desk.objects.values_list("slug", flat=True)) == ["policies"]
        assert not Desk.history.exists()
        assert ContentType.objects.filter(app_label="approvals", model="action").exists()
        assert Permission.objects.filter(codename="view_action").exists()
        assert not Permission.objects.filter(name__startswith="Changed").exists()
        Desk.objects.create(name=f"Planted by the {turn}", slug=turn)
        assert Desk.history.exists()
        Permission.objects.filter(codename="view_action").update(name=f"Changed by the {turn}")

    def test_finds_the_guards_in_force(self, turn: str) -> None:
        Desk.objects.create(name=turn, slug=turn)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_historicaldesk")


@pytest.mark.postgresql_only
class TestAKeptConnection:
    def test_is_the_same_session(self) -> None:
        before = asked("SELECT pg_backend_pid()")
        tidy(connections["default"])
        assert asked("SELECT pg_backend_pid()") == before

    @pytest.mark.parametrize(
        ("left", "question", "answer"),
        [
            ("SET enable_seqscan = off", "SHOW enable_seqscan", "on"),
            ("SET TimeZone = 'Asia/Tokyo'", "SHOW TimeZone", "UTC"),
            ("CREATE TEMP TABLE left_over (one int)", "SELECT to_regclass('left_over')", None),
            (
                "SELECT pg_advisory_lock(7)",
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
                0,
            ),
        ],
    )
    def test_is_as_new(self, left: str, question: str, answer: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(left)
        tidy(connections["default"])
        assert asked(question) == answer

    def test_is_closed_where_a_transaction_is_under_way(self) -> None:
        here = connections["default"]
        here.set_autocommit(False)
        asked("SELECT 1")
        tidy(here)
        assert here.connection is None
        assert asked("SELECT 1") == 1

    def test_is_closed_where_the_server_ended_it(self) -> None:
        asked("SELECT 1")
        here = connections["default"]
        with here.copy().temporary_connection() as elsewhere:
            elsewhere.execute("SELECT pg_terminate_backend(%s, 5000)", [here.connection.info.backend_pid])
        tidy(here)
        assert asked("SELECT 1") == 1


def asked(question: str) -> object:
    """What the connection of this test is answered."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]

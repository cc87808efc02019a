"""A test that commits leaves nothing behind, append-only tables included; the next finds what migrations made."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from approvals.models import Desk

pytestmark = [pytest.mark.vendor_sensitive, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("turn", ["first", "second"])
class TestATestThatCommits:
    def test_finds_the_database_as_migrated(self, turn: str) -> None:
        assert list(Desk.objects.values_list("slug", flat=True)) == ["policies"]
        assert not Desk.history.exists()
        assert ContentType.objects.filter(app_label="approvals", model="action").exists()
        assert Permission.objects.filter(codename="view_action").exists()
        Desk.objects.create(name=f"Planted by the {turn}", slug=turn)
        assert Desk.history.exists()

    def test_finds_the_guards_in_force(self, turn: str) -> None:
        Desk.objects.create(name=turn, slug=turn)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_historicaldesk")

"""Personal tokens: one's own alone, shown once, ended at once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from approvals.actors import Actor, Door
from approvals.models import ApiKey
from approvals.services.accounts import api_keys
from tests.world import NOON, World


def make(client: Client, **changes: object) -> str:
    answer = client.post(reverse("admin:tokens"), {"label": "a script", "scopes": ["read"], "days": "7"} | changes)
    return answer.content.decode()


class TestATokenOfOnesOwn:
    def test_is_shown_once_and_opens_the_api(self, here: World, junior: Client) -> None:
        found = re.search(r">(hitl_\w+)<", make(junior))
        assert found is not None
        assert found[1] not in junior.get(reverse("admin:tokens")).content.decode()
        answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {found[1]}"})
        assert answer.status_code == 200

    def test_is_ended_by_a_button(self, here: World, junior: Client) -> None:
        make(junior)
        token = ApiKey.objects.get(person=here.junior)
        junior.post(reverse("admin:token_revoke", args=[token.identifier]))
        token.refresh_from_db()
        assert token.revoked_at is not None

    @pytest.mark.parametrize("changes", [{"scopes": []}, {"scopes": ["propose:*"]}, {"days": "4000"}, {"label": ""}])
    def test_is_not_made_of_nonsense(self, here: World, junior: Client, changes: dict[str, object]) -> None:
        assert "errorlist" in make(junior, **changes)
        assert not ApiKey.objects.filter(person=here.junior).exists()


class TestSomebodyElses:
    def test_is_neither_shown_nor_ended(self, here: World, junior: Client) -> None:
        expiry = NOON.replace(year=NOON.year + 1) - (NOON.replace(year=NOON.year + 1) - NOON) * 0.9
        other = api_keys.issue(
            actor=Actor(Door.ADMIN, person=here.senior), at=NOON, person=here.senior, scopes=["read"], expires_at=expiry
        ).key
        assert other.identifier not in junior.get(reverse("admin:tokens")).content.decode()
        junior.post(reverse("admin:token_revoke", args=[other.identifier]))
        other.refresh_from_db()
        assert other.revoked_at is None

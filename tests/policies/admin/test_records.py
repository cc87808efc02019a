"""Policies in the admin: to be read, never to be changed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Person
from policies.models import Version
from tests.policies.versions import TEXT

pytestmark = pytest.mark.django_db
Make = Callable[..., Version]


@pytest.fixture
def admin(client: Client) -> Client:
    """A superuser's session."""
    client.force_login(Person.objects.create_superuser("root"))
    return client


class TestTheChangelist:
    @pytest.mark.parametrize("model", ["policy", "version"])
    def test_shows_what_there_is_and_offers_no_addition(self, admin: Client, published: Make, model: str) -> None:
        published()
        page = admin.get(reverse(f"admin:policies_{model}_changelist")).content.decode()
        assert "Invoices" in page
        assert admin.get(reverse(f"admin:policies_{model}_add")).status_code == 403

    def test_is_searched_by_digest(self, admin: Client, published: Make) -> None:
        version = published()
        response = admin.get(reverse("admin:policies_version_changelist"), {"q": version.digest[:20]})
        assert response.status_code == 200
        assert version.digest in response.content.decode()


class TestTheDetail:
    def test_shows_the_text_and_the_digest(self, admin: Client, published: Make) -> None:
        version = published()
        page = admin.get(reverse("admin:policies_version_change", args=[version.pk])).content.decode()
        assert version.digest in page
        assert "amount &lt;= 500.0" in page

    def test_lists_the_versions_of_a_policy(self, admin: Client, published: Make) -> None:
        version = published()
        page = admin.get(reverse("admin:policies_policy_change", args=[version.policy_id])).content.decode()
        assert version.digest in page

    def test_says_which_of_its_tests_pass(self, admin: Client, drafted: Make) -> None:
        test = "  - {{name: {name}, given: {{amount: 20.0}}, expect: {{outcome: {outcome}}}}}\n"
        tests = (
            "tests:\n" + test.format(name="it runs", outcome="auto") + test.format(name="it waits", outcome="review")
        )
        version = drafted(TEXT + tests)
        page = admin.get(reverse("admin:policies_version_change", args=[version.pk])).content.decode()
        assert "passes</span> it runs" in page
        assert "fails</span> “it waits”: Expected review" in page
        assert "Fix the failing tests before publishing." in page

    @pytest.mark.parametrize("action", ["change", "delete"])
    def test_takes_no_change(self, admin: Client, published: Make, action: str) -> None:
        version = published()
        response = admin.post(reverse(f"admin:policies_version_{action}", args=[version.pk]), {"source": "x"})
        version.refresh_from_db()
        assert response.status_code == 403
        assert "Small." in version.source


class TestTheHistory:
    def test_says_who_and_why(self, admin: Client, published: Make) -> None:
        version = published()
        page = admin.get(reverse("admin:policies_version_history", args=[version.pk])).content.decode()
        assert "second" in page
        assert "Published." in page

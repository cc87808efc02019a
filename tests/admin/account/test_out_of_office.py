"""Out of office in the admin: noted and ended by oneself, or by a senior of the desk."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import Absence, Delegation, Person
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

FAR = "2036-01-31T09:00"


def note(client: Client, person: Person, **changes: Any) -> HttpResponse:
    form = {"form": "absence", "absence-person": person.pk, "absence-starts_at": "", "absence-ends_at": FAR}
    return client.post(reverse("admin:away"), form | changes)


def lend(client: Client, person: Person, to: Person, **changes: Any) -> HttpResponse:
    form = {
        "form": "delegation",
        "person": person.pk,
        "delegate": to.pk,
        "desk": "",
        "starts_at": "",
        "reason": "Leave",
    }
    fields = form | {"starts_at": "2036-01-01T09:00", "ends_at": FAR} | changes
    return client.post(reverse("admin:away"), {_named(name): value for name, value in fields.items()})


def _named(name: str) -> str:
    return name if name == "form" else f"delegation-{name}"


class TestAnAbsence:
    def test_is_noted_shown_and_ended(self, here: World, junior: Client) -> None:
        too_long = note(junior, here.junior)
        assert too_long.status_code == 422 and "at most 366 days" in too_long.content.decode()
        assert note(junior, here.junior, **{"absence-starts_at": "2036-01-01T09:00"}).status_code == 302
        row = Absence.objects.get()
        assert reverse("admin:absence_end", args=[row.pk]) in junior.get(reverse("admin:away")).content.decode()
        junior.post(reverse("admin:absence_end", args=[row.pk]))
        row.refresh_from_db()
        assert row.ended_by == here.junior

    def test_of_somebody_else_is_a_seniors_to_note(self, here: World, junior: Client, senior: Client) -> None:
        begins = {"absence-starts_at": "2036-01-01T09:00"}
        assert note(junior, here.senior, **begins).status_code == 422
        assert note(senior, here.junior, **begins).status_code == 302
        assert Absence.objects.get().entered_by == here.senior


class TestADelegation:
    def test_is_lent_shown_to_both_and_ended(self, here: World, senior: Client) -> None:
        friend = world.person("friend")
        assert lend(senior, here.senior, friend).status_code == 302
        given = Delegation.objects.get()
        theirs = signed_in(friend, "Reviewers")
        for client in (senior, theirs):
            text = client.get(reverse("admin:away")).content.decode()
            assert reverse("admin:delegation_end", args=[given.pk]) in text and "Leave" in text
        theirs.post(reverse("admin:delegation_end", args=[given.pk]))
        given.refresh_from_db()
        assert given.ended_by == friend

    def test_is_refused_with_its_sentence_and_what_was_typed(self, here: World, senior: Client) -> None:
        answer = lend(senior, here.senior, world.person("ghost", password="!"))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "cannot sign in" in text and "2036-01-31T09:00" in text

    def test_is_not_somebody_elses_to_end(self, here: World, senior: Client, junior: Client) -> None:
        lend(senior, here.senior, world.person("friend"))
        given = Delegation.objects.get()
        junior.post(reverse("admin:delegation_end", args=[given.pk]))
        given.refresh_from_db()
        assert given.ended_at is None
        assert str(given.pk) not in junior.get(reverse("admin:away")).content.decode()

    def test_is_read_by_compliance_with_its_history(self, here: World, senior: Client, compliance: Client) -> None:
        lend(senior, here.senior, world.person("friend"))
        note(senior, here.senior, **{"absence-starts_at": "2036-01-01T09:00"})
        for model in (Delegation, Absence):
            name = model._meta.model_name
            assert compliance.get(reverse(f"admin:approvals_{name}_changelist")).status_code == 200
            page = compliance.get(reverse(f"admin:approvals_{name}_history", args=[model.objects.get().pk]))
            assert "Created" in page.content.decode()

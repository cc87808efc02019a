"""The catalog's forms: nobody gives herself power, what cannot be carried out is refused, every change is told."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from approvals.models import ActionType, Agent, Desk, LedgerEntry, Membership, Person
from approvals.services.policy import action_type_checks
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

EVERYTHING = ("person", "membership", "desk", "agent", "actiontype")


@pytest.fixture
def keeper(here: World) -> Person:
    """Somebody on the staff who may change the whole catalog, and is no superuser."""
    found = world.person("keeper")
    found.user_permissions.set(
        Permission.objects.filter(codename__regex=f"^(add|change|delete)_({'|'.join(EVERYTHING)})$")
    )
    return found


@pytest.fixture
def staff(keeper: Person) -> Client:
    return signed_in(keeper)


def url(row: Any, page: str = "change") -> str:
    arguments = [] if page == "add" else [row.pk]
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=arguments)


def inline(prefix: str = "memberships") -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def membership(
    person: Person, desk: Desk, tier: Tier = Tier.SENIOR, ceilings: dict[str, str] | None = None
) -> dict[str, Any]:
    amounts = {"ceilings-currency": [*(ceilings or {})], "ceilings-amount": [*(ceilings or {}).values()]}
    return {"person": person.pk, "desk": desk.pk, "tier": int(tier), "max_stakes": "high", **amounts}


def events(name: str) -> list[dict[str, Any]]:
    return [json.loads(entry.body)["data"] for entry in LedgerEntry.objects.filter(event=name).order_by("pk")]


def as_typed(kind: ActionType, **changes: Any) -> dict[str, Any]:
    """What the form of this kind sends."""
    fields = model_to_dict(kind) | changes
    return {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in fields.items()
        if value is not None and value is not False
    }


def again(kind: ActionType) -> ActionType:
    """The kind of action as the database has it now."""
    return ActionType.objects.get(pk=kind.pk)


def faults(answer: HttpResponse) -> dict[str, list[str]]:
    context: Any = answer.context
    return dict(context["adminform"].form.errors)


class TestPowerOverOneself:
    def test_is_not_added(self, here: World, staff: Client, keeper: Person) -> None:
        answer = staff.post(reverse("admin:approvals_membership_add"), membership(keeper, here.desk))
        assert "your own authority" in answer.content.decode()
        assert not Membership.objects.filter(person=keeper).exists()

    def test_is_not_taken_over_from_somebody_else(self, here: World, staff: Client, keeper: Person) -> None:
        row = Membership.objects.get(person=here.junior)
        staff.post(url(row), membership(keeper, here.desk))
        row.refresh_from_db()
        assert row.person == here.junior

    def test_is_not_raised_on_the_desks_page(self, here: World) -> None:
        permissions = Permission.objects.filter(codename__in=["change_desk", "change_membership", "view_membership"])
        here.junior.user_permissions.set(permissions)
        row = Membership.objects.get(person=here.junior)
        sent = {f"memberships-0-{name}": value for name, value in membership(here.junior, here.desk).items()}
        sent |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1", "memberships-0-id": row.pk}
        client = signed_in(here.junior)
        answer = client.post(url(here.desk), {"name": "Finance", "slug": here.desk.slug} | sent)
        assert "your own authority" in answer.content.decode()
        row.refresh_from_db()
        assert row.tier == Tier.JUNIOR

    def test_is_not_given_by_a_superuser_either(self, here: World, superuser: Client) -> None:
        root = Person.objects.get(username="root")
        superuser.post(reverse("admin:approvals_membership_add"), membership(root, here.desk))
        assert not Membership.objects.filter(person=root).exists()

    def test_is_given_at_a_desk_that_somebody_runs_alone(self, here: World, superuser: Client) -> None:
        Desk.objects.filter(pk=here.desk.pk).update(is_solo=True)
        root = Person.objects.get(username="root")
        superuser.post(reverse("admin:approvals_membership_add"), membership(root, here.desk))
        assert Membership.objects.filter(person=root).exists()

    def test_makes_no_desk_solo_but_by_a_superuser(self, here: World, staff: Client) -> None:
        staff.post(url(here.desk), {"name": "Money", "slug": here.desk.slug, "is_solo": "on"} | inline())
        here.desk.refresh_from_db()
        assert (here.desk.name, here.desk.is_solo) == ("Money", False)


class TestAGroup:
    def test_is_not_given_powers_by_ordinary_staff(self, keeper: Person) -> None:
        keeper.user_permissions.set(Permission.objects.filter(codename__regex="_(group|permission)$"))
        staff, group = signed_in(keeper, "Reviewers"), Group.objects.get(name="Reviewers")
        data = {"name": "Reviewers", "permissions": [each.pk for each in Permission.objects.all()]}
        before = group.permissions.count()
        assert staff.post(url(group), data).status_code == 403
        assert staff.post(url(group, "add"), data | {"name": "Mine"}).status_code == 403
        assert staff.post(url(group, "delete"), {"post": "yes"}).status_code == 403
        assert group.permissions.count() == before

    def test_is_changed_by_a_superuser(self, superuser: Client) -> None:
        group = Group.objects.get(name="Reviewers")
        assert superuser.post(url(group), {"name": "Judges", "permissions": []}).status_code == 302


class TestAPerson:
    def test_is_not_edited_by_herself_without_being_a_superuser(self, staff: Client, keeper: Person) -> None:
        assert staff.post(url(keeper), {"username": "other"}).status_code == 403

    def test_gets_no_powers_from_ordinary_staff(self, here: World, staff: Client) -> None:
        sent = {
            "username": "junior", "email": "new@example.com", "is_active": "on", "is_staff": "on",
            "is_superuser": "on", "date_joined_0": "2026-01-01", "date_joined_1": "12:00",
            "time_zone": "UTC", "language": "en",
        }  # fmt: skip
        assert staff.post(url(here.junior), sent | inline()).status_code == 302
        here.junior.refresh_from_db()
        assert (here.junior.email, here.junior.is_superuser) == ("new@example.com", False)

    def test_gets_no_password_from_ordinary_staff(self, here: World, staff: Client) -> None:
        address = reverse("admin:auth_user_password_change", args=[here.junior.pk])
        assert staff.post(address, {"password1": "a-fine-secret", "password2": "a-fine-secret"}).status_code == 403

    def test_whose_password_was_set_is_on_record(self, here: World, superuser: Client) -> None:
        address = reverse("admin:auth_user_password_change", args=[here.junior.pk])
        sent = {"usable_password": "true", "password1": "a-fine-secret", "password2": "a-fine-secret"}
        assert superuser.post(address, sent | {"set-password": ""}).status_code == 302
        assert events("person.password_set") == [{"row": here.junior.pk}]

    def test_who_is_a_superuser_is_left_alone_by_ordinary_staff(self, staff: Client) -> None:
        assert staff.post(url(world.person("root", is_superuser=True)), {"username": "x"}).status_code == 403


class TestTheRecord:
    def test_says_which_fields_of_a_membership_changed_and_not_to_what(self, here: World, superuser: Client) -> None:
        row = Membership.objects.get(person=here.junior)
        sent = membership(here.junior, here.desk, Tier.SENIOR, {"EUR": "100.00"})
        assert superuser.post(url(row), sent).status_code == 302
        assert events("setup.membership.changed") == [{"row": row.pk, "fields": ["ceilings", "tier"]}]
        assert row.history.count() == 2

    def test_says_that_a_membership_was_removed(self, here: World, superuser: Client) -> None:
        row = Membership.objects.get(person=here.junior)
        assert superuser.post(url(row, "delete"), {"post": "yes"}).status_code == 302
        assert events("setup.membership.removed") == [{"row": row.pk}]
        assert [past.history_type for past in Membership.history.filter(id=row.pk)] == ["-", "+"]

    def test_says_who_changed_an_agent(self, here: World, staff: Client, keeper: Person) -> None:
        sent = {"name": here.agent.name, "title": "Bot", "owner": here.owner.pk, "version": "2", "is_active": "on"}
        assert staff.post(url(here.agent), sent).status_code == 302
        entry = LedgerEntry.objects.get(event="setup.agent.changed")
        past = Agent.history.get(history_id=entry.history_id)
        assert (past.history_user, past.door, entry.actor) == (keeper, "admin", f"person:{keeper.pk}")

    @pytest.mark.parametrize("name", ["name", "slug"])
    def test_says_that_a_desk_was_added_or_changed(self, here: World, superuser: Client, name: str) -> None:
        superuser.post(reverse("admin:approvals_desk_add"), {"name": "IT", "slug": "it"} | inline())
        desk = Desk.objects.get(slug="it")
        superuser.post(url(desk), {"name": "IT", "slug": "it"} | {name: "other"} | inline())
        assert (len(events("setup.desk.added")), events("setup.desk.changed")) == (
            1,
            [{"row": desk.pk, "fields": [name]}],
        )


class TestCeilings:
    @pytest.fixture
    def row(self, here: World) -> Membership:
        found = Membership.objects.get(person=here.junior)
        found.ceilings = {"EUR": "5000.00"}
        found.save()
        return found

    @pytest.mark.parametrize(("currency", "amount"), [("euro", "1"), ("EUR", "much"), ("EUR", "-1"), ("EUR", "")])
    def test_that_are_wrong_are_said_beside_the_field_and_kept(
        self, here: World, superuser: Client, row: Membership, currency: str, amount: str
    ) -> None:
        answer = superuser.post(url(row), membership(here.junior, here.desk, ceilings={currency: amount, "CHF": "7"}))
        assert list(faults(answer)) == ["ceilings"]
        page = answer.content.decode()
        assert f'value="{currency}"' in page and 'value="7"' in page

    def test_are_typed_as_currency_and_amount(self, here: World, superuser: Client, row: Membership) -> None:
        superuser.post(url(row), membership(here.junior, here.desk, ceilings={"eur": "4000", "CHF": "1.5"}))
        assert Membership.objects.get(pk=row.pk).ceilings == {"EUR": "4000", "CHF": "1.5"}

    def test_are_kept_as_they_are_where_only_the_writing_differs(
        self, here: World, superuser: Client, row: Membership
    ) -> None:
        sent = membership(here.junior, here.desk, ceilings={"EUR": "5000"})
        superuser.post(url(row), sent)
        assert Membership.objects.get(pk=row.pk).ceilings == {"EUR": "5000.00"}
        assert events("setup.membership.changed")[-1]["fields"] == ["tier"]

    def test_are_listed_in_words(self, superuser: Client, row: Membership) -> None:
        page = superuser.get(reverse("admin:approvals_membership_changelist")).content.decode()
        assert "EUR 5,000.00" in page.replace("\xa0", " ") and "no limit" in page


class TestAnActionType:
    def test_takes_its_next_version_with_a_changed_schema(self, here: World, superuser: Client) -> None:
        schema = here.kind.schema | {"title": "Bill"}
        assert superuser.post(url(here.kind), as_typed(here.kind, schema=schema)).status_code == 302
        superuser.post(url(here.kind), as_typed(here.kind, schema=schema, title="Post a bill"))
        here.kind.refresh_from_db()
        assert (here.kind.version, here.kind.title) == (2, "Post a bill")
        assert [data["fields"] for data in events("setup.action_type.changed")] == [["schema"], ["title"]]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("schema", {"type": "nothing"}),
            ("schema", {"$ref": "https://example.com/schema.json"}),
            ("amount_pointer", "amount"),
            ("reference_pointer", "/a~2"),
            ("automation_requires", ["issuer"]),
            ("automation_requires", {"a": 1}),
            ("summary", "Post {issuer}"),
            ("policy", "nowhere"),
            ("target", [1]),
            ("target", {"path": "/etc/passwd"}),
        ],
    )
    def test_is_refused_with_a_fault_at_its_field(
        self, here: World, superuser: Client, field: str, value: object
    ) -> None:
        answer = superuser.post(url(here.kind), as_typed(here.kind, **{field: value}))
        assert answer.status_code == 200
        assert list(faults(answer)) == [field]

    @pytest.mark.parametrize("name", ["HITL_SECRET_KEY", "DATABASE_URL", "IDP", " ERP"])
    def test_never_sends_a_credential_to_another_host(
        self, here: World, superuser: Client, settings: Settings, name: str
    ) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        settings.HITL_CREDENTIALS = {"ERP": ["erp.example.com:443"], "IDP": ["idp.example.com:443"]}
        target = {"url": "https://erp.example.com/", "credential": name}
        wanted = [{"name": "role", "source": "http", "target": target}]
        typed = as_typed(here.kind, connector="http", target=target, lookups=wanted)
        assert sorted(faults(superuser.post(url(here.kind), typed))) == ["lookups", "target"]


class TestASchema:
    @pytest.mark.parametrize(
        ("schema", "words"),
        [
            ([], "JSON object"),
            ({"$ref": "#/$defs/none"}, "does not exist in this schema"),
            ({"$ref": "other.json#"}, "is an external reference"),
            ({"$dynamicRef": "#node"}, "Use $ref"),
            ({"$ref": "#"}, "endless loop"),
            ({"properties": {"a": {"allOf": [{"$ref": "#/properties/a"}]}}}, "endless loop"),
            ({"properties": {"a": {"type": "string", "pattern": "^(?=a)b"}}}, "without look-around"),
            ({"patternProperties": {r"(a)\1": True}}, "is not supported"),
            ({"properties": {"a": {"pattern": "("}}}, "is not supported"),
            ({"properties": {"a": {"x-expect": {"kind": "number", "pattern": "("}}}}, "is not supported"),
            ({"properties": {"a": {"pattern": "a" * 1_001}}}, "more than 1000 characters"),
            ({"patternProperties": {"a": True}, "unevaluatedProperties": False}, "Use additionalProperties"),
            ({"properties": {"a": {"pattern": 7}}}, "not a valid JSON Schema"),
        ],
    )
    def test_is_refused(self, schema: Any, words: str) -> None:
        assert any(words in fault for fault in action_type_checks.faults_of_schema(schema))

    @pytest.mark.parametrize(
        "schema",
        [
            world.SCHEMA,
            {"$defs": {"node": {"properties": {"next": {"$ref": "#/$defs/node"}}}}, "$ref": "#/$defs/node"},
            {"properties": {"a": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+(-[0-9]{4})?$"}}},
            {"properties": {"a": {"type": "string", "pattern": r"^\p{Lu}(a+)+$"}, "pattern": {"type": "string"}}},
            {"$defs": {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(60)} | {"d60": {}}},
        ],
    )
    def test_is_accepted(self, schema: Any) -> None:
        assert list(action_type_checks.faults_of_schema(schema)) == []


class TestTheOrderOfASchema:
    """PostgreSQL's JSON forgets it; what people read keeps it."""

    def test_is_that_in_which_it_was_written(self, here: World) -> None:
        kind = again(here.kind)
        assert list(kind.written_schema["properties"]) == list(world.SCHEMA["properties"])

    def test_outlives_a_change_of_something_else(self, here: World, staff: Client) -> None:
        kind = again(here.kind)
        kind.title = "Book an invoice"
        kind.save()
        assert list(again(kind).written_schema["properties"]) == list(world.SCHEMA["properties"])

    def test_is_shown_and_taken_by_the_form(self, here: World, staff: Client) -> None:
        page = staff.get(url(here.kind)).content.decode()
        assert page.index("&quot;issuer&quot;: {") < page.index("&quot;amount&quot;: {")
        turned = world.SCHEMA | {"properties": dict(reversed(world.SCHEMA["properties"].items()))}
        answer = staff.post(url(here.kind), as_typed(here.kind, schema=turned))
        assert answer.status_code == 302
        kind = again(here.kind)
        assert list(kind.written_schema["properties"]) == [*reversed(world.SCHEMA["properties"])]
        assert (kind.schema, kind.version) == (here.kind.schema, 1)

    def test_is_that_of_the_database_where_the_text_is_of_another_schema(self, here: World) -> None:
        ActionType.objects.filter(pk=here.kind.pk).update(schema={"type": "object"})
        assert again(here.kind).written_schema == {"type": "object"}

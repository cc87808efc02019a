"""Files that are wrong: each fault with its file and line and what to do, all together, and nothing is changed."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from approvals.models import ActionType, Agent, Desk, Employee, LedgerEntry, Membership, Person
from approvals.services.configuration.folder import export, saving
from approvals.services.configuration.folder.reading import FolderFaults
from policies.queries import in_force
from tests import world
from tests.services.configuration.given import NEW, NEW_TYPE, applied, edited, furnish, keeper, tried
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def faults(files: dict[str, str], who: Person | None = None) -> list[str]:
    """What is wrong with these files, in words."""
    with pytest.raises(FolderFaults) as refused:
        applied(files, who)
    return [str(fault) for fault in refused.value.faults]


LISTS = [
    ("desks.yaml", "desks:\n  - {slug: it}\n", "desks.yaml, line 2: name is missing. Add it."),
    ("desks.yaml", "desks:\n  - slug: it\n    nme: IT\n    name: IT\n", "desks.yaml, line 3: There is no field 'nme'."),
    ("desks.yaml", "desks:\n  - {slug: it, name: 7}\n", "desks.yaml, line 2: name is 7. Write text, in quotes"),
    ("desks.yaml", "desks:\n  - {slug: it, name: IT, is_solo: yes}\n", 'is_solo is "yes". Write true or false.'),
    ("desks.yaml", "desks:\n  - {slug: I T, name: IT}\n", "desks.yaml, line 2: slug: Enter a valid"),
    ("desks.yaml", "desks:\n  - it\n", "desks.yaml, line 2: Expected fields with values."),
    ("desks.yaml", "desks: it\n", "desks.yaml, line 1: desks is no list."),
    ("desks.yaml", "desk:\n  - {slug: it}\n", "line 1: There is no list 'desk' here. This file holds desks."),
    ("desks.yaml", "- {slug: it}\n", "desks.yaml: Expected fields with values. Begin the file with desks:"),
    ("desks.yaml", "desks: [\n", "desks.yaml: Line 2"),
    (
        "desks.yaml",
        "desks:\n  - {slug: it, slug: it}\n",
        "desks.yaml: Line 2, column 16: The key 'slug' is duplicated.",
    ),
    (
        "desks.yaml",
        "desks:\n  - {slug: it, name: A}\n  - {slug: it, name: B}\n",
        "line 3: This is already in desks.yaml, line 2.",
    ),
    ("desk.yaml", "desks: []\n", "desk.yaml: HITL reads no such file. Rename or remove it."),
    (
        "memberships.yaml",
        "memberships:\n  - {person: nobody, desk: finance}\n",
        'names the person "nobody", which does not exist.',
    ),
    (
        "memberships.yaml",
        "memberships:\n  - {person: owner, desk: finance, tier: boss}\n",
        'tier is "boss". Use one of: junior, senior.',
    ),
    (
        "memberships.yaml",
        "memberships:\n  - {person: owner, desk: finance, ceilings: {EUR: 5}}\n",
        "ceilings/EUR does not have the form",
    ),
    (
        "memberships.yaml",
        "memberships:\n  - {person: keeper, desk: finance}\n",
        "line 2: This would change your own authority.",
    ),
    (
        "agents.yaml",
        "agents:\n  - {name: a, title: A, owner: owner, mode: fast}\n",
        'mode is "fast". Use one of: human_in_command',
    ),
    (
        "employees.yaml",
        "employees:\n  - {key: a, name: A, manager: b}\n  - {key: b, name: B, manager: a}\n",
        "These managers form a loop: A → B → A.",
    ),
    (
        "duties.yaml",
        'duties:\n  - {desk: finance, person: owner, starts_at: "2026-01-01", ends_at: x}\n',
        "Write a time with its zone",
    ),
    ("connector_limits.yaml", "connector_limits:\n  - {connector: fax}\n", "There is no connector 'fax'. Use one of:"),
    (
        "exchange_rates.yaml",
        "exchange_rates:\n  - {currency: USD, valid_from: 1 May, rate: x}\n",
        'valid_from is "1 May". Write a date',
    ),
    (
        "clients.yaml",
        "clients:\n  - {key: a, name: A, currency: XXQ}\n",
        "clients.yaml, line 2: XXQ is not a currency code.",
    ),
    (
        "calendars.yaml",
        'calendars:\n  - desk: finance\n    hours:\n      - {weekday: 1, begins: "09:00", ends: "10:00"}\n',
        "calendars.yaml, line 4: weekday is 1.",
    ),
    (
        "calendars.yaml",
        "calendars:\n  - {desk: finance, time_zone: Mars}\n",
        "calendars.yaml, line 2: time_zone: Mars is not a known time zone.",
    ),
    ("action_types/config.change.yaml", "name: config.change\ntitle: Mine\n", "line 1: config.change is part of HITL"),
    (
        "action_types/a.yaml",
        NEW_TYPE.replace("purchasing", "finance"),
        "a.yaml, line 5: policy: No policy named vendors is in force.",
    ),
    (
        "policies/mine.yaml",
        "policy: yours\ntitle: Yours\n",
        "policies/mine.yaml: It names the policy 'yours'. Rename it or the file.",
    ),
    ("policies/mine.yaml", "policy: mine\ntitle: Mine\nrulez: []\n", "policies/mine.yaml: rulez: Unknown field."),
]


@pytest.mark.parametrize(("path", "text", "sentence"), LISTS, ids=[str(number) for number in range(len(LISTS))])
def test_is_said_with_its_place(here: World, path: str, text: str, sentence: str) -> None:
    keeper()
    assert any(sentence in fault for fault in faults({path: text})), faults({path: text})


def test_all_are_said_together_and_nothing_is_changed(here: World) -> None:
    entries = LedgerEntry.objects.count() if keeper() else 0
    wrong = {
        "desks.yaml": "desks:\n  - {slug: purchasing, name: Purchasing}\n  - {slug: legal}\n",
        "memberships.yaml": "memberships:\n  - {person: nobody, desk: purchasing}\n",
        "policies/mine.yaml": "policy: mine\n",
    }
    found = faults(NEW | wrong)
    assert [each.partition(":")[0] for each in found] == [
        "desks.yaml, line 3", "memberships.yaml, line 2", "policies/mine.yaml",
    ]  # fmt: skip
    assert not Desk.objects.filter(slug="purchasing").exists() and in_force.in_force("vendors") is None
    assert LedgerEntry.objects.count() == entries


def test_what_depends_on_a_fault_is_not_said_again(here: World) -> None:
    found = faults(NEW | {"desks.yaml": "desks:\n  - {slug: purchasing, name: 7}\n"})
    assert len(found) == 1 and found[0].startswith("desks.yaml, line 2: name is 7.")


def test_a_test_of_a_policy_that_fails_is_said(here: World) -> None:
    test = "tests:\n  - {name: High, input: {confidence: 0.95}, expect: {outcome: block}}\n"
    found = faults(NEW | {"policies/vendors.yaml": NEW["policies/vendors.yaml"] + test})
    assert any("policies/vendors.yaml: " in each for each in found)


def test_a_row_that_changed_meanwhile_is_not_overwritten(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    save = saving.save

    def late(plan: Any, *others: Any) -> None:
        renamed = Desk.objects.get(slug="finance")
        renamed.is_solo = True
        renamed.save()
        save(plan, *others)

    monkeypatch.setattr(saving, "save", late)
    assert faults(edited("desks.yaml", "name: Finance", "name: Money")) == [
        "desks.yaml, line 3: Somebody changed this row meanwhile. Run the command again."
    ]


class TestAnAuthor:
    def test_needs_the_permission_for_each_row(self, here: World) -> None:
        clerk = world.person("clerk")
        clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_desk", "add_agent"]))
        found = faults(NEW, Person.objects.get(pk=clerk.pk))
        assert [each.partition(": ")[2].partition(".")[0] for each in found] == [
            "clerk has no permission to add action types",
            "clerk has no permission to add memberships",
            "clerk has no permission to draft policies",
        ]

    def test_does_not_give_power_to_their_own_agent(self, here: World) -> None:
        who = keeper()
        Agent.objects.create(name="mine", title="Mine", owner=who, mode="in_the_loop")
        files = edited("agents.yaml", "owner: keeper, mode: in_the_loop", "owner: keeper")
        assert "You cannot activate “Mine” or change its mode" in faults(files)[0]

    def test_does_not_rename_themselves_where_others_are_found(self, here: World) -> None:
        who = keeper()
        Employee.objects.create(key="k", name="Keeper", normalized_key="k", person=who)
        assert "give you authority" in faults(edited("employees.yaml", "name: Keeper", "name: Other"))[0]


def test_a_dry_run_stores_nothing(here: World) -> None:
    keeper()
    entries = LedgerEntry.objects.count()
    assert [row.label for row in tried(NEW).rows] == [
        "Purchasing",
        "senior, Senior, Purchasing",
        "Add a vendor",
        "Vendor bot",
    ]
    assert LedgerEntry.objects.count() == entries and not ActionType.objects.filter(name="vendor.add").exists()


class TestDuringTheSetUp:
    def test_everything_takes_effect_at_once(self, here: World) -> None:
        assert not applied(NEW).requested
        kind = ActionType.objects.get(name="vendor.add")
        assert (kind.desk.slug, list(kind.written_schema)) == ("purchasing", ["type", "required", "properties"])
        assert in_force.in_force("vendors") is not None
        assert LedgerEntry.objects.filter(event="setup.policy.published").count() == 1
        assert applied(NEW).is_empty

    def test_what_no_file_names_stays(self, here: World) -> None:
        furnish(here)
        before = export.files()
        assert not applied({"desks.yaml": "desks:\n  - {slug: finance, name: Finance}\n"}).rows
        assert export.files() == before

    def test_a_field_that_is_left_out_has_its_default(self, here: World) -> None:
        applied(
            edited(
                "memberships.yaml", "{person: senior, desk: finance, tier: senior}", "{person: senior, desk: finance}"
            )
        )
        assert Membership.objects.get(person=here.senior).tier == 1

    def test_a_changed_schema_has_a_new_version(self, here: World) -> None:
        applied(edited("action_types/invoice.post.yaml", "title: Issuer", "title: Supplier"))
        assert ActionType.objects.get(name="invoice.post").version == here.kind.version + 1

    def test_hours_that_are_left_out_go(self, here: World) -> None:
        furnish(here)
        line = '      - {weekday: monday, begins: "13:00", ends: "17:00"}\n'
        outcome = applied(edited("calendars.yaml", line, ""))
        assert [(row.label, row.is_removed) for row in outcome.rows] == [("Monday, 13:00 – 17:00", True)]
        assert line not in export.files()["calendars.yaml"]

    def test_two_types_may_reverse_each_other(self, here: World) -> None:
        pair = {
            f"action_types/{one}.yaml": f"{NEW_TYPE.replace('.add', f'.{one}')}reversal_type: vendor.{other}\n"
            for one, other in (("open", "close"), ("close", "open"))
        }
        applied(NEW | pair)
        opened = ActionType.objects.get(name="vendor.open")
        assert opened.reversal_type is not None and opened.reversal_type.reversal_type == opened
        assert applied(NEW | pair).is_empty

    def test_a_person_is_found_in_the_file_below(self, here: World) -> None:
        rows = "employees:\n  - {key: a, name: A, manager: B@x.example}\n  - {key: b@x.example, name: B}\n"
        applied({"employees.yaml": rows})
        assert Employee.objects.get(key="a").manager == Employee.objects.get(key="b@x.example")

    def test_amounts_keep_their_digits(self, here: World) -> None:
        applied({"exchange_rates.yaml": 'exchange_rates:\n  - {currency: USD, valid_from: 2026-01-01, rate: "0.10"}\n'})
        assert 'rate: "0.1"' in export.files()["exchange_rates.yaml"]

"""A set-up that is exported and applied: nothing changes where it came from, and elsewhere the same is there."""

import json
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from approvals.models import Agent, Client, Desk, Duty, Employee, ExchangeRate, FlowLimit, Holiday, Membership
from approvals.services.configuration.folder import export, json_schemas
from approvals.states import Ends, Mode, RejectNeeds, Reversibility, Stakes, StandingRuleApprovers, Tier
from policies.engine.document.source_text import PlainLoader
from tests.services.configuration.given import applied, furnish, keeper
from tests.world import World, soon

pytestmark = pytest.mark.django_db(transaction=True)

# Words that YAML could take for something else, and any others of one line.
ODD = (
    "yes",
    "null",
    "1.0",
    "2026-01-01",
    "- a",
    "a: b",
    "#",
    "{x}",
    "'",
    "“",
    "\u200b",
    "on",
    "~",
    "é",
    "\\",
    "!x",
    "&",
)
TEXT = (
    st.lists(
        st.sampled_from(ODD) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1),
        min_size=1,
        max_size=3,
    )
    .map(" ".join)
    .map(str.strip)
    .filter(bool)
    .map(lambda text: text[:100])
)
AMOUNTS = st.dictionaries(st.sampled_from(["EUR", "USD"]), st.integers(0, 10**9).map(str))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
WORLDS = st.fixed_dictionaries(
    {
        "desk": st.fixed_dictionaries({"name": TEXT, "is_solo": st.booleans()}),
        "member": st.fixed_dictionaries(
            {
                "tier": st.sampled_from(Tier),
                "max_stakes": st.sampled_from(Stakes),
                "ceilings": AMOUNTS,
                "daily_ceilings": AMOUNTS,
            }
        ),
        "agent": st.fixed_dictionaries(
            {
                "title": TEXT,
                "version": st.sampled_from(["", "1.0", "2"]),
                "mode": st.none() | st.sampled_from(Mode),
                "is_active": st.booleans(),
            }
        ),
        "kind": st.fixed_dictionaries(
            {
                "title": TEXT,
                "description": st.text(
                    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=40
                ),
                "reversibility": st.sampled_from(Reversibility),
                "stakes": st.sampled_from(Stakes),
                "mode": st.sampled_from(Mode),
                "sample_rate": st.none() | st.floats(0, 1),
                "standing_rule_approvers": st.none() | st.sampled_from(StandingRuleApprovers),
                "edge_case_tier": st.none() | st.sampled_from(Tier),
                "undo_seconds": st.none() | st.integers(0, 10**6),
                "reasons": st.none() | st.just([{"code": "late", "words": "Too late: “no”", "for": ["reject"]}]),
                "reject_needs": st.sampled_from([RejectNeeds.NOTHING, RejectNeeds.REASON]),
                "ends": st.just(Ends.NEVER),
                "attachment_types": st.none() | st.just(["application/pdf"]),
                "schema": st.fixed_dictionaries({"type": st.just("object"), "default": JSON}),
            }
        ),
        "employee": st.fixed_dictionaries(
            {
                "name": TEXT,
                "department": TEXT,
                "is_active": st.booleans(),
                "attributes": st.dictionaries(TEXT, TEXT, max_size=2),
            }
        ),
        "limit": st.fixed_dictionaries(
            {"calls_at_once": st.none() | st.integers(1, 1000), "breaker_failures": st.integers(0, 100)}
        ),
        "rate": st.decimals("0.00000001", "1000000", places=8),
        "holiday": TEXT,
        "client": TEXT,
        "seconds": st.integers(1, 10**6),
    }
)


def change(row: Any, **fields: Any) -> None:
    """Let a row differ, as a form would save it."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def shape(here: World, wanted: dict[str, Any]) -> None:
    """Make the furnished world as one example wants it."""
    change(here.desk, **wanted["desk"])
    change(Membership.objects.get(person=here.junior), **wanted["member"])
    change(Agent.objects.get(), **wanted["agent"])
    pointers = dict.fromkeys(("amount_pointer", "currency_pointer", "subject_pointer", "reference_pointer"), "")
    here.kind.write_schema(wanted["kind"]["schema"])
    change(here.kind, summary="Post", automation_requires=[], **wanted["kind"], **pointers)
    change(Employee.objects.get(name="Ann"), **(wanted["employee"] | {"name": "Ann"}))
    change(FlowLimit.objects.get(), **wanted["limit"])
    change(ExchangeRate.objects.get(), rate=Decimal(wanted["rate"]))
    change(Holiday.objects.get(), name=wanted["holiday"])
    change(Client.objects.get(), name=wanted["client"])
    change(Duty.objects.get(), ends_at=soon(wanted["seconds"]))


def held(files: dict[str, str]) -> set[str]:
    """What files hold; the order of a schema's keys is no change."""
    loaded = {path: yaml.load(text, Loader=PlainLoader) for path, text in files.items()}
    return {
        f"{path} {name} {json.dumps(part, sort_keys=True)}"
        for path, all in loaded.items()
        for name, part in all.items()
    }


def test_nothing_changes_where_it_came_from(here: World) -> None:
    furnish(here)
    assert applied(export.files()).is_empty


# Without shrinking, which would take minutes: the message says which row differs.
@settings(
    max_examples=8, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(WORLDS)
def test_any_set_up_is_made_by_its_files(here: World, wanted: dict[str, Any]) -> None:
    if not FlowLimit.objects.exists():
        furnish(here)
        keeper()
    with transaction.atomic():
        shape(here, wanted)
        files = export.files()
        transaction.set_rollback(True)
    applied(files)
    assert held(export.files()) ^ held(files) == set()
    assert applied(files).is_empty


@pytest.mark.vendor_sensitive
def test_an_empty_installation_becomes_the_same(here: World) -> None:
    with transaction.atomic():
        furnish(here)
        files = export.files()
        transaction.set_rollback(True)
    assert {planned.section.name for planned in applied(files).rows} >= {"calendars", "hours", "duties", "employees"}
    assert export.files() == files


def test_the_files_have_the_form_that_their_schemas_describe(here: World) -> None:
    furnish(here)
    schemas = json_schemas.files()
    for path, text in export.files().items():
        if not path.startswith("policies/"):
            name = path.partition("/")[0].removesuffix(".yaml")
            schema = json.loads(schemas[f"schemas/{name}.json"])
            Draft202012Validator.check_schema(schema)
            Draft202012Validator(schema).validate(yaml.load(text, Loader=PlainLoader))
            assert f"schemas/{name}.json" in text.splitlines()[0]


def test_what_is_built_in_is_left_out(here: World) -> None:
    assert not any("config.change" in path or "policy.publish" in path for path in export.files())
    assert Desk.objects.filter(slug="policies").exists() and "policies" in export.files()["desks.yaml"]

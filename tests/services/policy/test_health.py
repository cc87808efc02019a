"""What policies and action types name is compared with who and what is here."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from approvals import checks
from approvals.actors import Actor, Door, system
from approvals.errors import NotFound, NothingChanged, PolicyInvalid, WrongState
from approvals.models import Action, ActionType, Desk, Membership, Person
from approvals.queries.insight.policy_names import Roll
from approvals.services.intake import publish_policy
from approvals.services.policy import evaluate, health, type_names
from approvals.states import Tier
from policies.engine.document.parse import PolicyFault
from policies.engine.evaluation import scoring
from policies.models import Version
from policies.models.policy import VersionState
from policies.queries import in_force, written
from policies.services import versions
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = system(Door.CELERY)
TEXT = "policy: {name}\ntitle: T\nrules:\n- {{name: a, when: '{when}', outcome: review, says: s, plan: p}}\n{more}"


@pytest.fixture
def here(here: World) -> World:
    desk = Desk.objects.get(slug="policies")
    for person in (here.senior, here.junior):
        Membership.objects.create(person=person, desk=desk, tier=Tier.SENIOR)
    return here


def draft(here: World, when: str = "true", who: str = "desk", more: str = "", quorum: int = 1) -> Version:
    plan = f"plans: {{p: {{stages: [{{name: b, who: '{who}', quorum: {quorum}}}]}}}}\n"
    name = here.kind.policy
    source = TEXT.format(name=name, when=when, more=plan + more)
    return versions.draft(actor_person=here.junior, door="admin", name=name, source=source, at=NOON)


def said(version: Version) -> str:
    document = versions.parse(version.source)
    return " ".join(str(each) for each in written.found_in(document))


def ask(here: World, version: Version) -> Action:
    return publish_policy.request(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, version_id=version.pk)


class TestNames:
    @pytest.mark.parametrize(
        ("who", "sentence"),
        [
            ("group:Nobodies", "The group “Nobodies” does not exist."),
            ("person:nobody", "No active person has the username “nobody”."),
            ("desk:nowhere", "The desk “nowhere” does not exist."),
            ("on_duty:nowhere", "The desk “nowhere” does not exist."),
            ("manager", "The directory lists no manager who can sign in"),
            ("owner", "The directory lists no owner for any subject"),
            ("on_duty", "No duty shift is scheduled at"),
        ],
    )
    def test_of_nobody_are_said(self, here: World, who: str, sentence: str) -> None:
        assert sentence in said(draft(here, who=who))

    def test_of_people_who_may_not_decide_are_said(self, here: World) -> None:
        Person.objects.create_user("visitor")
        Group.objects.create(name="Empty")
        assert "“person:visitor” cannot decide on" in said(draft(here, who="person:visitor"))
        assert "“group:Empty” includes nobody who can decide" in said(draft(here, who="group:Empty"))

    @pytest.mark.parametrize("quorum", range(1, 10))
    def test_a_quorum_out_of_reach_is_said(self, here: World, quorum: int) -> None:
        able = Membership.objects.filter(desk=here.kind.desk, person__is_active=True).count()
        assert (f"needs {quorum} approvals" in said(draft(here, quorum=quorum))) is (quorum > able)

    def test_lookups_of_another_name_are_said(self, here: World) -> None:
        more = "      - {name: c, check: 'true', fetch: [budget], says: s}\n"
        source = TEXT.format(name=here.kind.policy, when="true", more="plans:\n  p:\n    stages:\n"
                             "      - {name: b, who: desk}\n" + more)  # fmt: skip
        version = versions.draft(actor_person=here.junior, door="admin", name=here.kind.policy, source=source, at=NOON)
        assert f"The action type “{here.kind.name}” has no lookup named “budget”." in said(version)

    def test_kinds_of_values_are_those_of_the_types(self, here: World) -> None:
        with pytest.raises(PolicyFault, match="is text, but the rule compares it with a number"):
            draft(here, when="payload.issuer > 2000")

    def test_are_in_the_system_check(self, here: World) -> None:
        here.kind.amount_pointer = "/amuont"
        here.kind.save()
        here.senior.is_active = False
        here.senior.save()
        found = " ".join(each.msg for each in checks.names_exist(None, ["default"]))
        assert "The schema has no field “/amuont”. Did you mean “/amount”?" in found

    def test_are_printed_by_policy_check(self, here: World, tmp_path: Any) -> None:
        file = tmp_path / "a.yaml"
        file.write_text(draft(here, who="group:Nobodies").source)
        out = StringIO()
        call_command("policy_check", str(file), stdout=out)
        assert "warning: plans.p.stages[0].who: The group “Nobodies” does not exist." in out.getvalue()


def summing(of: list[Any]) -> dict[str, Any]:
    """A schema whose amount is declared to be a sum."""
    line = {"type": "object", "properties": {"qty": {"type": "number"}, "price": {"type": "number"}}}
    fields: dict[str, Any] = {name: {"type": "number"} for name in ("net", "tax")}
    fields["lines"] = {"type": "array", "items": line}
    return {"properties": {**fields, "amount": {"x-expect": {"kind": "total", "of": of}}}}


class TestAnActionType:
    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("amount_pointer", "/amuont", "Did you mean “/amount”?"),
            ("currency_pointer", "/curency", "Did you mean “/currency”?"),
            ("amount_pointer", "/lines", "“/lines” is a list, but it must be a number, text."),
            ("automation_requires", ["/ibna"], "Did you mean “/iban”?"),
            ("summary", "Post {/isuer}", "Did you mean “/issuer”?"),
            ("domain", "finanz", "Did you mean “finance”?"),
            ("data_classes", ["persnal"], "Did you mean “personal”?"),
            ("data_classes", "personal", "Enter a list of data classes"),
            (
                "lookups",
                [{"name": "a", "source": "directory", "target": {"entry": "{/isuer}"}}],
                "Did you mean “/issuer”?",
            ),
            ("schema", {"properties": {"a": {"x-expect": {"kind": "ibna"}}}}, "“ibna” is not a valid kind in x-expect"),
            *(
                ("schema", summing(of), sentence)
                for of, sentence in (
                    (["/nett"], "Did you mean “/net”?"),
                    ([["/net", "/taxx"]], "Did you mean “/tax”?"),
                    ([["/net", {"optional": "/taxx"}]], "Did you mean “/tax”?"),
                    (["/lines/*/pricee"], "no field “/lines/*/pricee”"),
                    ([{"each": "/lines", "product": ["/qty", "/pricee"]}], "no field “/lines/*/pricee”"),
                    ([{"each": "/linez", "product": ["/qty"]}], "no field “/linez/*/qty”"),
                )
            ),
            ("schema", {"properties": {"a": {"x-expect": {"kind": "date", "not_before": "/b"}}}}, "no field “/b”"),
        ],
    )
    def test_that_names_nothing_is_refused(self, here: World, field: str, value: Any, sentence: str) -> None:
        row = ActionType.objects.get(pk=here.kind.pk)
        setattr(row, field, value)
        assert any(sentence in str(each.sentence) for each in health.of_type(row, Roll()))

    @pytest.mark.parametrize(
        "of",
        [
            ["/net", "/tax"],
            ["/lines/*/price"],
            [["/net", {"optional": "/tax"}], ["/lines/*/price"]],
            [{"each": "/lines", "product": ["/qty", "/price"]}],
        ],
    )
    def test_may_declare_every_sum_of_the_docs(self, of: list[Any]) -> None:
        assert [str(sentence) for _, sentence in type_names.faults({"schema": summing(of)})] == []

    @pytest.mark.parametrize(
        "kind", ["iban", "vat", "email", "phone", "url", "name", "date", "number", "reference", "total"]
    )
    def test_may_expect_every_kind_of_the_docs(self, kind: str) -> None:
        schema = {"properties": {"a": {"x-expect": {"kind": kind}}}}
        assert [str(sentence) for _, sentence in type_names.faults({"schema": schema})] == []

    def test_of_the_world_is_fine(self, here: World) -> None:
        data = {field.name: getattr(here.kind, field.name) for field in ActionType._meta.concrete_fields}
        assert list(type_names.faults(data)) == []


class TestPublishing:
    def test_is_withdrawn_by_its_author_alone(self, here: World) -> None:
        version = draft(here)
        action = ask(here, version)
        with pytest.raises(NotFound):
            publish_policy.withdraw(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, version_id=version.pk)
        publish_policy.withdraw(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, version_id=version.pk)
        assert world.fresh(action).state == "withdrawn"
        assert ask(here, version).pk != action.pk

    def test_of_nothing_new_is_refused(self, here: World) -> None:
        document = in_force.in_force(here.kind.policy)
        assert document is not None
        source = Version.objects.get(policy__name=document.name, state=VersionState.PUBLISHED).source
        version = versions.draft(actor_person=here.junior, door="admin", name=document.name, source=source, at=NOON)
        with pytest.raises(NothingChanged, match="same as the version in force"):
            ask(here, version)

    def test_of_an_outdated_draft_is_refused(self, here: World) -> None:
        old, new = draft(here), draft(here, when="external")
        versions.publish(actor_person=here.senior, door="admin", name=here.kind.policy, number=new.number,
                         digest=new.digest, at=NOON)  # fmt: skip
        with pytest.raises(WrongState, match="is already in force"):
            ask(here, old)

    def test_of_what_a_type_no_longer_has_is_refused(self, here: World) -> None:
        version = draft(here, when='has(payload.date) && payload.date == "x"')
        here.kind.schema["properties"]["date"] = {"type": "number"}
        here.kind.save()
        with pytest.raises(PolicyInvalid, match="is a number"):
            ask(here, version)

    @pytest.mark.parametrize(
        "rules",
        [
            "rules: [{name: a, when: 'true', outcome: block, says: s}]",
            "rules: [{name: a, when: 'double(payload.text) > 1', outcome: block, says: s}]",
            "rules: [{name: a, when: 'true', outcome: review, plan: p, says: s}]\n"
            "plans: {p: {stages: [{name: c, check: 'external && score > 99', says: s, on_fail: reject},"
            " {name: b, who: 'group:Gone', quorum: 9}]}}",
            "rules: [{name: a, when: 'true', outcome: auto, says: s}]",
        ],
    )
    def test_is_decided_by_people_whatever_its_own_policy_says(self, here: World, rules: str) -> None:
        kind = ActionType.objects.get(name="policy.publish")
        kind.policy = "publications"
        kind.save()
        source = f"policy: publications\ntitle: P\n{rules}\n"
        own = versions.draft(actor_person=here.junior, door="admin", name="publications", source=source, at=NOON)
        versions.publish(actor_person=here.senior, door="admin", name="publications", number=own.number,
                         digest=own.digest, at=NOON)  # fmt: skip
        action = here.route(ask(here, draft(here)))
        assert action.state == "pending"
        world.decide("approve", action, here.senior)
        assert world.fresh(action).state in ("approved", "executed")


class TestAFault:
    def test_of_the_evaluation_asks_a_senior(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*given: Any, **more: Any) -> None:
            raise ArithmeticError("no words for people")

        monkeypatch.setattr(evaluate, "score", broken)
        assert scoring.score is not broken
        action = here.pending()
        assert (action.state, action.required_tier) == ("pending", Tier.SENIOR)
        (reason,) = action.evaluation.content["reasons"]
        assert reason["text"] == "This action could not be evaluated, so a senior reviewer decides."

    def test_of_a_stored_policy_asks_a_senior(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*given: Any, **more: Any) -> None:
            raise in_force.TamperedPolicy("changed")

        monkeypatch.setattr(in_force, "_document", broken)
        action = here.pending()
        assert (action.state, action.required_tier) == ("pending", Tier.SENIOR)
        assert "cannot be read" in str(action.evaluation.content["reasons"])


class TestANewInstallation:
    def test_is_told_of_nothing_before_anybody_is_a_member(self) -> None:
        assert list(health.everything()) == []

    def test_is_told_of_desks_without_people_afterwards(self, here: World) -> None:
        Membership.objects.filter(desk__slug="policies").delete()
        assert any("The desk “Policies” has no active members." in str(each) for _name, each in health.everything())

"""The OpenAPI document is kept as a snapshot and agrees with the names that integrators were promised."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from pytest_django import Settings

from tests.api.caller import as_agent, as_session, as_token
from tests.api.test_hostile import is_problem
from tests.world import World

SNAPSHOT = Path(__file__).with_name("openapi.yaml")

CALLS = {
    "actions/": "get post",
    "actions/batch/": "post",
    "attachments/": "post",
    "attachments/{attachment_id}/": "get",
    "actions/{action_id}/": "get",
    "actions/{action_id}/withdraw/": "post",
    "actions/{action_id}/approve/": "post",
    "actions/{action_id}/reject/": "post",
    "actions/{action_id}/modify/": "post",
    "actions/{action_id}/escalate/": "post",
    "actions/{action_id}/undo/": "post",
    "actions/{action_id}/end/": "post",
    "actions/{action_id}/cancel/": "post",
    "actions/{action_id}/consume/": "post",
    "actions/{action_id}/outcome/": "post",
    "actions/{action_id}/override/": "post",
    "actions/{action_id}/resolve/": "post",
    "actions/{action_id}/claim/": "post",
    "actions/{action_id}/release/": "post",
    "actions/{action_id}/hand_over/": "post",
    "actions/{action_id}/request_info/": "post",
    "actions/{action_id}/answer/": "post",
    "actions/{action_id}/revisions/": "get",
    "actions/{action_id}/timeline/": "get",
    "corrections/": "get",
    "evaluate/": "post",
    "queue/": "get",
    "events/": "get",
    "halts/": "get post",
    "halts/{halt_id}/lift/": "post",
    "standing_rules/": "get post",
    "standing_rules/{rule_id}/": "get",
    "standing_rules/{rule_id}/confirm/": "post",
    "standing_rules/{rule_id}/stop/": "post",
    "me/": "get",
    "action_types/": "get",
}
PROPOSAL = (
    "action_type payload instruction reasoning confidence evidence attachments on_behalf_of subject thread "
    "expires_at until parent client"
)
ACTION = (
    "id state action_type agent client instruction reasoning confidence evidence attachments on_behalf_of subject "
    "thread revision changes missing flags duplicates warnings evaluation question decision execution created_at "
    "decided_at executed_at "
    "expires_at until is_live end reopens reopened_as reverses reversed_by parent links"
)
PARTS = {
    "RevisionOut": "number digest payload author",
    "Change": "pointer from to",
    "Flag": "code pointer sentence other",
    "DuplicateOut": "id state amount created_at decision links",
    "PolicyEvaluationOut": "outcome tier score reasons policy plan",
    "Reason": "rule text outcome",
    "StageOut": "name kind tier assignee note quorum approvals due_at state",
    "DecisionOut": "verdict by source at rationale reason_code",
    "ExecutionOut": "mode state waits_for attempts result error",
    "Links": "self review timeline receipt",
    "CorrectionOut": "pointer from to reason",
    "HaltIn": "scope name reason",
    "HaltOut": "id scope name reason started_by started_at lifted_by lifted_at lift_reason",
    "StandingRuleIn": ("action reason expires_at subject condition max_amount count_per_day sum_per_day sample_rate"),
    "StandingRuleOut": (
        "id state verdict action_type agent subject condition max_amount count_per_day sum_per_day sample_rate "
        "expires_at reason action waives made_by made_at confirmed_by confirmed_at ended_by ended_at end_reason"
    ),
    "DecisionIn": "revision digest rationale reason_code",
    "ModificationIn": "revision digest rationale reason_code payload",
    "ProblemOut": "type title status code detail",
}
STATES = "proposed pending approved modified rejected executing executed failed uncertain expired withdrawn"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(yaml.safe_dump(_plain(SchemaGenerator().get_schema(None, public=True))))
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def fields(document: dict[str, Any], name: str) -> set[str]:
    return set(document["components"]["schemas"][name]["properties"])


class TestTheDocument:
    def test_is_the_one_that_was_kept(self, document: dict[str, Any]) -> None:
        kept = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
        assert document == kept, "The API changed. If it should: manage.py spectacular --file tests/api/openapi.yaml"

    def test_names_every_call(self, document: dict[str, Any]) -> None:
        told = {path: " ".join(sorted(item)) for path, item in document["paths"].items()}
        assert told == {f"/api/v1/{path}": methods for path, methods in CALLS.items()}

    def test_names_what_an_action_holds(self, document: dict[str, Any]) -> None:
        assert fields(document, "ActionOut") == set(ACTION.split())
        assert fields(document, "ProposalIn") == set(PROPOSAL.split())

    @pytest.mark.parametrize("name", PARTS)
    def test_names_what_its_parts_hold(self, document: dict[str, Any], name: str) -> None:
        assert fields(document, name) >= set(PARTS[name].split())

    def test_names_every_state(self, document: dict[str, Any]) -> None:
        assert document["components"]["schemas"]["ActionStateEnum"]["enum"] == STATES.split()

    def test_declares_the_problems_of_every_call(self, document: dict[str, Any]) -> None:
        for path, methods in document["paths"].items():
            for method, call in methods.items():
                wanted = {"400", "401", "403", "404", "429", "503"} | (
                    {"413", "415", "422"} if method == "post" else set()
                )
                assert set(call["responses"]) >= wanted, path
                content = call["responses"]["404"]["content"]
                assert list(content) == ["application/problem+json"]

    def test_closes_every_body(self, document: dict[str, Any]) -> None:
        bodies = {name: shape for name, shape in document["components"]["schemas"].items() if name.endswith("In")}
        assert len(bodies) > 5
        assert all(shape["additionalProperties"] is False for shape in bodies.values())

    @pytest.mark.django_db(transaction=True)
    def test_is_served_to_every_caller_and_to_nobody_else(self, here: World) -> None:
        for caller in (as_agent(here.agent), as_token(here.junior, "read"), as_session(here.junior)):
            answer = caller.get("schema/")
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/vnd.oai.openapi+json")
            assert answer.json()["info"]["title"] == "HITL"
        assert is_problem(Client().get("/api/v1/schema/"), 401)["code"] == "not_authenticated"

    def test_is_public_where_the_operator_says_so(self, settings: Settings) -> None:
        settings.HITL_PUBLIC_API_DOCS = True
        assert Client().get("/api/v1/schema/").json()["info"]["title"] == "HITL"
        assert "swagger-ui" in Client().get("/api/v1/docs/").text


class TestThePage:
    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("query", ["", "?script="])
    def test_asks_for_a_sign_in(self, here: World, query: str) -> None:
        address = f"/api/v1/docs/{query}"
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={quote(address)}")
        assert as_session(here.junior).client.get(address).status_code == 200

    @pytest.fixture
    def public(self, settings: Settings) -> None:
        settings.HITL_PUBLIC_API_DOCS = True

    def test_has_a_content_policy_of_its_own(self, public: None) -> None:
        policy = Client().get("/api/v1/docs/")["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert "unsafe-eval" not in policy

    def test_runs_no_inline_script(self, public: None) -> None:
        page = Client().get("/api/v1/docs/").content.decode()
        assert "swagger-ui" in page
        assert all("src=" in tag for tag in page.split("<script")[1:])

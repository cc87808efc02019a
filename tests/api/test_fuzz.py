"""Requests made from the OpenAPI document, valid and broken: no answer is a server error, and each fits its schema."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from pytest_django import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from approvals.models import Action
from hitl_project.wsgi import application
from tests.api.caller import Caller, as_agent, as_token
from tests.proof import IS_PROOF, times
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(times(300, 1800)), pytest.mark.proof]

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(here: World, settings: Settings) -> Any:
    settings.HITL_PUBLIC_API_DOCS = True
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


@pytest.fixture
def callers(here: World) -> list[Caller]:
    return [as_agent(here.agent), as_token(here.junior, "read", "decide")]


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(
    max_examples=times(5, 40),
    derandomize=not IS_PROOF,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_a_server_error(case: Any, here: World, callers: list[Caller]) -> None:
    if "action_id" in (case.path_parameters or {}):
        case.path_parameters["action_id"] = str((Action.objects.first() or here.pending()).pk)
    if case.query:
        case.query.pop("wait", None)
    for caller in callers:
        case.headers = {**(case.headers or {}), **caller.headers}
        case.call_and_validate(checks=CHECKS)

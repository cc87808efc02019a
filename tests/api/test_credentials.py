"""Who comes in, and what each kind of caller may do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from approvals.actors import Door, system
from approvals.models import ApiKey, Decision
from approvals.queries.accounts.api_keys import checksum
from approvals.services.accounts import api_keys
from approvals.states import Reversibility
from tests import world
from tests.api.caller import AGENT_SCOPES, Caller, agent_key, as_agent, as_session, as_token, bearer, seen
from tests.api.test_hostile import is_problem
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def me(headers: dict[str, str]) -> Caller:
    return Caller(Client(), headers)


class TestNobody:
    @pytest.mark.parametrize("path", ["actions/", "queue/", "events/", "me/", "action_types/", "corrections/"])
    def test_reads(self, here: World, path: str) -> None:
        assert is_problem(me({}).get(path), 401)["code"] == "not_authenticated"

    def test_proposes(self, here: World) -> None:
        is_problem(me({}).propose(), 401)

    def test_comes_in_by_another_scheme(self, here: World) -> None:
        is_problem(me({"Authorization": "Basic b3duZXI6c2VjcmV0"}).get("me/"), 401)


class TestAnAgentsKey:
    def test_says_who_it_is(self, agent: Caller) -> None:
        body = agent.get("me/").json()
        assert (body["kind"], body["name"], body["door"]) == ("agent", "invoice-bot", "key")
        assert body["scopes"] == sorted(AGENT_SCOPES)

    def test_with_a_wrong_secret_is_unknown(self, here: World) -> None:
        body = agent_key(here.agent)[:-52] + "a" * 43
        assert is_problem(me(bearer(f"{body}_{checksum(body)}")).get("me/"), 401)["code"] == "key_unknown"

    def test_ends_when_it_is_revoked(self, here: World, agent: Caller) -> None:
        identifier = ApiKey.objects.get().identifier
        api_keys.revoke(actor=system(Door.COMMAND), at=datetime.now(UTC), identifier=identifier)
        assert is_problem(agent.get("me/"), 401)["code"] == "key_revoked"

    def test_ends_when_it_expires(self, here: World) -> None:
        at = datetime.now(UTC) - timedelta(days=2)
        issued = api_keys.issue(
            actor=system(Door.COMMAND), at=at, agent=here.agent, scopes=["read:own"], expires_at=at + timedelta(days=1)
        )
        assert is_problem(me(bearer(issued.plain)).get("me/"), 401)["code"] == "key_expired"

    def test_ends_with_its_agent(self, here: World, agent: Caller) -> None:
        here.agent.is_active = False
        here.agent.save()
        assert is_problem(agent.get("me/"), 401)["code"] == "key_inactive"

    @pytest.mark.parametrize("verb", ["approve", "reject", "modify", "escalate", "undo", "resolve"])
    def test_never_decides(self, here: World, agent: Caller, verb: str) -> None:
        action = here.pending()
        assert is_problem(agent.post(f"actions/{action.pk}/{verb}/", {}), 403)["code"] == "not_allowed"
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize(
        ("method", "path", "scope"),
        [
            ("get", "actions/", "read:own"),
            ("get", "events/", "read:own"),
            ("get", "corrections/", "read:own"),
            ("post", "actions/", "propose"),
            ("post", "actions/batch/", "propose"),
            ("post", "evaluate/", "propose"),
            ("post", "actions/{id}/withdraw/", "withdraw:own"),
            ("post", "actions/{id}/consume/", "consume:own"),
            ("post", "actions/{id}/outcome/", "consume:own"),
        ],
    )
    def test_needs_the_scope(self, here: World, method: str, path: str, scope: str) -> None:
        others = tuple(item for item in AGENT_SCOPES if not item.startswith(scope))
        caller = as_agent(here.agent, others)
        answer = getattr(caller, method)(path.format(id=here.propose().pk))
        problem = is_problem(answer, 403)
        assert (problem["code"], problem["scope"]) == ("scope_missing", scope)

    def test_has_no_queue(self, agent: Caller) -> None:
        is_problem(agent.get("queue/"), 403)


class TestASession:
    def test_reads_without_a_csrf_token(self, here: World) -> None:
        caller = as_session(here.junior, with_csrf=False)
        body = caller.get("me/").json()
        assert (body["kind"], body["name"], body["door"], body["scopes"]) == ("person", "junior", "session", None)
        ceilings: dict[str, list[object]] = {"ceilings": [], "daily_ceilings": []}
        assert body["desks"] == [
            {
                "desk": "finance",
                "client": None,
                "covers_clients": False,
                "tier": "junior",
                "max_stakes": "high",
                **ceilings,
            }
        ]

    def test_decides_with_one_alone(self, here: World) -> None:
        action = here.pending()
        body = seen(action)
        without = as_session(here.junior, with_csrf=False).post(f"actions/{action.pk}/approve/", body)
        assert is_problem(without, 403)["code"] == "csrf_failed"
        assert as_session(here.junior).post(f"actions/{action.pk}/approve/", body).status_code == 200

    def test_ends_with_its_person(self, here: World, junior: Caller) -> None:
        here.junior.is_active = False
        here.junior.save()
        is_problem(junior.get("me/"), 401)

    def test_does_not_outweigh_a_wrong_key(self, here: World) -> None:
        caller = as_session(here.junior)
        is_problem(caller.get("me/", bearer("x")), 401)

    def test_is_not_read_where_a_key_names_the_caller(
        self, here: World, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        caller, key = as_session(here.junior), bearer(agent_key(here.agent))
        with django_assert_num_queries(1):
            answer = caller.get("me/", {**key, "Accept": "text/html"})
        assert answer.json()["name"] == "invoice-bot"
        assert answer["Content-Security-Policy"] == caller.get("me/")["Content-Security-Policy"]

    def test_opens_no_document_for_a_key(self, here: World) -> None:
        answer = as_session(here.junior).get("docs/", bearer(agent_key(here.agent)))
        assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/api/v1/docs/")


class TestAToken:
    def test_reads(self, here: World) -> None:
        caller = as_token(here.junior, "read")
        assert caller.get("me/").json()["door"] == "token"
        assert caller.get("queue/").status_code == 200

    def test_that_only_reads_does_not_decide(self, here: World) -> None:
        action = here.pending()
        body = seen(action)
        answer = as_token(here.junior, "read").post(f"actions/{action.pk}/approve/", body)
        assert is_problem(answer, 403)["code"] == "scope_missing"

    def test_that_decides_leaves_its_door(self, here: World) -> None:
        action = here.pending()
        body = seen(action)
        answer = as_token(here.junior, "read", "decide").post(f"actions/{action.pk}/approve/", body)
        assert answer.status_code == 200
        assert Decision.objects.get().door == "token"

    def test_never_decides_for_a_senior(self, here: World) -> None:
        action = here.pending(amount=9_000)
        body = seen(action)
        answer = as_token(here.senior, "read", "decide").post(f"actions/{action.pk}/approve/", body)
        assert is_problem(answer, 403)["code"] == "not_allowed"

    def test_never_decides_what_cannot_be_undone(self, here: World) -> None:
        here.kind.reversibility = Reversibility.IRREVERSIBLE
        here.kind.save()
        action = here.pending()
        body = seen(action)
        answer = as_token(here.senior, "read", "decide").post(f"actions/{action.pk}/approve/", body)
        assert answer.status_code == 403
        assert world.fresh(action).state == "pending"

    def test_proposes_nothing(self, here: World) -> None:
        is_problem(as_token(here.junior, "read", "decide").propose(), 403)

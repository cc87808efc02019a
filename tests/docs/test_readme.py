"""The README's call, sent as it stands there, is answered as the README says; its picture is the lifecycle."""

import json
import re
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.demo import people
from approvals.models import Action, Execution, Person
from approvals.services import routing
from approvals.services.decisions import decide as decisions
from approvals.services.execution import run
from approvals.states import GRANTED, LEGAL_PAIRS, OPEN, S
from tests.docs import pages

WORKER = system(Door.CELERY)


def curl() -> list[str]:
    """The words of the README's call."""
    block = next(block for block in pages.blocks("README.md", "sh") if "curl" in block)
    words = shlex.split(block.replace("\\\n", " "), comments=True)
    return words[words.index("curl") + 1 :]


def sent(key: str, work: str | None = None, **payload: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Address, headers and body of the call; another work and payload where they are given."""
    words = curl()
    values = [(name, words[place + 1]) for place, name in enumerate(words) if name in ("-H", "-d")]
    headers = dict(value.replace("$HITL_KEY", key).split(": ", 1) for name, value in values if name == "-H")
    body = json.loads(next(value for name, value in values if name == "-d"))
    body["payload"] |= payload
    address = next(word for word in words if word.startswith("$HITL_URL")).removeprefix("$HITL_URL")
    return address, headers | ({"Idempotency-Key": work} if work else {}), body


def post(address: str, headers: dict[str, str], body: dict[str, Any]) -> HttpResponse:
    return Client().post(address, json.dumps(body), content_type=headers["Content-Type"], headers=headers)


@contextmanager
def a_worker() -> Iterator[None]:
    """Somebody who routes what comes in, in a thread with a connection of its own."""
    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(0.05):
            routing.route_ready(actor=WORKER, clock=lambda: datetime.now(UTC))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


class TestTheCall:
    def test_waits_for_the_accountant_and_runs_once_after_a_moment_to_undo(self, key: str) -> None:
        with a_worker():
            answer = post(*sent(key))
        told = json.loads(answer.content)
        assert (answer.status_code, told["state"]) == (201, "pending")
        assert any("above EUR 500" in reason["text"] for reason in told["evaluation"]["reasons"])
        assert told["links"]["review"].endswith(f"/admin/approvals/action/{told['id']}/review/")
        assert [str(row.person) for row in Action.objects.get().deliveries.all()] == ["Jonas Lind"]
        decide(told)
        ready = Execution.objects.get()
        # Counted from the database's moment, which comes a little after the click.
        assert timedelta(seconds=10) <= ready.not_before - ready.created_at < timedelta(seconds=12)
        again = post(*sent(key))
        assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
        assert json.loads(again.content)["state"] == "approved"

    def test_runs_by_itself_when_the_amount_is_small(self, key: str) -> None:
        with a_worker():
            answer = post(*sent(key, "readme-2", amount="88.10", invoice_number="HL-20442"))
        assert json.loads(answer.content)["state"] == "approved"
        assert run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC)) == 1
        journal = (Path(settings.HITL_HOME) / "journal.jsonl").read_text().splitlines()
        done = [json.loads(line) for line in journal if json.loads(line)["action"] == json.loads(answer.content)["id"]]
        assert [line["payload"]["amount"] for line in done] == ["88.10"]


def decide(told: dict[str, Any]) -> None:
    target = told["execution"]["target"]["digest"]
    seen = {"revision": told["revision"]["number"], "digest": told["revision"]["digest"], "target": target}
    junior = Actor(Door.ADMIN, person=Person.objects.get(username="junior"))
    decisions.approve(actor=junior, at=datetime.now(UTC), action_id=told["id"], **seen)


class TestTheTour:
    @pytest.mark.parametrize(
        ("username", "opens", "shut"),
        [
            (
                "junior",
                ["inbox/", "approvals/action/", "approvals/decision/"],
                ["approvals/apikey/", "approvals/person/"],
            ),
            ("senior", ["inbox/", "policies/policy/"], ["approvals/apikey/add/"]),
            (
                "compliance",
                ["approvals/action/", "approvals/ledgerentry/", "approvals/person/", "policies/version/"],
                ["approvals/apikey/add/", "approvals/person/add/", "approvals/actiontype/add/"],
            ),
            (
                "integrator",
                ["approvals/actiontype/", "approvals/agent/", "approvals/apikey/add/", "policies/version/"],
                ["approvals/decision/", "approvals/person/"],
            ),
        ],
    )
    def test_leads_where_each_login_may_go(self, key: str, username: str, opens: list[str], shut: list[str]) -> None:
        client = Client()
        client.force_login(Person.objects.get(username=username))
        assert {path: client.get(f"/admin/{path}").status_code for path in opens} == dict.fromkeys(opens, 200)
        assert {path: client.get(f"/admin/{path}").status_code for path in shut} == dict.fromkeys(shut, 403)
        assert f"**{username}**" in pages.section("README.md", "A tour")

    def test_calls_the_demos_logins_by_their_names(self) -> None:
        named = set(re.findall(r"^\| \*\*([a-z]+)\*\*", pages.section("README.md", "A tour"), re.MULTILINE))
        assert named == {role.username for role in people.ROLES if role.is_login}


class TestThePicture:
    def test_is_the_lifecycle(self) -> None:
        drawn = set(re.findall(r"^ +([a-z]+) --> ([a-z]+)\b", pages.blocks("README.md", "mermaid")[0], re.MULTILINE))
        # What the sentence below it says: until it is executing, an action may be withdrawn, or expire.
        said = {(str(state), end) for state in OPEN | GRANTED for end in ("withdrawn", "expired")}
        assert drawn | said == {(str(source), str(target)) for source, target in LEGAL_PAIRS}
        assert "`withdrawn`" in pages.section("README.md", "The life of an action")
        assert S.UNCERTAIN in {source for source, _ in drawn}

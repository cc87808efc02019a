"""The tutorials work: each call is answered and each rule decides as the page says."""

import json
import re
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.models import Action, Desk, Membership, Person
from approvals.services import routing
from approvals.services.decisions import decide as decisions
from approvals.services.execution import run
from policies.engine.document.parse import Document, parse
from policies.engine.document.source_text import read
from policies.engine.document.writer import rewrite
from policies.engine.evaluation import run_tests
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.values.vocabulary import Route
from policies.lab.builder import writer
from policies.lab.builder.rows import Comparison, Group, Row
from policies.lab.written_input import as_test, read_facts
from tests.docs import pages
from tests.management.running import ROOT

AGENT, POLICY = "first-agent.md", "first-policy.md"
WORKER = system(Door.CELERY)
UNDO_SECONDS = 10
DEMO = (ROOT / "approvals" / "demo" / "policies" / "invoices.yaml").read_text()
LABELS = {"Name": "name", "Outcome": "outcome", "Message to the reviewer": "says"}


def steps() -> list[tuple[list[str], dict[str, Any]]]:
    """The words of each call of the agent's tutorial, with the part of its answer that the page shows."""
    pairs = re.findall(r"^```sh\n(curl .*?)^```.*?^```json\n(.*?)^```", pages.text_of(AGENT), re.M | re.S)
    return [(shlex.split(call.replace("\\\n", " "))[1:], json.loads(shown)) for call, shown in pairs]


def call(words: list[str], **values: str) -> HttpResponse:
    """Send a call of the page, with values for its variables."""
    for name, value in values.items():
        words = [word.replace(f"${name}", value) for word in words]
    given = [(name, words[place + 1]) for place, name in enumerate(words) if name in ("-H", "-d")]
    headers = dict(value.split(": ", 1) for name, value in given if name == "-H")
    body = next((value for name, value in given if name == "-d"), None)
    address = next(word for word in words if word.startswith("$HITL_URL")).removeprefix("$HITL_URL")
    if body is None:
        return Client().get(address, headers=headers)
    return Client().post(address, body, content_type=headers["Content-Type"], headers=headers)


def part_of(answer: Any, shown: Any) -> Any:
    """As much of an answer as the page shows of it."""
    if isinstance(shown, Mapping):
        return {name: part_of(answer.get(name), value) for name, value in shown.items()}
    return answer


class TestTheAgent:
    def test_is_answered_at_each_step_as_the_page_says(self, key: str) -> None:
        evaluated, proposed, decided, final = steps()
        assert self.shown(evaluated, key) == evaluated[1]
        assert not Action.objects.exists()
        assert self.shown(proposed, key) == proposed[1]
        action = Action.objects.get()
        routing.route(actor=WORKER, at=action.created_at, action_id=action.pk)
        self.approve(key, action)
        assert self.shown(decided, key, str(action.pk)) == decided[1]
        run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))
        assert self.shown(final, key, str(action.pk)) == final[1]
        assert parse(DEMO).undo_after_person == UNDO_SECONDS
        assert "For ten seconds" in pages.section(AGENT, "6. Read the result")
        again = call(proposed[0], HITL_KEY=key)
        assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
        assert json.loads(again.content)["id"] == str(action.pk)
        journal = (Path(settings.HITL_HOME) / "journal.jsonl").read_text().splitlines()
        done = [json.loads(line) for line in journal if json.loads(line)["action"] == str(action.pk)]
        assert [line["payload"] for line in done] == [action.revision.payload]

    def shown(self, step: tuple[list[str], dict[str, Any]], key: str, action: str = "") -> dict[str, Any]:
        answer = call(step[0], HITL_KEY=key, ACTION=action)
        found: dict[str, Any] = part_of(json.loads(answer.content), step[1])
        return found

    def approve(self, key: str, action: Action) -> None:
        told = json.loads(
            Client().get(f"/api/v1/actions/{action.pk}/", headers={"Authorization": f"Bearer {key}"}).content
        )
        seen = {"revision": told["revision"]["number"], "digest": told["revision"]["digest"]}
        # The demo may tell of a moment ago, so that nothing here waits until the time to undo is over.
        junior = Actor(Door.DEMO, person=Person.objects.get(username="junior"))
        before = datetime.now(UTC) - timedelta(seconds=UNDO_SECONDS + 1)
        target = told["execution"]["target"]["digest"]
        decisions.approve(actor=junior, at=before, action_id=action.pk, target=target, **seen)


class TestThePolicyAuthor:
    def rule(self) -> dict[str, str]:
        text = pages.section(POLICY, "3. Add the rule")
        rows = dict(re.findall(r"^\| ([A-Z][^|]+) \| `([^`]+)` \|$", text, re.M))
        return {LABELS[label]: value for label, value in rows.items()} | {
            "when": pages.blocks(POLICY, "cel")[0].strip()
        }

    def invoice(self) -> Any:
        return read_facts(json.loads(pages.blocks(POLICY, "json")[0]))

    def drafted(self, *tests: dict[str, Any], with_rule: bool = True) -> Document:
        body: Any = read(DEMO)
        body["rules"] += [self.rule()] * with_rule
        return parse(rewrite(DEMO, body | {"tests": list(tests)}))

    def evaluated(self, document: Document) -> Evaluation:
        return evaluate([document], self.invoice())

    def test_sees_the_invoice_run_before_the_rule_is_there(self) -> None:
        assert self.evaluated(parse(DEMO)).outcome is Route.AUTO

    def test_reads_the_condition_that_its_row_writes(self) -> None:
        row = re.search(r"\*Supplier\*, \*is\*, `([^`]+)`, and \*not met\* if missing", pages.text_of(POLICY))
        assert row
        condition = Group(False, (Row("payload.issuer", Comparison.IS, (row[1],), is_guarded=True),))
        assert writer.written(condition) == self.rule()["when"]

    def test_sees_a_senior_asked_by_the_rule(self) -> None:
        assert set(self.rule()) == {*LABELS.values(), "when"}
        evaluation = self.evaluated(self.drafted())
        assert evaluation.outcome is Route.ESCALATE
        assert self.rule()["name"] in {reason.rule for reason in evaluation.reasons}

    def test_saves_a_test_that_fails_without_the_rule(self) -> None:
        test = as_test("new bank account", self.drafted(), self.invoice())
        assert run_tests.failures(self.drafted(test)) == ()
        assert run_tests.failures(self.drafted(test, with_rule=False)) != ()

    def test_drafts_as_the_junior_and_publishes_as_the_senior(self, key: str) -> None:
        junior, senior = (Person.objects.get(username=name) for name in ("junior", "senior"))
        assert junior.has_perm("policies.add_version")
        assert Membership.objects.filter(person=senior, desk=Desk.objects.get(slug="policies")).exists()

"""The third story: access is asked for; facts are looked up, the manager decides, the budget is checked, it is done.

Everything is real: REST, Celery, look-ups, the admin in a browser, the connector; nobody at IT or finance has to act.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import mails, open_waiting, press, sign_in
from tests.management.processes import eventually
from tests.management.running import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
ELIF = "elif.kaya@northwind.example"


def ask(demo: Demo, key: str, **changes: Any) -> dict[str, Any]:
    """What the agent is told about a request for Elif Kaya, once it is routed."""
    payload = {
        "employee": "Elif Kaya", "email": ELIF, "system": "Salesforce", "role": "editor", "monthly_cost": "24.00",
        "reason": f"Joined the team ({key})",
    } | changes  # fmt: skip
    body = {"action_type": "access.grant", "payload": payload, "confidence": 0.95, "on_behalf_of": payload["email"]}
    made = demo.call("POST", "actions/", json=body, headers={"Idempotency-Key": key}).json()
    found: dict[str, Any] = demo.call("GET", f"actions/{made['id']}/?wait=20&until=routed").json()
    return found


def now(demo: Demo, action: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = demo.call("GET", f"actions/{action['id']}/").json()
    return found


def provisioned(demo: Demo, key: str) -> list[dict[str, Any]]:
    return [row["payload"] for row in demo.journal() if f"({key})" in str(row["payload"].get("reason"))]


def states(action: dict[str, Any]) -> dict[str, str]:
    return {stage["name"]: stage["state"] for stage in action["evaluation"]["plan"]}


@pytest.fixture(scope="module")
def asked(demo: Demo) -> dict[str, Any]:
    return ask(demo, "salesforce-1")


class TestTheManager:
    def test_was_found_and_told(self, asked: dict[str, Any], demo: Demo) -> None:
        assert asked["state"] == "pending"
        assert states(asked) == {"manager": "open", "budget": "waiting"}
        assert eventually(lambda: any(asked["id"] in str(mail.get_payload()) for mail in mails(demo, "senior@")))

    def test_sees_what_was_looked_up_with_source_and_time(self, asked: dict[str, Any], demo: Demo, page: Page) -> None:
        open_waiting(page, demo, "senior", "Elif Kaya the role editor in Salesforce")
        panel = page.get_by_role("region", name="Lookup results")
        expect(panel.get_by_text("from the employee directory")).to_be_visible()
        expect(panel.get_by_text("Sofia Marin")).to_be_visible()
        expect(panel.get_by_text(re.compile("from identity provider"))).to_be_visible()
        expect(panel.locator("time").first).to_be_visible()
        expect(page.get_by_text("Manager of Elif Kaya: Sofia Marin.").first).to_be_visible()

    def test_is_the_only_one_whom_it_waits_for(self, asked: dict[str, Any], demo: Demo, page: Page) -> None:
        sign_in(page, demo, "junior")
        page.goto(f"{demo.url}/admin/approvals/action/{asked['id']}/review/")
        expect(page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)

    def test_approves_and_the_rest_follows_by_itself(self, asked: dict[str, Any], demo: Demo, page: Page) -> None:
        open_waiting(page, demo, "senior", "Elif Kaya the role editor in Salesforce")
        press(page, "^Approve")
        assert eventually(lambda: now(demo, asked)["state"] == "executed", 60)
        assert states(now(demo, asked)) == {"manager": "satisfied", "budget": "satisfied"}
        assert len(provisioned(demo, "salesforce-1")) == 1


class TestTheBudget:
    def test_that_does_not_cover_it_is_looked_at_by_a_senior(self, demo: Demo, page: Page) -> None:
        action = ask(demo, "warehouse-1", system="Data warehouse", monthly_cost="900.00")
        open_waiting(page, demo, "senior", "Elif Kaya the role editor in Data warehouse")
        press(page, "^Approve")
        assert eventually(lambda: "budget_by_hand" in states(now(demo, action)), 40)
        found = now(demo, action)
        assert (found["state"], states(found)["budget_by_hand"]) == ("pending", "open")
        assert provisioned(demo, "warehouse-1") == []


class TestSomebodyWhomNobodyKnows:
    def test_always_reaches_a_person(self, demo: Demo) -> None:
        action = ask(demo, "stranger-1", email="nobody@elsewhere.example", role="viewer")
        assert action["state"] == "pending"
        assert "not_fetched" in [reason["rule"] for reason in action["evaluation"]["reasons"]]


class TestTheRecord:
    def test_tells_compliance_who_authorized_it(self, asked: dict[str, Any], demo: Demo, page: Page) -> None:
        sign_in(page, demo, "compliance")
        page.goto(f"{demo.url}/admin/approvals/action/{asked['id']}/history/")
        expect(page.get_by_text("Sofia Marin").first).to_be_visible()
        expect(page.get_by_text(re.compile("software budget covers")).first).to_be_visible()

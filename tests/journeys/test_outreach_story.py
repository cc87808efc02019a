"""The second story: an e-mail to an account at risk goes to that account's manager, who reads, mends and sends it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import mails, open_waiting, press, sign_in
from tests.management.processes import eventually
from tests.management.running import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
SUBJECT = "Fifteen minutes this week?"
BODY = "Hello,\n\nI saw that you log in less. May I show you what is new?\n\nKind regards"


def draft(demo: Demo, key: str, account: str, **changes: Any) -> dict[str, Any]:
    """What the agent is told about an e-mail of its own words, once it is routed."""
    to = f"{key}@customer.example"
    payload = {"account": account, "to": to, "subject": SUBJECT, "body": BODY, "template": "free-text"} | changes
    body = {"action_type": "outreach.send_email", "payload": payload, "confidence": 0.8}
    made = demo.call("POST", "actions/", json=body, headers={"Idempotency-Key": key}).json()
    found: dict[str, Any] = demo.call("GET", f"actions/{made['id']}/?wait=20&until=routed").json()
    return found


@pytest.fixture(scope="module")
def drafted(demo: Demo) -> dict[str, Any]:
    return draft(demo, "outreach-1", "ALDER & Finch")


class TestTheAccountManager:
    def test_is_whoever_looks_after_this_customer(self, drafted: dict[str, Any], demo: Demo) -> None:
        assert [stage["name"] for stage in drafted["evaluation"]["plan"]] == ["account_manager"]
        assert eventually(lambda: any(drafted["id"] in str(mail.get_payload()) for mail in mails(demo, "junior@")))
        assert not any(drafted["id"] in str(mail.get_payload()) for mail in mails(demo, "amara@"))

    def test_is_not_asked_about_anothers_customer(self, drafted: dict[str, Any], demo: Demo, page: Page) -> None:
        other = draft(demo, "outreach-2", "Caldera Foods")
        sign_in(page, demo, "junior")
        page.goto(f"{demo.url}/admin/approvals/action/{other['id']}/review/")
        expect(page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)

    def test_mends_it_and_it_is_sent_so(self, drafted: dict[str, Any], demo: Demo, page: Page) -> None:
        open_waiting(page, demo, "junior", "outreach-1@customer.example")
        page.get_by_role("button", name=re.compile("Modify")).click()
        page.get_by_label("Message", exact=True).fill("Hello,\n\nmay I show you what is new?\n\nKind regards")
        page.get_by_role("button", name=re.compile("Review changes")).click()
        press(page, "Confirm and approve")
        assert eventually(lambda: len(mails(demo, "outreach-1@customer.example")) == 1, 60)
        assert "log in less" not in str(mails(demo, "outreach-1@customer.example")[0].get_payload())

    def test_needs_no_more_than_a_click(self, demo: Demo, page: Page) -> None:
        draft(demo, "outreach-3", "Ember Studios")
        open_waiting(page, demo, "junior", "outreach-3@customer.example")
        press(page, "^Approve")
        assert eventually(lambda: len(mails(demo, "outreach-3@customer.example")) == 1, 60)


class TestTheAgent:
    def test_learns_what_was_changed(self, drafted: dict[str, Any], demo: Demo) -> None:
        found = demo.call("GET", "corrections/").json()["results"]
        assert [item["pointer"] for item in found if item["action"] == drafted["id"]] == ["/body"]


class TestAPromiseOfMoney:
    def test_is_read_by_the_account_manager_and_then_by_a_senior(self, demo: Demo) -> None:
        action = draft(demo, "outreach-4", "Alder & Finch", body="Hello,\n\nwe offer a discount of 20 %.\n\nRegards")
        plan = [(stage["name"], stage["state"]) for stage in action["evaluation"]["plan"]]
        assert plan == [("account_manager", "open"), ("senior_review", "waiting")]

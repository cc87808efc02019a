"""The first story, end to end: an agent reads a folder of invoices; some run, the accountant sees the others.

Everything is real: the example agent as a process, REST, Celery, the mail, the admin in a browser, the journal.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import invoices
from tests.journeys.browsing import mails, open_waiting, sign_in
from tests.management.processes import eventually
from tests.management.running import ROOT, Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
AGENT = ROOT / "docs" / "examples" / "invoice_agent.py"
RAN = ("complete.json", "object.json", "lines.json", "foreign.json")


def agent(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The example agent, run as anybody would run it; it never shows a trace."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HITL_")}
    command = [sys.executable, str(AGENT), *arguments]
    done = subprocess.run(command, env=clean | environment, capture_output=True, text=True, timeout=200, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def run_agent(demo: Demo, folder: Path) -> dict[str, str]:
    """What the agent printed, by file."""
    done = agent(str(folder), HITL_URL=demo.url, HITL_KEY=demo.notes["agent_key"])
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def printed(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return run_agent(demo, invoices.write(tmp_path_factory.mktemp("invoices")))


def effects(demo: Demo, number: str) -> list[dict[str, object]]:
    return [row["payload"] for row in demo.journal() if row["payload"].get("invoice_number") == number]


def review(page: Page, demo: Demo, number: str) -> None:
    """Sign in as the accountant, and open what waits."""
    open_waiting(page, demo, "junior", re.escape(number))


class TestTheAgent:
    @pytest.mark.parametrize("name", RAN)
    def test_sees_small_complete_invoices_run_by_themselves(self, printed: dict[str, str], name: str) -> None:
        assert printed[name].startswith("executed: The amount")

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("large.json", "is above EUR 500"),
            ("larger.json", "is above EUR 500"),
            ("no_amount.json", "missing /amount"),
            ("bad_iban.json", "not a valid IBAN"),
            ("bad_number.json", "is too short"),
            ("field_name.json", "contains the field name"),
            ("sum.json", "does not equal the sum of its parts"),
        ],
    )
    def test_sees_the_others_wait_and_why(self, printed: dict[str, str], name: str, why: str) -> None:
        assert printed[name].startswith("pending: ")
        assert why in printed[name]
        assert "is at most" not in printed[name]  # what would have let it run is no reason to wait

    def test_is_told_where_a_payload_has_the_wrong_shape(self, printed: dict[str, str]) -> None:
        assert printed["wrong_shape.json"].startswith("refused: ")
        assert "/currency" in printed["wrong_shape.json"]

    def test_proposes_nothing_twice(self, printed: dict[str, str], demo: Demo, tmp_path: Path) -> None:
        again = run_agent(demo, invoices.write(tmp_path))
        assert again == printed
        assert len(effects(demo, "HL-20441")) == 1

    @pytest.mark.parametrize(
        ("arguments", "environment", "words"),
        [
            ([], {}, "Usage: "),
            (["nowhere"], {"HITL_URL": "http://127.0.0.1:9", "HITL_KEY": "x"}, "There is no .json file in nowhere"),
            (["nowhere"], {}, "Set HITL_URL and HITL_KEY"),
        ],
    )
    def test_says_what_it_needs(self, arguments: list[str], environment: dict[str, str], words: str) -> None:
        done = agent(*arguments, **environment)
        assert done.returncode == 2
        assert words in done.stderr

    def test_says_what_it_cannot_read_and_what_does_not_answer(self, tmp_path: Path) -> None:
        (tmp_path / "broken.json").write_text("[{")
        (tmp_path / "list.json").write_text("[1]")
        (tmp_path / "whole.json").write_text('{"issuer": "Harbor Lights Ltd", "amount": "88.10"}')
        done = agent(str(tmp_path), HITL_URL="http://127.0.0.1:9", HITL_KEY="x")
        assert done.returncode == 1
        assert "broken.json: unreadable: cannot be read as JSON" in done.stdout
        assert "list.json: unreadable: holds something that is not an invoice" in done.stdout
        assert "whole.json: http://127.0.0.1:9 does not answer" in done.stdout


class TestTheAccountant:
    def test_was_mailed_a_link_that_leads_to_the_decision(self, printed: dict[str, str], demo: Demo) -> None:
        def told() -> bool:
            return any("EUR 717.97" in str(message.get_payload()) for message in mails(demo, "junior@"))

        assert eventually(told)

    def test_is_shown_what_is_missing(self, printed: dict[str, str], demo: Demo, page: Page) -> None:
        review(page, demo, "HL-20447")
        expect(page.get_by_role("link", name="Amount", exact=True).first).to_be_visible()
        expect(
            page.get_by_text("Missing. The action cannot run automatically without this value.").first
        ).to_be_visible()

    @pytest.mark.parametrize(
        ("number", "what"),
        [
            ("HL-20448", "is not a valid IBAN"),
            ("invoice Q from", "is too short"),
            ("invoice_number_1", "contains the field name"),
            ("HL-20449", "does not equal the sum of its parts"),
        ],
    )
    def test_is_shown_what_is_odd(
        self, printed: dict[str, str], demo: Demo, page: Page, number: str, what: str
    ) -> None:
        review(page, demo, number)
        expect(page.get_by_text(what).first).to_be_visible()

    def test_fills_in_what_is_missing(self, printed: dict[str, str], demo: Demo, page: Page) -> None:
        review(page, demo, "HL-20447")
        page.get_by_role("button", name=re.compile("Modify")).click()
        page.get_by_label("Amount", exact=True).fill("88.10")
        page.get_by_role("button", name=re.compile("Review changes")).click()
        expect(page.get_by_role("row", name=re.compile("not provided.*88.10")).first).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("Confirm and approve")).click()
        assert eventually(lambda: len(effects(demo, "HL-20447")) == 1, 40)
        assert effects(demo, "HL-20447")[0]["amount"] == "88.10"

    def test_modifies_one_and_approves_another_and_each_happens_once(
        self, printed: dict[str, str], demo: Demo, page: Page
    ) -> None:
        review(page, demo, "HL-20445")
        page.get_by_role("button", name=re.compile("Modify")).click()
        page.get_by_label("Amount", exact=True).fill("700.50")
        page.get_by_label("Payment reference", exact=True).fill("12572104")
        page.get_by_label("Amount before tax", exact=True).fill("686.43")
        page.get_by_role("button", name=re.compile("Review changes")).click()
        expect(page.get_by_role("row", name=re.compile("717.97.*700.50")).first).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("Confirm and approve")).click()
        page.goto(f"{demo.url}/admin/inbox/")
        page.get_by_role("link", name=re.compile("HL-20446")).first.click()
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("Approve")).click()
        assert eventually(lambda: len(effects(demo, "HL-20445")) + len(effects(demo, "HL-20446")) == 2, 40)
        # Decimal text stays decimal text, and a number stays a number.
        assert [(row["amount"], row["payment_reference"]) for row in effects(demo, "HL-20445")] == [
            ("700.50", 12572104)
        ]
        assert [row["amount"] for row in effects(demo, "HL-20446")] == ["4904.94"]

    def test_caused_nothing_else(self, printed: dict[str, str], demo: Demo) -> None:
        ours = [row for row in demo.journal() if row["payload"].get("issuer") == invoices.COMPLETE["issuer"]]
        numbers = sorted(str(row["payload"]["invoice_number"]) for row in ours)
        assert numbers == [f"HL-2044{number}" for number in range(1, 8)]

    def test_is_named_to_the_agent_when_it_asks_again(
        self, printed: dict[str, str], demo: Demo, tmp_path: Path
    ) -> None:
        again = run_agent(demo, invoices.write(tmp_path))
        assert again["large.json"].startswith("executed: modified by Jonas Lind.")
        assert again["larger.json"].startswith("executed: approved by Jonas Lind.")
        assert again["bad_iban.json"] == printed["bad_iban.json"]

    def test_is_named_in_the_history_that_compliance_reads(self, demo: Demo, page: Page) -> None:
        changed = demo.call("GET", "actions/?state=executed").json()["results"]
        action = next(item for item in changed if item["revision"]["payload"].get("invoice_number") == "HL-20445")
        sign_in(page, demo, "compliance")
        page.goto(f"{demo.url}/admin/approvals/action/{action['id']}/history/")
        expect(page.get_by_text("Jonas Lind").first).to_be_visible()


class TestWiringFunds:
    def test_waits_for_a_person_however_sure_the_agent_is(self, demo: Demo) -> None:
        payload = {
            "payee": "Harbor Lights Ltd",
            "iban": "DE89370400440532013000",
            "money": {"amount": "12.00", "currency": "EUR"},
            "reference": "HL-1",
        }
        body = {"action_type": "payment.wire", "payload": payload, "confidence": 0.99}
        proposed = demo.call("POST", "actions/", json=body, headers={"Idempotency-Key": "wire-1"}).json()
        action = demo.call("GET", f"actions/{proposed['id']}/?wait=20&until=routed").json()
        assert action["state"] == "pending"
        assert any(reason["rule"] == "domain" for reason in action["evaluation"]["reasons"])

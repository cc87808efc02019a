"""Take the picture of the decision page again, from a running `make run`: `python -m tests.browser.pictures`.

It proposes one invoice with a faulty number, so that the page has something to show, and changes nothing else.
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page, sync_playwright

from tests.browser.plugin import FLAGS, chromium

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
WIDTH = 1280
INVOICE = {
    "issuer": "Nordhafen Office Supply GmbH",
    "invoice_number": "F",
    "date": "2026-11-12",
    "amount": "139.33",
    "currency": "EUR",
}


def propose(demo: dict[str, Any]) -> str:
    """Propose the invoice and return the address of its decision page."""
    answer = requests.post(
        f"{demo['url']}/api/v1/actions/",
        json={
            "action_type": "invoice.post",
            "payload": INVOICE,
            "instruction": "Post the invoices of this folder.",
            "reasoning": "The supplier is known; its invoices go to account 4930.",
            "confidence": 0.93,
        },
        headers={
            "Authorization": f"Bearer {demo['agent_key']}",
            "Idempotency-Key": str(uuid.uuid4()),
            "Prefer": "wait=10",
        },
        timeout=20,
    )
    answer.raise_for_status()
    review: str = answer.json()["links"]["review"]
    return review


def sign_in(page: Page, demo: dict[str, Any], username: str) -> None:
    """Sign in as one of the demo's people."""
    password = next(login["password"] for login in demo["logins"] if login["username"] == username)
    page.goto(f"{demo['url']}/admin/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def take(page: Page, address: str, path: Path) -> None:
    """Photograph a whole page: as high as it is, so that what sticks to the lower edge covers nothing."""
    page.goto(address)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.screenshot(path=path)


def main(home: Path) -> None:
    """Take the picture of the demo whose home this is."""
    demo = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    address = propose(demo)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light", locale="en-US")
        sign_in(page, demo, "junior")
        take(page, address, IMAGES / "decision.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var")

"""Take the guides' pictures again, from a fresh `make run FEED=0`: `python -m tests.browser.pictures`.

It proposes one invoice with a faulty number and five that are alike, so that the pages have something to show. It
decides nothing.
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
INVOICE = {
    "issuer": "Nordhafen Office Supply GmbH",
    "invoice_number": "F",
    "date": "2026-11-12",
    "amount": "139.33",
    "currency": "EUR",
}
ALIKE = [
    INVOICE | {"issuer": "Harbor Lights Ltd", "invoice_number": f"HL-20261{place}", "amount": f"{610 + 17 * place}.00"}
    for place in range(5)
]


def propose(demo: dict[str, Any], payload: dict[str, str]) -> str:
    """Propose an invoice and return the address of its decision page."""
    answer = requests.post(
        f"{demo['url']}/api/v1/actions/",
        json={
            "action_type": "invoice.post",
            "payload": payload,
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


def take(page: Page, name: str) -> None:
    """Photograph the whole page: as high as it is, so that what sticks to the lower edge covers nothing."""
    size = page.viewport_size or {"width": 1280, "height": 660}
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=IMAGES / f"{name}.png")
    page.set_viewport_size(size)


def on_a_desk(page: Page, demo: dict[str, Any], review: str, alike: str) -> None:
    """The pages that a reviewer sees on a desk."""
    sign_in(page, demo, "junior")
    page.goto(review)
    take(page, "decision")
    page.goto(f"{review}?edit=1")
    page.fill("[name='value:/invoice_number']", "INV-202643817")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    take(page, "diff")
    page.goto(f"{demo['url']}/admin/inbox/alike/{alike.rstrip('/').split('/')[-2]}/")
    take(page, "alike")
    for path, name in (("inbox", "inbox"), ("loop", "loop")):
        page.goto(f"{demo['url']}/admin/{path}/")
        page.screenshot(path=IMAGES / f"{name}.png")


def on_a_phone(page: Page, demo: dict[str, Any], review: str) -> None:
    """The decision page as a phone shows it first."""
    sign_in(page, demo, "junior")
    page.goto(review)
    page.screenshot(path=IMAGES / "phone.png")


def main(home: Path) -> None:
    """Take the pictures of the demo whose home this is."""
    demo = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    review, *alike = [propose(demo, payload) for payload in (INVOICE, *ALIKE)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        desk = browser.new_page(viewport={"width": 1280, "height": 660}, color_scheme="light", locale="en-US")
        on_a_desk(desk, demo, review, alike[0])
        phone = browser.new_page(viewport={"width": 390, "height": 780}, color_scheme="dark", locale="en-US")
        on_a_phone(phone, demo, review)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var")

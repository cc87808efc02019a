"""The browser is real, and its complaints do not go unheard."""

from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.browser.plugin import Accessibility

GOOD = "<html lang=en><title>t</title><main><h1>Fine</h1></main></html>"
SCRIPT = "document.title = 'ran'"
INLINE = f"<html lang=en><title>t</title><main><h1>Inline</h1></main><script>{SCRIPT}</script></html>"
BROKEN = "<html lang=en><title>t</title><main><h1>x</h1><script src=/throws.js></script></main></html>"
NAMELESS = "<html lang=en><title>t</title><main><h1>x</h1><input></main></html>"
PAGES = {"/good": GOOD, "/inline": INLINE, "/broken": BROKEN, "/nameless": NAMELESS, "/throws.js": "throw Error('no')"}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src data:")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def site() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class TestThePage:
    def test_shows_a_good_page_without_complaint(self, page: Page, site: str, axe: Accessibility) -> None:
        page.goto(f"{site}/good")
        assert page.text_content("h1") == "Fine"
        assert axe.faults(page) == []

    def test_hears_a_content_policy_violation(self, page: Page, site: str, complaints: list[str]) -> None:
        page.goto(f"{site}/inline")
        page.wait_for_timeout(100)
        assert any("CSP" in text or "Content Security Policy" in text for text in complaints)
        complaints.clear()
        assert page.title() == "t"

    def test_hears_a_script_error(self, page: Page, site: str, complaints: list[str]) -> None:
        page.goto(f"{site}/broken")
        page.wait_for_timeout(100)
        assert any(text.startswith("script:") for text in complaints)
        complaints.clear()

    def test_hears_axe(self, page: Page, site: str, axe: Accessibility) -> None:
        page.goto(f"{site}/nameless")
        assert any(fault.startswith("label:") for fault in axe.faults(page))

"""A real Chromium for the pages, which fails a test on any console error, script error or CSP violation."""

import os
import shutil
from collections.abc import Generator
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without the background flags Chromium looks up its maker's hosts at every start, which a closed network refuses.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_IT = (
    "Chromium is missing. On Debian and Ubuntu: sudo apt install chromium. "
    "Elsewhere install Chromium or Chrome and name it in HITL_CHROMIUM."
)
REPORT_CSP = """
document.addEventListener('securitypolicyviolation',
    event => console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""
SERIOUS = {"serious", "critical"}


def chromium() -> str | None:
    """The browser to drive: HITL_CHROMIUM, or the first of the usual names on PATH."""
    return os.environ.get("HITL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def playwright() -> Generator[Playwright]:
    """Playwright, whose event loop lives in this thread from the first test that asks for it on."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as running:
        # Playwright's loop makes Django think that this thread is asynchronous; it is not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Generator[Browser]:
    """One Chromium for all tests of this process."""
    path = chromium()
    if path is None:
        fail_or_skip = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        fail_or_skip(HOW_TO_GET_IT)
    running = playwright.chromium.launch(
        executable_path=path, args=[*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    )
    yield running
    running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that expects a complaint takes it out of this list."""
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str]) -> Generator[BrowserContext]:
    """A fresh browser profile, 1280 pixels wide; its pages' complaints fail the test."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(10_000)
    fresh.add_init_script(REPORT_CSP)
    fresh.on("console", lambda message: _note(complaints, message))
    fresh.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    yield fresh
    fresh.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of a fresh profile."""
    return context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failed test what its page showed, because nobody can look at the browser afterwards."""
    report = yield
    if report.when == "call" and report.failed:
        given = getattr(item, "funcargs", {})
        report.sections += [_shown(name, page) for name, page in given.items() if isinstance(page, Page)]
    return report


def _shown(name: str, page: Page) -> tuple[str, str]:
    with suppress(Error):
        return f"The page of {name}", f"{page.url}\n{page.locator('body').aria_snapshot(timeout=5_000)}"
    return f"The page of {name}", "It is closed."


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        complaints.append(f"console: {message.text} ({message.location.get('url', '')})")


class Accessibility:
    """Asks axe about a page."""

    def faults(self, page: Page) -> list[str]:
        """The serious and critical findings of axe, each as a sentence with the elements."""
        size = page.viewport_size or {"width": 1280, "height": 900}
        # As high as the page, for what sticks to the edge lies over something else at any height below that.
        page.set_viewport_size({"width": size["width"], "height": 4_000})
        # The browser lays a page out later, and one behind another page later still.
        page.wait_for_function(
            "([x, y]) => innerWidth === x && innerHeight === y", arg=[size["width"], 4_000], polling=20
        )
        found = self._serious(page)
        if found:
            # What is seen only while the page is laid out is no fault of the page.
            page.wait_for_timeout(500)
            found = self._serious(page)
        page.set_viewport_size(size)
        return found

    def _serious(self, page: Page) -> list[str]:
        # Preloading, which only an experimental rule needs, writes style sheets into the page against its policy.
        # The size of targets is a rule of WCAG 2.2 that axe leaves off unless it is asked.
        options = {"preload": False, "rules": {"target-size": {"enabled": True}}}
        found = Axe().run(page, options=options).response["violations"]
        return [
            f"{fault['id']}: {fault['help']} ({', '.join(str(node['target']) for node in fault['nodes'])})"
            for fault in found
            if fault["impact"] in SERIOUS
        ]


@pytest.fixture
def axe() -> Accessibility:
    """Axe; `assert axe.faults(page) == []` is the usual last line of a page's test."""
    return Accessibility()

"""What people do in every story: sign in, open what waits, read their mail."""

import email
import re
from email.message import Message

from playwright.sync_api import Page, expect

from tests.management.running import Demo


def mails(demo: Demo, to: str) -> list[Message]:
    """The mails that the demo has sent to an address that holds this."""
    texts = [path.read_text() for path in (demo.home / "mailbox").iterdir()]
    found = [email.message_from_string(text) for text in texts]
    return [message for message in found if to in str(message["To"])]


def sign_in(page: Page, demo: Demo, username: str) -> None:
    """Sign in, and wait until the next page is there: one that is left too early signs nobody in."""
    page.goto(f"{demo.url}/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(demo.password(username))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_waiting(page: Page, demo: Demo, username: str, words: str) -> None:
    """Sign in, and open what waits and is called so."""
    sign_in(page, demo, username)
    page.goto(f"{demo.url}/admin/inbox/")
    page.get_by_role("link", name=re.compile(words)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(words))


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page."""
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(name)).first.click()

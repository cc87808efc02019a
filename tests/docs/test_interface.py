"""The guides of reviewers, operators and auditors call buttons, headings, keys and views as the pages do."""

import re

import pytest

from approvals.admin.inbox.page import VIEWS
from tests.docs import pages
from tests.management.running import ROOT

INTERFACE = "reference/reviewer-interface.md"
GUIDES = (
    "tutorials/first-review.md",
    *(f"how-to/{name}.md" for name in ("review-actions", "create-standing-rules", "respond-to-incidents")),
    *(f"how-to/{name}.md" for name in ("manage-notifications-and-absence", "set-up-people-and-agents")),
    *(f"how-to/{name}.md" for name in ("deploy", "monitor-and-back-up", "audit-decisions")),
    *(f"reference/{name}.md" for name in ("reviewer-interface", "settings", "directory-files", "audit-records")),
    *(f"explanation/{name}.md" for name in ("reviewer-authority", "administrator-safeguards", "audit-evidence")),
)
# A catalog holds every text of the pages, whatever template or module it comes from.
CATALOG = (ROOT / "approvals" / "locale" / "de" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
# The demo's logins, which are bold as they are in the README.
LOGINS = {"junior", "senior"}


def texts() -> set[str]:
    """Every text of the pages, in small letters: a label of a model is shown with a capital."""
    found = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', CATALOG, re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"', text)).casefold() for text in found}


def named(page: str) -> set[str]:
    """What a guide shows in bold; what ends with a colon begins a paragraph."""
    found = {" ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", pages.text_of(page))}
    return {name for name in found if not name.endswith(":")}


class TestTheGuides:
    @pytest.mark.parametrize("page", GUIDES)
    def test_name_what_the_pages_show(self, page: str) -> None:
        known = texts()
        assert sorted(name for name in named(page) - LOGINS if name.casefold() not in known) == []


class TestTheReference:
    def test_names_every_key_of_the_dialog(self) -> None:
        dialog = (ROOT / "templates" / "review" / "shortcut_list.html").read_text(encoding="utf-8")
        rows = re.findall(r"^\|([^|]+)\|", pages.section(INTERFACE, "Keyboard shortcuts"), re.MULTILINE)
        shown = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
        assert shown - {"Ctrl+Enter"} == set(re.findall(r"<kbd>([^<]+)</kbd>", dialog))

    def test_names_every_view_of_the_inbox(self) -> None:
        rows = re.findall(r"^\| \*\*([^*]+)\*\*", pages.section(INTERFACE, "Inbox views"), re.MULTILINE)
        assert rows == [str(words) for words in VIEWS.values()]

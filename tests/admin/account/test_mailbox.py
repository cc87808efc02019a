"""The demo's mailbox: links to our own pages and to no others, the newest first, by recipient and kind."""

from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from approvals import conf
from approvals.admin.account import mailbox
from approvals.models import Person
from approvals.states import MailKind
from tests.world import World

PAGE = "/admin/mailbox/"
SITE = conf.site_url()


def letter(to: str, body: str, *, day: int = 2, kind: str = "decision", subject: str = "Waits") -> str:
    head = f"Content-Type: text/plain; charset=utf-8\nFrom: hitl@localhost\nTo: {to}\nSubject: {subject}\n"
    return f"{head}Date: Mon, {day} Mar 2026 12:00:00 +0000\nX-HITL-Kind: {kind}\n\n{body}\n"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.HITL_MODE, settings.HITL_HOME = "demo", tmp_path
    made = tmp_path / "mailbox"
    made.mkdir()
    return made


class TestLinks:
    def test_lead_to_our_own_pages(self, folder: Path, here: World, junior: Client) -> None:
        (folder / "1.log").write_text(letter("junior@example.com", f"Review:\n{SITE}/admin/inbox/."))
        page = junior.get(PAGE).text
        assert f'<a href="/admin/inbox/"><bdi>{SITE}/admin/inbox/</bdi></a>' in page

    @pytest.mark.parametrize(
        "address", ["https://elsewhere.example/admin/", f"{SITE}.example/admin/", f"{SITE}//elsewhere.example/", SITE]
    )
    def test_lead_nowhere_else(self, folder: Path, here: World, junior: Client, address: str) -> None:
        (folder / "1.log").write_text(letter("junior@example.com", f"See {address}"))
        assert "<article" in (page := junior.get(PAGE).text)
        assert "<a " not in page.partition("<article")[2].partition("</article>")[0]

    @given(st.lists(st.sampled_from([SITE, "/", "//", "\\", '"', "<", " ", "@", "admin", ":", "javascript:", "\n"])))
    def test_of_any_text_stay_on_the_site(self, parts: list[str]) -> None:
        text = "".join(parts)
        made = mailbox.Letter("", "", "", None, MailKind.OTHER, text)
        for href in (each.partition('"')[0] for each in made.linked.split('href="')[1:]):
            assert href.startswith("/")
            assert not href.startswith(("//", "/\\"))


class TestTheList:
    def test_has_the_newest_first(self, folder: Path, here: World, junior: Client) -> None:
        for day, name in ((9, "b"), (16, "c"), (2, "a")):
            (folder / f"{name}.log").write_text(letter("junior@example.com", "x", day=day, subject=f"Day {day}"))
        page = junior.get(PAGE).text
        assert page.index("Day 16") < page.index("Day 9") < page.index("Day 2<")

    def test_is_filtered_by_recipient_and_kind(self, folder: Path, compliance: Client) -> None:
        (folder / "1.log").write_text(letter("a@example.com", "x", subject="One"))
        (folder / "2.log").write_text(letter("b@example.com", "x", subject="Two", kind="digest"))
        (folder / "3.log").write_text(letter("b@example.com", "x", subject="Three"))
        shown = {
            query: [each.subject for each in compliance.get(PAGE + query).context["letters"]]
            for query in ("?to=b@example.com&kind=digest", "?kind=decision", "?to=a@example.com")
        }
        assert shown["?to=b@example.com&kind=digest"] == ["Two"]
        assert sorted(shown["?kind=decision"]) == ["One", "Three"]
        assert shown["?to=a@example.com"] == ["One"]

    def test_offers_nobody_the_recipients_of_others(self, folder: Path, here: World, junior: Client) -> None:
        (folder / "1.log").write_text(letter("other@example.com", "x"))
        page = junior.get(PAGE + "?to=other@example.com").text
        assert "<article" not in page
        assert "<option" not in page

    def test_of_a_kind_that_nobody_knows_is_among_the_rest(self, folder: Path, here: World, junior: Client) -> None:
        (folder / "1.log").write_text(letter("junior@example.com", "x", kind="<b>"))
        assert junior.get(PAGE).context["letters"][0].kind == MailKind.OTHER

    def test_says_why_it_is_empty(self, folder: Path, here: World, junior: Client) -> None:
        assert "No emails yet." in junior.get(PAGE).text
        Person.objects.filter(pk=here.junior.pk).update(email="")
        assert "Your account has no email address" in junior.get(PAGE).text

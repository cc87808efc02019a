"""Documents on the decision page: beside the fields, with what the agent quotes, for those who may see the action."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.actors import Actor, Door, system
from approvals.documents import process, reading
from approvals.documents.refusals import Busy
from approvals.models import Action, Attachment, Desk, Membership
from approvals.services.attachments import erasure
from approvals.services.decisions import checks
from approvals.states import Tier
from approvals.storage import contents
from policies import db
from tests import attaching, world
from tests.admin.conftest import signed_in
from tests.admin.pages import show
from tests.documents import corpus
from tests.world import NOON, World

pytestmark = pytest.mark.usefixtures("store")
# Three ask for the documents: the page, what was decided on, and what policy would say now; one for their quotes.
MAX_STATEMENTS = 4
BIDI = "\u202e"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    reading.forget()


def attached(
    here: World, *files: tuple[bytes, str], evidence: Any = (), **fields: Any
) -> tuple[Action, list[Attachment]]:
    """A pending action with these files; ``evidence`` is made of their IDs."""
    rows = [attaching.attachment(here, content, name) for content, name in files]
    told = evidence([str(row.pk) for row in rows]) if callable(evidence) else list(evidence)
    action = here.propose(db.now(), attachments=[row.pk for row in rows], evidence=told, **fields)
    checks.run_due(actor=system(Door.CELERY), clock=db.now)
    return here.route(action), rows


def quoting(quote: str, field: str = "/amount", page: int = 1) -> Callable[[list[str]], list[dict[str, Any]]]:
    """Evidence that quotes the first file."""
    return lambda ids: [{"label": "amount", "field": field, "attachment": ids[0], "page": page, "quote": quote}]


def address(name: str, action: Action, row: Attachment, *place: int) -> str:
    return reverse(f"admin:approvals_action_{name}", args=[action.pk, row.pk, *place])


class TestThePage:
    def test_shows_pages_beside_the_fields_and_marks_the_quote(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"), evidence=quoting("Total 717.97"))
        page = show(junior, action)
        assert f'src="{address("picture", action, row, 1)}"' in page
        assert 'href="#quote-1"' in page and '<g id="quote-1">' in page and 'rx="6" />' in page
        assert "p. 1" in page and 'data-source="quote-1"' in page

    def test_says_at_the_field_that_a_quote_is_not_there(self, here: World, junior: Client) -> None:
        action, _rows = attached(here, (corpus.pdf(), "bill.pdf"), evidence=quoting("Total 717.98"))
        page = show(junior, action)
        assert "The agent quotes “Total 717.98”, which is not on page 1." in page
        assert '<g id="quote-1">' not in page and "is not on page 1 of its attachment" not in page

    def test_says_it_also_where_no_field_is_named(self, here: World, junior: Client) -> None:
        def items(ids: list[str]) -> list[dict[str, Any]]:
            return [{"label": "a", "attachment": ids[0], "quote": each} for each in ("Tax 1", "Tax 2")]

        action, _rows = attached(here, (corpus.pdf(), "bill.pdf"), evidence=items)
        page = show(junior, action)
        assert "“Tax 1”, which is not on page 1." in page and "“Tax 2”, which is not on page 1." in page

    def test_says_that_nobody_reads_a_picture(self, here: World, junior: Client) -> None:
        action, _rows = attached(here, (corpus.png(), "scan.png"), evidence=quoting("Total 717.97"))
        assert "Nobody checked this, because page 1 is a picture." in show(junior, action)

    def test_marks_a_quote_in_a_text(self, here: World, junior: Client) -> None:
        mail = b"From: a@a.example\nTo: b@b.example\nSubject: Bill\n\nDear all, the total is 717.97. Regards"
        action, _rows = attached(here, (mail, "bill.eml"), evidence=quoting("total is 717.97"))
        page = show(junior, action)
        assert re.search(r'<mark id="quote-1"><bdi>total is 717.97</bdi></mark>', page)

    def test_ties_a_cell_of_a_table(self, here: World, junior: Client) -> None:
        action, _rows = attached(
            here,
            (corpus.pdf(), "bill.pdf"),
            evidence=quoting("Total 717.97", "/lines/0/price"),
            lines=[{"name": "Ink", "price": 717.97}],
        )
        assert re.search(r'<td[^>]*data-source="quote-1"', show(junior, action))

    def test_without_documents_is_as_it_was(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(evidence=[{"label": "Order", "value": "1"}]))
        assert "has-documents" not in page and "documents.js" not in page and 'id="documents"' not in page

    def test_costs_as_many_statements_for_many_documents_as_for_one(self, here: World, junior: Client) -> None:
        counts = []
        for count in (0, 1, 3):
            action, _rows = attached(here, *[(attaching.text(), "a.txt") for _each in range(count)])
            show(junior, action)
            with CaptureQueriesContext(connection) as asked:
                show(junior, action)
            counts.append(len(asked))
        assert counts[1] - counts[0] <= MAX_STATEMENTS and counts[2] == counts[1]

    def test_reads_no_bytes_again(self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        action, _rows = attached(here, (corpus.pdf(), "bill.pdf"))
        show(junior, action)
        monkeypatch.setattr(process, "ask", None)
        show(junior, action)

    @pytest.mark.parametrize("content", [corpus.encrypted(), corpus.png_bomb(), corpus.laughs()])
    def test_says_why_a_document_is_not_shown(self, here: World, junior: Client, content: bytes) -> None:
        page = show(junior, attached(here, (content, "bill"))[0])
        assert re.search(r'class="alert alert-note">This document [^<]+\.<', page)

    def test_works_while_the_bytes_are_gone(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        contents.take_away(row.sha256)
        assert "The file of this attachment is missing." in show(junior, action)

    def test_chooses_a_document_by_its_link(self, here: World, junior: Client) -> None:
        action, rows = attached(here, (b"first file", "a.txt"), (b"second file", "b.txt"))
        page = show(junior, action, "?document=2")
        sections = re.findall(r'<section class="document"[^>]*>', page)
        assert [("hidden" in section) for section in sections] == [True, False]
        assert len(rows) == 2

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (f"Pay <script>alert(1)</script> pay{BIDI}able".encode(), "a.txt"),
            (f"a;b\n<script>alert(1)</script>;{BIDI}\n".encode(), "a.csv"),
            (f"From: a\nTo: b\nSubject: <script>alert(1)</script>{BIDI}\n\nx".encode(), "a.eml"),
            (f"<Bill><A>&lt;script&gt;alert(1)&lt;/script&gt;{BIDI}</A></Bill>".encode(), "a.xml"),
            (b"harmless text", f"<script>alert(1)</script>{BIDI}.txt"),
        ],
    )
    def test_keeps_what_is_in_a_document_inert(self, here: World, junior: Client, content: bytes, name: str) -> None:
        page = show(junior, attached(here, (content, name))[0])
        assert "<script>alert" not in page and BIDI not in page


class TestAPicture:
    def test_is_png_that_nobody_else_keeps(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        answer = junior.get(address("picture", action, row, 1))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    @pytest.mark.parametrize(("page", "status"), [(2, 422), (51, 404)])
    def test_of_a_page_that_is_not_there_says_so(self, here: World, junior: Client, page: int, status: int) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        answer = junior.get(address("picture", action, row, page))
        assert answer.status_code in {status, 404}
        assert "This page is not shown" in answer.content.decode()

    def test_says_to_try_again_while_too_many_are_drawn(
        self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_arguments: Any) -> Any:
            raise Busy

        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        monkeypatch.setattr(process, "ask", busy)
        answer = junior.get(address("picture", action, row, 1))
        assert (answer.status_code, answer["Content-Type"]) == (503, "image/svg+xml")
        assert "Reload the page" in re.sub(r"<[^>]+>", " ", answer.content.decode())


class TestADownload:
    def test_is_saved_and_never_opened(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.exe"))
        answer = junior.get(address("file", action, row))
        assert answer.content == corpus.pdf()
        assert answer["Content-Disposition"] == 'attachment; filename="bill.exe.pdf"'
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer

    def test_of_missing_bytes_is_a_sentence(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        contents.take_away(row.sha256)
        answer = junior.get(address("file", action, row))
        assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")


class TestTheText:
    def test_of_a_page_is_there_to_read(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.pdf("Total 717.97 <b>"), "bill.pdf"))
        page = junior.get(address("text", action, row, 1)).content.decode()
        assert "Total 717.97 &lt;b&gt;" in page

    def test_that_is_none_is_said(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.png(), "scan.png"))
        assert "This page holds no text." in junior.get(address("text", action, row, 1)).content.decode()

    def test_of_a_broken_document_is_a_sentence(self, here: World, junior: Client) -> None:
        action, (row,) = attached(here, (corpus.encrypted(), "bill.pdf"))
        answer = junior.get(address("text", action, row, 1))
        assert answer.status_code == 422 and "password" in answer.content.decode()


PLACES = [("picture", (1,)), ("text", (1,)), ("file", ())]


@pytest.mark.parametrize(("name", "place"), PLACES)
class TestEachAddress:
    def test_is_not_there_for_another_desk(self, here: World, name: str, place: tuple[int, ...]) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        assert signed_in(stranger, "Reviewers").get(address(name, action, row, *place)).status_code == 404
        assert Client().get(address(name, action, row, *place)).status_code == 302

    def test_is_not_there_by_way_of_another_action(
        self, here: World, junior: Client, name: str, place: tuple[int, ...]
    ) -> None:
        _action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        for other in (here.pending(), attached(here, (b"another file", "a.txt"))[0]):
            assert junior.get(address(name, other, row, *place)).status_code == 404

    def test_shows_nothing_of_what_was_erased(
        self, here: World, junior: Client, name: str, place: tuple[int, ...]
    ) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        seen = junior.get(address(name, action, row, *place))
        world.decide("reject", action, here.junior, rationale="No.")
        officer = world.person("officer", is_superuser=True)
        erasure.forget(actor=Actor(Door.ADMIN, person=officer), at=NOON, attachment_id=row.pk, reason="Asked for.")
        known = {"If-None-Match": seen.get("ETag", '"x"')}
        answer = junior.get(address(name, action, row, *place), headers=known)
        assert answer.status_code == 503 and b"Total 717.97" not in answer.content and b"\x89PNG" not in answer.content
        assert "This attachment was erased." in show(junior, action)

    def test_only_answers_to_reading(self, here: World, junior: Client, name: str, place: tuple[int, ...]) -> None:
        action, (row,) = attached(here, (corpus.pdf(), "bill.pdf"))
        assert junior.post(address(name, action, row, *place)).status_code == 405

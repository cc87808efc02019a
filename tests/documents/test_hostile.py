"""Hostile files end in a picture, a text or one sentence: nothing runs, nothing is fetched, the process here lives."""

import hashlib
import resource
import socket
import threading
from collections.abc import Iterator

import pytest

from approvals.documents import process, reading
from approvals.documents.kinds import DRAWN, recognize
from approvals.documents.reading import Document
from approvals.documents.refusals import TooBig, Unreadable
from tests.documents import corpus

# How much this process may grow by one file: the file itself, and what a page shows of it.
MAX_GROWTH = 96 << 20


class Listener:
    """A server that nobody may call."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.calls += 1

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What hangs is waited for a second."""
    monkeypatch.setattr(reading, "LOOK_SECONDS", 1.5)
    monkeypatch.setattr(process, "MAX_SECONDS", 1.5)
    reading.forget()
    yield
    reading.forget()


def document(content: bytes) -> Document:
    kind = recognize(content[:4096], content)
    assert kind is not None
    return Document(hashlib.sha256(content).hexdigest(), kind, lambda: content)


def shown(content: bytes) -> str:
    """All that a page asks of a document; the sentence where it is refused."""
    file = document(content)
    try:
        reading.look(file, [(1, "Total 717.97")])
        if file.kind in DRAWN:
            reading.drawn(file, 1)
            reading.text(file, 1)
    except Unreadable as refusal:
        return refusal.in_words
    return ""


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class TestAHostileFile:
    @pytest.mark.parametrize("name", corpus.REFUSED)
    def test_is_refused_in_one_sentence(self, listener: Listener, name: str) -> None:
        said = shown(corpus.REFUSED[name](listener.address))
        assert said.endswith(".") and len(said) < 200
        assert listener.calls == 0

    @pytest.mark.parametrize("name", corpus.SURVIVED)
    def test_is_survived(self, listener: Listener, name: str) -> None:
        content = corpus.SURVIVED[name](listener.address)
        before = peak()
        said = shown(content)
        assert not said or said.endswith(".")
        assert peak() - before < MAX_GROWTH
        assert listener.calls == 0

    @pytest.mark.parametrize("content", [b"", b"\0\0\0", b"Total\x00 717.97", b"PK\x03\x04rest"])
    def test_is_not_taken_where_it_is_nothing(self, content: bytes) -> None:
        assert recognize(content, content) is None


class TestAPdfThatActs:
    def test_says_what_its_pages_do_not_show(self, listener: Listener) -> None:
        look = reading.look(document(corpus.active(listener.address)), [(1, "Total 717.97")])
        assert look.notes == ("scripts", "files", "form")
        assert look.places[0]


class TestManyPages:
    def test_are_counted_and_a_few_are_shown(self) -> None:
        file = document(corpus.many_pages())
        look = reading.look(file)
        assert (look.pages, len(look.sizes)) == (10_000, reading.MAX_PAGES)
        with pytest.raises(Unreadable):
            reading.drawn(file, reading.MAX_PAGES + 1)


class TestManyFrames:
    @pytest.mark.parametrize("form", ["GIF", "TIFF"])
    def test_are_one_picture_and_said(self, form: str) -> None:
        look = reading.look(document(corpus.frames(form, 5)))
        assert (look.pages, look.notes) == (1, ("frames",))


class TestTooManyPixels:
    @pytest.mark.parametrize("content", [corpus.png_bomb(), corpus.jpeg_of(10_000, 10_000)])
    def test_are_counted_before_they_are_decoded(self, content: bytes) -> None:
        with pytest.raises(TooBig):
            reading.look(document(content))


class TestAMail:
    def test_in_html_is_its_text(self, listener: Listener) -> None:
        look = reading.look(document(corpus.html_mail(listener.address)), [(1, "Total 717.97")])
        text = next(block.text for block in look.blocks if block.kind == "text")
        assert text.split() == ["Total", "717.97"]
        assert look.places == ((),)


class TestATable:
    def test_of_too_many_columns_is_cut_and_said(self) -> None:
        look = reading.look(document((b"a;" * 5_000 + b"b\n") * 2))
        assert look.is_cut
        assert 0 < max(len(row) for block in look.blocks for row in block.rows) <= 30

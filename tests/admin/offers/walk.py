"""Walks through the pages of one person and presses everything that they offer, each in a world of its own."""

import re
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.contrib.messages.storage.base import Message
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.admin.offers.html import Field, Form, Offer, Page

START = "/admin/"
ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+)/")
# Each page of these is of a state of its own; of all others a few of a kind are enough.
EACH = re.compile(r"/review/|/alike/|/hand-over/|/reverse/|/always/")
FEW = 1
REASON = "Because it is right."
# What asks for nothing but the right to be here; where it goes once or thrice it goes everywhere.
# Said as a warning, though it went well.
DONE = re.compile("You have senior rights")
STATELESS = re.compile(r"/next/|/comment/|always=1")
SKIPPED = re.compile(r"^(?:https?:|mailto:|#|javascript:)|/jsi18n/|/api/|/autocomplete/")


@contextmanager
def rolled_back() -> Iterator[None]:
    """A world of its own: whatever happens in it has not happened afterwards."""
    world = transaction.atomic()
    # Services begin transactions that must be the outermost; those of tests do not count.
    vars(world)["_from_testcase"] = True
    with world:
        yield
        transaction.set_rollback(True)


class Walk:
    """One person's walk, and what was refused on it."""

    def __init__(self, client: Client, stride: int = 1, start: int = 0) -> None:
        self.client = client
        # A page that fails is an answer, too.
        self.client.raise_request_exception = False
        self.stride, self.start = stride, start
        self.refused: list[str] = []
        self.pressed: Counter[str] = Counter()
        self._ahead: deque[tuple[str, str]] = deque()
        self._met: set[str] = set()
        self._kinds: Counter[str] = Counter()
        self._done: set[tuple[str, str, str]] = set()

    def all(self) -> list[str]:
        """Walk on until nothing is left, and return what was refused."""
        self._follow(Offer(START, "Home", START), START)
        while self._ahead:
            self._press_all(*self._ahead.popleft())
        return self.refused

    def _press_all(self, address: str, text: str) -> None:
        for offer in Page(address, text).offers():
            target = urljoin(address, offer.address)
            if SKIPPED.search(offer.address):
                continue
            if offer.form is None:
                self._follow(offer, target.partition("#")[0])
            else:
                self._press(offer, target)

    def _follow(self, offer: Offer, target: str) -> None:
        kind = _kind(target)
        if target in self._met or (self._kinds[kind] >= FEW and not EACH.search(target)):
            return
        self._met.add(target)
        self._kinds[kind] += 1
        # In a usual run each role takes other pages of actions than the next.
        if EACH.search(target) and (self._kinds[kind] + self.start) % self.stride:
            return
        at, answer, why = self._sent("GET", target, {})
        self._note(offer, target, why)
        if _is_page(answer):
            self._met.add(at)
            self._ahead.append((at, answer.text))

    def _press(self, offer: Offer, target: str) -> None:
        assert offer.form is not None
        once = target if EACH.search(offer.page) or ID.search(target) else _kind(target)
        key = (once, offer.name, offer.value)
        if key in self._done:
            return
        self._done.add(key)
        self._kinds[f"{_kind(target)} {offer.name} {offer.value}"] += 1
        if STATELESS.search(target) and self._kinds[f"{_kind(target)} {offer.name} {offer.value}"] > FEW:
            return
        turn = zlib.crc32(f"{offer.name} {offer.value} {len(self._done)}".encode())
        if EACH.search(offer.page) and turn % min(self.stride, 3):
            return
        sent = filled(offer.form) | ({offer.name: [offer.value]} if offer.name else {})
        self._note(offer, target, self._sent(offer.form.method.upper(), target, sent)[2])

    def _sent(self, method: str, target: str, sent: dict[str, list[str]]) -> tuple[str, HttpResponse, str]:
        """Send it in a world of its own; return where a link led, the answer, and why it was refused."""
        with rolled_back():
            cookies = self.client.cookies.copy()
            answer = self.client.get(target, sent) if method == "GET" else self.client.post(target, sent)
            why, at = _why(answer), target
            while not why and answer.status_code in (301, 302) and (at := urljoin(at, answer["Location"])):
                if method == "POST" and _kind(at) in self._kinds:
                    break
                answer = self.client.get(at)
                why = _why(answer)
            self.client.cookies = cookies
        return at, answer, why

    def _note(self, offer: Offer, target: str, why: str) -> None:
        self.pressed["buttons" if offer.form else "links"] += 1
        if why:
            self.refused.append(f"{offer.page}: {offer.text!r} ({target} {offer.value}) {why}")


def filled(form: Form) -> dict[str, list[str]]:
    """What a form sends when whoever presses its button has filled in what it asks for."""
    sent: dict[str, list[str]] = {}
    for each in form.fields:
        if each.name and (each.is_sent or each.is_required):
            sent.setdefault(each.name, []).append(_value(each))
    if form.action.endswith("/modify/") and "payload" not in sent:
        sent["value:/issuer"] = ["Paper Mill of Leiden"]
    return sent


def _value(control: Field) -> str:
    if control.kind == "select" and not control.value and control.is_required:
        return next((value for value, _chosen in control.options if value), "")
    if control.value or control.name.startswith("value:"):
        return control.value
    day = timezone.localdate() + timedelta(days=20 if "end" in control.name else 10)
    moments = {"date": f"{day}", "datetime-local": f"{day}T12:00"}
    fills = {"password": "secret", "number": "1", "textarea": REASON} | moments
    return fills.get(control.kind, "Words" if control.is_required else "")


def _kind(target: str) -> str:
    parts = urlsplit(target)
    return ID.sub("/N/", ID.sub("/N/", parts.path)) + "?" + ",".join(sorted(name for name, _ in parse_qsl(parts.query)))


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def _why(answer: HttpResponse) -> str:
    """Why something was refused: by its status, or by a message that says no."""
    said = [str(each) for each in _messages(answer) if each.level_tag != "success" and not DONE.match(str(each))]
    if answer.status_code in (200, 301, 302):
        is_faulty = _is_page(answer) and 'class="errornote"' in answer.text
        return "; ".join([*said, *(["the form was not taken"] if is_faulty else [])])
    alert = re.search(r'(?:role="alert"|errorlist)[^>]*>(.*?)</(?:div|ul)>', answer.text, re.S)
    words = " ".join(re.sub(r"<[^>]*>", " ", alert[1]).split()) if alert else ""
    return f"{answer.status_code} {words}"


def _messages(answer: HttpResponse) -> list[Message]:
    storage = getattr(vars(answer).get("wsgi_request"), "_messages", None)
    return [*getattr(storage, "_queued_messages", []), *(getattr(storage, "_loaded_data", None) or [])]

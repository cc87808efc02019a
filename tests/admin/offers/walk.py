"""One person's walk: what a page offers is pressed, each in a world of its own, and what was refused is noted."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.contrib.messages.storage.base import Message
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.admin.offers.html import Field, Form, Offer, Page

ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+|hitl_\w+)(?=/|$)")
# The pages of one action: what they offer depends on its state.
OF_STATE = re.compile(r"/approvals/action/N/(?!history|change|next|comment|decide/\?always)")
ELSEWHERE = re.compile(r"^(?:https?:|mailto:|#|javascript:)|/jsi18n/|/api/|/autocomplete/|/static/")
# Filters, pages and orders of a list, which have tests of their own.
OF_LIST = re.compile(r"^/admin/\w+/\w+/\?.|^/admin/(?:inbox|loop|corrections)/\?.|/tour/.|_popup")
# Forms that take what only a person can make up: a new row, a file, a password, a policy.
BY_HAND = re.compile(r"/add/|/import/|/password|/policies/version/draft/|/setup/new-kind/")
# What a person ticks before they press: the lines that they mean, and the tables that they opened.
TICKED = {"chosen", "opened"}
# The read-only pages of the record and the lists that administrators keep.
RECORDS = re.compile(r"^/admin/(?:approvals|policies|auth)/\w+/(?!N/(?:always|hand-over|reverse|review))")
# It went well, and something else is told with it.
IS_DONE = re.compile("You have senior rights|still pending:")
REASON = "Because it is right."
T = TypeVar("T")


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
    """Presses what one person is offered; what was pressed already is not pressed again."""

    def __init__(self, client: Client) -> None:
        self.client = client
        # A page that fails is an answer, too.
        self.client.raise_request_exception = False
        self.pressed = 0
        self._done: set[tuple[str, ...]] = set()

    def refused_in(self, address: str, text: str) -> list[str]:
        """Everything that this page offers and that was refused."""
        refused: list[str] = []
        for offer in Page(address, text).offers():
            self._tried(offer, "", refused)
        return refused

    def refused_on(self, address: str, state: str) -> list[str]:
        """The same of a page that depends on the state of its action, and of the pages of that action behind it."""
        refused: list[str] = []
        ahead = [address]
        while ahead:
            at = ahead.pop()
            answer, why = self._sent("GET", at, {})
            if why:
                # Where nobody offered the page, nothing was promised.
                refused += [f"{at}: {why}"] if at != address else []
                continue
            for offer in _offers(at, answer):
                ahead += self._tried(offer, state, refused)
        return refused

    def _tried(self, offer: Offer, state: str, refused: list[str]) -> list[str]:
        """Press it once; return the pages that it led to and that are to be walked, too."""
        target = urljoin(offer.page, offer.address).partition("#")[0]
        kind = kind_of(target)
        is_of_state = bool(OF_STATE.search(kind))
        key = (kind, *offer.words, state if is_of_state else "")
        is_other = ELSEWHERE.search(offer.address) or OF_LIST.search(kind) or (BY_HAND.search(kind) and offer.form)
        if is_other or offer.name == "index" or key in self._done:
            return []
        self._done.add(key)
        if offer.form is None and is_of_state and state:
            return [target] if _id(target) == _id(offer.page) else []
        self.pressed += 1
        method = offer.form.method.upper() if offer.form else "GET"
        # What is there can be saved as it stands.
        fill = values_of if "/change/" in kind else filled
        sent = fill(offer.form) | ({offer.name: [offer.value]} if offer.name else {}) if offer.form else {}
        answer, why = self._sent(method, target, sent)
        if why:
            refused.append(f"{offer.page}: {offer.text or offer.name!r} ({target} {offer.value}) {why}")
        elif _is_preview(answer):
            for more in _offers(target, answer):
                self._tried(more, state, refused)
        return []

    def pages(self, first: Sequence[str], has_records: bool = True) -> Iterator[tuple[str, str]]:
        """These pages, and one of each kind that they lead to, each with its text; without the records if asked."""
        seen, ahead = {kind_of(address) for address in first}, list(first)
        while ahead:
            address = ahead.pop(0)
            answer, _why = self._sent("GET", address, {})
            if not is_page(answer):
                continue
            yield address, answer.text
            for offer in Page(address, answer.text).offers():
                target = urljoin(address, offer.address).partition("#")[0]
                is_met = kind_of(target) in seen or OF_LIST.search(kind_of(target))
                is_met = is_met or (not has_records and RECORDS.search(kind_of(target)))
                if offer.form is None and not is_met and not ELSEWHERE.search(offer.address):
                    seen.add(kind_of(target))
                    ahead.append(target)

    def _sent(self, method: str, target: str, sent: dict[str, list[str]]) -> tuple[HttpResponse, str]:
        """Send it in a world of its own; return the answer, and why it was refused."""
        with rolled_back():
            cookies = self.client.cookies.copy()
            answer = self.client.get(target, sent or None) if method == "GET" else self.client.post(target, sent)
            why = _why(answer)
            self.client.cookies = cookies
        return answer, why


class Portions(Generic[T]):
    """What a walk finds, taken in portions, so that no single test has to take everything."""

    def __init__(self, found: Iterator[T]) -> None:
        self._ahead = found
        self._taken: list[T] = []

    def up_to(self, count: int | None) -> list[T]:
        """Return the first of it; all of it without a count."""
        more = None if count is None else max(count - len(self._taken), 0)
        self._taken += islice(self._ahead, more)
        return self._taken


def _offers(address: str, answer: HttpResponse) -> Iterator[Offer]:
    if is_page(answer):
        yield from Page(address, answer.text).offers()


def kind_of(target: str) -> str:
    """The address without what names one row, and without the values of its query."""
    parts = urlsplit(target)
    return f"{ID.sub('/N', parts.path)}?{','.join(sorted({name for name, _ in parse_qsl(parts.query)}))}"


def _id(target: str) -> str:
    found = ID.search(target)
    return found[0] if found else ""


def values_of(form: Form) -> dict[str, list[str]]:
    """What a form sends as it stands."""
    sent: dict[str, list[str]] = {}
    for each in form.fields:
        if each.name and each.is_sent:
            sent.setdefault(each.name, []).append(each.value)
    return sent


def filled(form: Form) -> dict[str, list[str]]:
    """What a form sends when whoever presses its button has filled in what it asks for."""
    sent: dict[str, list[str]] = {}
    for each in form.fields:
        if each.name and (each.is_sent or each.is_required or each.name in TICKED):
            sent.setdefault(each.name, []).append(_value(each))
    if "value:/issuer" in sent:
        sent |= {"value:/issuer": ["Paper Mill of Leiden"], "value:/currency": ["EUR"]}
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


def is_page(answer: HttpResponse) -> bool:
    """Whether it is a page to be read."""
    return answer.status_code == 200 and str(answer["Content-Type"]).startswith("text/html")


def _is_preview(answer: HttpResponse) -> bool:
    return is_page(answer) and 'name="payload"' in answer.text


def _why(answer: HttpResponse) -> str:
    """Why something was refused: by its status, or by a message that says no."""
    said = [str(each) for each in _messages(answer) if each.level_tag != "success" and not IS_DONE.search(str(each))]
    if answer.status_code in (200, 301, 302):
        is_faulty = is_page(answer) and 'class="errornote"' in answer.text
        return "; ".join([*said, *(["the form was not taken"] if is_faulty else [])])
    text = answer.text if str(answer.get("Content-Type")).startswith("text/html") else ""
    alert = re.search(r'(?:role="alert"|errorlist)[^>]*>(.*?)</(?:div|ul|p)>', text, re.S)
    words = " ".join(re.sub(r"<[^>]*>", " ", alert[1]).split()) if alert else ""
    return f"{answer.status_code} {words}"


def _messages(answer: HttpResponse) -> list[Message]:
    storage = getattr(vars(answer).get("wsgi_request"), "_messages", None)
    return [*getattr(storage, "_queued_messages", []), *(getattr(storage, "_loaded_data", None) or [])]

"""What was typed is never lost: every form, refused, comes back with everything that it was sent with."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse

from approvals.errors import NotAllowed
from approvals.services.catalog import rows
from policies import db
from tests.admin.offers.everything import Everything
from tests.admin.offers.html import Form, Offer, Page
from tests.admin.offers.walk import Portions, Walk, kind_of, rolled_back, values_of

pytestmark = pytest.mark.django_db
Key = tuple[str, str, str]
# One test sends a part of the forms that a role is shown, so that none takes long; together they send all of them.
PARTS, PORTION = range(4), 40
TYPED = ("text", "textarea", "search", "email", "url", "number")
# What no browser takes back: secrets, files, and what nobody typed.
NEVER_KEPT = ("password", "file", "hidden", "submit")
# Who is shown which forms; the first to be shown one sends it.
ROLES = ("chief", "senior", "junior", "author", "owner", "alone", "root")
STATES = (
    *("junior", "senior", "long", "approved", "rejected", "uncertain", "executed", "ran alone", "blocked", "alike 0"),
    *("twin 0", "handed over", "asked", "claimed", "no way back", "alone", "override", "publication"),
)
# Forms of an action that its page leads to only after something was done.
BEHIND = (("approved", "always"), ("rejected", "always"), ("executed", "reverse"), ("junior", "hand-over"))
# One is kept by the junior, and the other could be.
VIEWS = ("/admin/inbox/?view=overdue", "/admin/inbox/?view=mine")
EXEMPT = {
    "/admin/login/": "it asks for a name and a password alone, and Django keeps the name",
    "/admin/password_change/": "passwords are never sent back",
    "/admin/approvals/person/N/password/": "passwords are never sent back",
    "/admin/auth/group/add/": "Django's own form asks no service, and keeps what was typed",
    "/admin/auth/group/N/change/": "Django's own form asks no service, and keeps what was typed",
}
# Buttons that only lead to another part of the same form, which keeps the whole text.
LEADS_ON = ("go", "try", "fetch", "keep_test", "add_ladder", "back", "index", "_saveasnew")


class Refusing:
    """The database's transactions, of which services get none: whatever is asked of one is refused."""

    def __getattr__(self, name: str) -> object:
        return getattr(transaction, name)

    @contextmanager
    def atomic(self, durable: bool = False) -> Iterator[None]:
        """Refuse."""
        raise NotAllowed("Somebody else was faster.")
        yield


@contextmanager
def refusing() -> Iterator[None]:
    """Every service refuses, whatever it is asked."""
    refusal = NotAllowed("Somebody else was faster.")
    with (
        patch.object(db, "transaction", Refusing()),
        patch.object(rows, "save", side_effect=refusal),
    ):
        yield


def typed_into(form: Form) -> dict[str, list[str]]:
    """The form as it is sent after somebody has written into each of its fields."""
    sent = values_of(form)
    for place, each in enumerate(form.fields):
        if not each.name:
            continue
        if each.kind == "number" and not each.value:
            sent[each.name] = ["1"]
        elif each.kind in TYPED and not each.value:
            # Of several fields of one name each is typed into.
            values = sent.get(each.name) or [""]
            values[values.index("")] = f"typed {place}"
            sent[each.name] = values
        elif each.kind == "textarea" and each.name != "source":
            sent[each.name] = [f"{each.value} typed {place}".strip()]
        elif each.kind == "password":
            sent[each.name] = ["secret"]
        elif each.kind == "select" and not each.value:
            sent[each.name] = [next((value for value, _is in each.options if value), "")]
        elif each.kind == "date":
            sent[each.name] = ["2031-01-02"]
        elif each.kind == "datetime-local":
            sent[each.name] = ["2031-01-02T03:04"]
        elif each.kind == "checkbox" and each.name in ("chosen", "twin", "opened"):
            sent.setdefault(each.name, [])
            sent[each.name] = [*dict.fromkeys([*sent[each.name], each.value])]
    return sent


def kept(answer: HttpResponse) -> list[dict[str, list[str]]]:
    """What the forms of the answer would send."""
    return [values_of(form) for form in Page("", answer.text).forms.values()]


def holds(form: dict[str, list[str]], name: str, sent: list[str]) -> bool:
    """Whether a form holds what was typed under a name; it may offer further empty fields."""
    return name in form and [value for value in form[name] if value] == [value for value in sent if value]


def lost(offer: Offer, sent: dict[str, list[str]], answer: HttpResponse) -> list[str]:
    """What of it the answer's forms do not hold."""
    where = f"{kind_of(offer.page)} → {kind_of(offer.address or offer.page)} {offer.name}={offer.value}"
    if answer.status_code not in (200, 403, 409, 422):
        return [f"{where}: {answer.status_code} instead of the form"]
    held = kept(answer)
    assert offer.form is not None
    fields = [each for each in offer.form.fields if each.name and "__prefix__" not in each.name]
    typed = {each.name for each in fields if each.kind not in NEVER_KEPT}
    gone = [name for name in typed if name in sent and not any(holds(form, name, sent[name]) for form in held)]
    return [f"{where}: lost {', '.join(sorted(gone))}"] if gone else []


def address(world: Everything, state: str, name: str) -> str:
    """The address of a page of the action in this state."""
    return f"/admin/approvals/action/{world.states[state].pk}/{name}/"


def forms_of(world: Everything, walk: Walk) -> Iterator[Offer]:
    """Each button of each form that this role is shown and can type something into."""
    first = [address(world, state, "review") for state in STATES]
    first += [address(world, state, name) for state, name in BEHIND]
    for at, text in walk.pages(["/admin/", *VIEWS, *first, f"{first[0]}?edit=1"]):
        for offer in Page(at, text).offers():
            if offer.form is None or offer.form.method != "post" or offer.name in LEADS_ON:
                continue
            if any(each.name and each.kind not in NEVER_KEPT for each in offer.form.fields):
                yield offer


@pytest.fixture(scope="module")
def walks(world: Everything) -> dict[str, Walk]:
    return {role: Walk(world.signed_in(role)) for role in ROLES}


@pytest.fixture(scope="module")
def shown(world: Everything, walks: dict[str, Walk]) -> dict[str, Portions[Offer]]:
    """The forms that each role is shown, read when they are asked for."""
    return {role: Portions(forms_of(world, walk)) for role, walk in walks.items()}


@pytest.fixture(scope="module")
def seen() -> set[Key]:
    """The forms that were sent already."""
    return set()


@pytest.mark.parametrize("part", range(6))
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_shown_forms(shown: dict[str, Portions[Offer]], role: str, part: int) -> None:
    assert shown[role].up_to(PORTION * (part + 1))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_a_refused_form_comes_back_with_all_that_was_typed(
    walks: dict[str, Walk], shown: dict[str, Portions[Offer]], seen: set[Key], role: str, part: int
) -> None:
    gone = list[str]()
    for offer in shown[role].up_to(None)[part :: len(PARTS)]:
        target = urljoin(offer.page, offer.address)
        key = (kind_of(target), offer.name, offer.value)
        if key in seen or kind_of(target).partition("?")[0] in EXEMPT:
            continue
        seen.add(key)
        assert offer.form is not None
        sent = typed_into(offer.form)
        with rolled_back(), refusing():
            answer = walks[role].client.post(target, sent | ({offer.name: [offer.value]} if offer.name else {}))
        gone += lost(offer, sent, answer)
    assert not gone, "\n".join(gone)


def test_there_are_many_forms(shown: dict[str, Portions[Offer]]) -> None:
    found = [offer for role in ROLES for offer in shown[role].up_to(None)]
    assert len({(kind_of(urljoin(each.page, each.address)), each.name, each.value) for each in found}) > 40


SHEETS = {
    "employee": "key,name,title\r\nann@example.com,Ann Lee,\u201eHead\u201c of <all>\r\n",
    "subjectowner": "subject,owner\r\nAlder & Finch,owner\r\n",
    "duty": "desk,person,from,until\r\nfinance,junior,2031-01-02 08:00,2031-01-02 16:00\r\n",
}


def confirming(page: str, text: str, names: set[str]) -> tuple[str, dict[str, list[str]]]:
    """Where the form that confirms a preview goes, and what it sends."""
    forms = Page(page, text).forms.values()
    (form,) = (each for each in forms if names <= {one.name for one in each.fields if one.kind == "hidden"})
    return urljoin(page, form.action), typed_into(form)


@pytest.mark.parametrize("step", ["preview", "confirm"])
@pytest.mark.parametrize("table", SHEETS)
def test_a_refused_import_keeps_its_content(world: Everything, table: str, step: str) -> None:
    client, target = world.signed_in("root"), f"/admin/approvals/{table}/import/"
    sent = {"file": SimpleUploadedFile("sheet.csv", SHEETS[table].encode())}
    if step == "confirm":
        answer = client.post(target, sent)
        assert answer.status_code == 200
        target, sent = confirming(target, answer.text, {"text"})
        sent |= {"confirmed": ["yes"]}
    with rolled_back(), refusing():
        answer = client.post(target, sent)
    assert (answer.status_code, "Somebody else was faster." in answer.text) == (422, True)
    assert [SHEETS[table]] in [form.get("text") for form in kept(answer)]


def test_a_faulty_import_keeps_its_content_and_can_be_corrected(world: Everything) -> None:
    client, target = world.signed_in("root"), "/admin/approvals/employee/import/"
    answer = client.post(target, {"text": "key,name\r\n,Ann\r\nb,Bo\r\n"})
    assert answer.status_code == 422
    assert ["key,name\r\n,Ann\r\nb,Bo\r\n"] in [form.get("text") for form in kept(answer)]
    assert client.post(target, {"text": "key,name\r\na,Ann\r\nb,Bo\r\n"}).status_code == 200


def test_a_refused_confirmation_of_an_edit_keeps_it(world: Everything) -> None:
    client = world.signed_in("junior")
    page = address(world, "junior", "review")
    (form,) = (
        each for each in Page(page, client.get(f"{page}?edit=1").text).forms.values() if each.action.endswith("modify/")
    )
    typed = values_of(form) | {"value:/issuer": ["Ink & <Works>"], "value:/account": ["4400"]}
    answer = client.post(address(world, "junior", "modify"), typed)
    assert "Confirm 2 changes" in answer.text
    target, sent = confirming(page, answer.text, {"payload"})
    sent |= {"rationale": ["Because of \u201ethis\u201c."]}
    for more in ({}, {"back": ["1"]}):
        with rolled_back(), refusing():
            answer = client.post(target, sent | more)
        (again,) = (each for each in kept(answer) if "value:/issuer" in each)
        wanted = {name: value for name, value in typed.items() if name != "csrfmiddlewaretoken"}
        assert wanted | {"rationale": sent["rationale"]} == {name: again.get(name) for name in wanted}

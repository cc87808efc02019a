"""No page of the admin, ours or Django's own, hides a character that a stored text holds."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Field, Model, TextField
from django.http import HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import strategies as st

from approvals.actors import Door, system
from approvals.admin.base import hidden
from approvals.models import Agent, Person
from approvals.models import Client as Unit
from approvals.services.policy.lookups import results
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer
from approvals.states import FetchState
from policies import db
from policies.engine.text import characters
from tests.admin.offers.everything import Everything

pytestmark = pytest.mark.django_db
SIGNS = "\u202e\u200b\u2066\u00ad\u115f"
HOSTILE = f"a{SIGNS}b"
# Columns whose words are only shown; what others hold is looked up by, such as names of policies and states.
SHOWN = {
    "title", "subject", "thread", "on_behalf_of", "first_name", "last_name", "label", "reason", "message", "why",
    "object_repr", "change_message", "description", "note", "rationale", "reference", "error", "source_name",
}  # fmt: skip
FIELDS = re.compile(r"<(textarea|script)\b.*?</\1>|<input\b[^>]*>", re.DOTALL)


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stored text comes out of the database with hidden characters in it."""

    def read(field: "Field[Any, Any]", value: Any, *_more: Any) -> Any:
        return f"{value}{HOSTILE}" if value and field.name in SHOWN and not field.choices else value

    for kind in (CharField, TextField):
        monkeypatch.setattr(kind, "from_db_value", read, raising=False)


def pages_of(model: type[Model], row: Any) -> Iterator[str]:
    """The addresses of the stock pages of a model and of one of its rows."""
    start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for name, arguments in (("changelist", []), ("change", [row]), ("history", [row]), ("delete", [row]), ("add", [])):
        if arguments == [None]:
            continue
        try:
            yield reverse(f"{start}_{name}", args=arguments)
        except NoReverseMatch:
            continue


def is_clean(text: str) -> bool:
    """Whether a reader sees each character; fields of forms hold what is stored."""
    return not set(SIGNS) & set(FIELDS.sub("", text))


@pytest.fixture
def log(world: Everything) -> None:
    """What the world lacks: an entry in Django's own log, a lookup result, and a client."""
    kind = ContentType.objects.get_for_model(Agent)
    LogEntry.objects.create(
        user=world.people["root"], content_type=kind, object_id=str(world.here.agent.pk), object_repr=HOSTILE,
        action_flag=CHANGE, change_message=HOSTILE,
    )  # fmt: skip
    answer = LookupAnswer(Lookup(HOSTILE, "erp", {}), FetchState.FOUND, HOSTILE, HOSTILE, value=HOSTILE)
    Unit.objects.create(key="north", name="North", responsible=world.people["root"])
    results.keep(next(iter(world.states.values())), None, [answer], system(Door.CELERY), db.now())


class TestAStockPage:
    @pytest.mark.parametrize("model", site._registry, ids=lambda model: model.__name__)
    def test_shows_every_hidden_character(
        self, world: Everything, hostile: None, log: None, model: type[Model]
    ) -> None:
        client: Client = world.signed_in("root")
        row = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        assert row is not None, "The world has no row of this model."
        seen = [(address, client.get(address, follow=True).text) for address in pages_of(model, row)]
        assert [address for address, text in seen if not is_clean(text)] == []
        if SHOWN & {field.name for field in model._meta.fields if not field.choices}:
            assert any("U+202E" in text for _, text in seen)

    def test_shows_them_in_the_log_of_the_home_page(self, world: Everything, hostile: None, log: None) -> None:
        for address in (
            reverse("admin:index"),
            reverse("admin:app_list", args=["approvals"]),
            "/admin/approvals/action/?q=a",
        ):
            assert is_clean(world.signed_in("root").get(address).text)


@given(st.lists(st.sampled_from([*SIGNS, "b", "<", '"', "&", "é", "👩‍👩‍👦", " "]), max_size=30).map("".join))
def test_a_page_keeps_fields_and_loses_no_word(text: str) -> None:
    template = engines["django"].from_string(
        '<title>{{ t }}</title><p title="{{ t }}">{{ t }}</p><select><option value="{{ t }}">{{ t }}</option></select>'
        '<textarea>{{ t }}</textarea><input value="{{ t }}">'
    )
    page = template.render({"t": text})
    found = hidden.revealed(page)
    assert re.sub(r'<span class="chip".*?</span>(U\+[0-9A-F]+)</span>|\[(U\+[0-9A-F]+)\]',
                  lambda code: chr(int((code[1] or code[2])[2:], 16)), found) == page  # fmt: skip
    shown = re.sub(r"<(textarea).*?</\1>|<input[^>]*>|value=\"[^\"]*\"", "", found, flags=re.DOTALL)
    assert not characters.hidden(re.sub("<[^>]*>", "\n", shown))


def test_an_answer_that_is_no_page_stays_as_it_is() -> None:
    answer = HttpResponse(HOSTILE, content_type="text/csv; charset=utf-8")
    assert hidden.shown(answer) is answer and answer.content.decode() == HOSTILE


def test_a_page_is_looked_through_once_it_is_rendered() -> None:
    template = engines["django"].from_string("<p>{{ t }}</p>")
    answer = TemplateResponse(RequestFactory().get("/"), template, {"t": Person(first_name=HOSTILE).first_name})
    hidden.shown(answer)
    assert is_clean(answer.render().content.decode())

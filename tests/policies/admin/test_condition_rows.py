"""Conditions as rows of the editor: what was typed becomes CEL, and what nobody touched stays as it is written."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given

from policies.admin.editor.conditions import condition_form, condition_rows, condition_typing
from policies.admin.editor.conditions.condition_typing import Form, Typing
from policies.admin.editor.typed_rows import Rows
from policies.engine.document.source_text import read
from policies.lab.action_types import TypeInfo
from policies.lab.builder import fields
from policies.lab.builder.reader import read as rows_of
from policies.lab.builder.writer import written
from tests.policies.lab.builder.test_rows import GROUPS

SCHEMA = {
    "type": "object",
    "properties": {
        "issuer": {"type": "string", "title": "Supplier"},
        "total": {"type": "number"},
        "due": {"type": "string", "format": "date"},
    },
}
KNOWN = fields.by_name(fields.of([TypeInfo(name="a.b", title="Post", schema=SCHEMA)]))
OF = "rules/0/when"


def posted(form: Form, **changes: str) -> dict[str, str]:
    """What a browser sends of the rows, with changes by `place__part`."""
    shown = condition_form.shown(OF, condition_rows.text_of(form, KNOWN), {}, KNOWN, "")
    sent = {f"{shown.mark}:any": "any" if form.is_any else "all"}
    for line in (line for block in condition_form._blocks(OF, form, KNOWN) for line in block.lines):
        sent[f"{line.name}:field"] = line.typing.field
        if line.how:
            sent |= {f"{line.name}:how": line.how, f"{line.name}:value": line.typing.value}
            sent |= {f"{line.name}:last": line.typing.last} if line.is_range else {}
            sent |= {f"{line.name}:absent": "no" if line.is_guarded else "person"} if line.can_be_absent else {}
    return sent | {f"{shown.mark}:{name.replace('__', ':')}": value for name, value in changes.items()}


def text(sent: Mapping[str, str], before: str = "") -> str:
    """The condition after the rows were sent."""
    return condition_rows.resolved(sent, {OF: before}, KNOWN).get(OF, before)


class TestWhatNobodyTouched:
    @given(group=GROUPS)
    def test_stays_as_it_is_written(self, group: Any) -> None:
        before = written(group).replace(" && ", "  &&  ")
        form = condition_rows.of_text(before, KNOWN)
        if form is not None:
            assert text(posted(form) | {OF: before}, before) == before

    @given(group=GROUPS)
    def test_shows_all_that_the_text_says(self, group: Any) -> None:
        form = condition_rows.of_text(written(group), KNOWN)
        if form is not None:
            assert rows_of(condition_rows.text_of(form, KNOWN)) == rows_of(written(group))

    def test_stays_in_german_too(self) -> None:
        before = "confidence < 0.125 && amount >= 1.5"
        with translation.override("de"):
            form = condition_rows.of_text(before, KNOWN)
            assert form is not None
            assert [row.value for row in form.flat()] == ["0,1250", "1,5"]
            assert text(posted(form) | {OF: before}, before) == before

    def test_stays_text_where_rows_cannot_say_it(self) -> None:
        shown = condition_form.shown(OF, "size(flags) > 1", {}, KNOWN, "")
        assert shown.is_text and not shown.blocks


class TestWhatWasTyped:
    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            (Typing("payload.issuer", "is", "A & B"), "has(payload.issuer) && payload.issuer == 'A & B'"),
            (Typing("payload.issuer", "one_of", "A, B", is_guarded=False), "payload.issuer in ['A', 'B']"),
            (Typing("payload.total", "between", "5", "7.5", False), "payload.total >= 5 && payload.total <= 7.5"),
            (Typing("payload.due", "above", "2026-12-24", is_guarded=False), "payload.due > '2026-12-24'"),
            (Typing("amount_base", "above", "500"), "'amount_base' in known && amount_base > 500.0"),
            (Typing("external", "is", "true"), "external == true"),
            (Typing("flags", "includes", "stale_rate"), "'stale_rate' in flags"),
            (Typing("subject", "missing"), "!('subject' in known)"),
            (Typing("score", "starts", "60"), "score > 60"),
            (Typing("fetched.budget.left", "below", "3", is_guarded=False), "fetched.budget.left < 3"),
        ],
    )
    def test_becomes_cel(self, row: Typing, expected: str) -> None:
        assert text(posted(Form(entries=(row,)))) == expected

    def test_joins_rows_and_groups(self) -> None:
        rows = (Typing("score", "above", "60"), (Typing("domain", "is", "hr"), Typing("external", "is", "true")))
        assert text(posted(Form(False, rows))) == "score > 60 && (domain == 'hr' || external == true)"
        assert text(posted(Form(True, rows))) == "score > 60 || (domain == 'hr' && external == true)"

    def test_changes_one_value_and_the_rest_stays(self) -> None:
        before = "score>60&&!external"
        form = condition_rows.of_text(before, KNOWN)
        assert form is not None
        assert text(posted(form, **{"0__value": "70"}) | {OF: before}, before) == "score > 70 && external == false"

    def test_is_outweighed_by_an_edited_text(self) -> None:
        sent = posted(Form(entries=(Typing("score", "above", "60"),)))
        assert text(sent | {OF: "score > 1 && amount > 5.0 * 2.0"}, "score > 50") == "score > 1 && amount > 5.0 * 2.0"

    @pytest.mark.parametrize(
        "row", [Typing("score", "above", ""), Typing("score", "above", "many"), Typing("payload.due", "is", "soon")]
    )
    def test_changes_nothing_until_it_is_complete(self, row: Typing) -> None:
        before = "external == true && score > 1"
        sent = posted(Form(entries=(Typing("external", "is", "true"), row)))
        assert text(sent | {OF: before}, before) == before
        shown = condition_form.shown(OF, before, sent | {OF: before}, KNOWN, before)
        assert shown.is_incomplete and [block.lines[0].is_incomplete for block in shown.blocks] == [False, True]

    @pytest.mark.parametrize(
        ("button", "fields_"),
        [
            ("add", ["score", "external", ""]),
            ("remove/0", ["external"]),
            ("group", ["score", "external", "", ""]),
            ("remove/9", ["score", "external"]),
            ("odd", ["score", "external"]),
        ],
    )
    def test_obeys_the_buttons(self, button: str, fields_: list[str]) -> None:
        sent = posted(Form(entries=(Typing("score", "above", "1"), Typing("external", "is", "true"))))
        form = condition_typing.form_of(OF, sent | {"rows": f"{button}:{OF}"})
        assert [row.field for row in form.flat()] == fields_


class TestTheRowsOfAPage:
    SOURCE = "policy: a\ntitle: A\nrules: [{name: x, when: external, outcome: review, says: X.}]\n"

    def test_wait_while_another_part_is_shown(self, db: None) -> None:
        sent = posted(Form(entries=(Typing("score", "above", ""),)))
        waiting = Rows(self.SOURCE, sent | {OF: "external", "part": "rules", "open": "0", "go": "tables"})
        assert waiting.is_incomplete and dict(waiting.waiting()) == sent
        waiting.build(OF, "external")
        assert waiting.waiting() == []

    def test_put_an_assignee_together(self, db: None) -> None:
        source = "policy: a\ntitle: A\nplans: {p: {stages: [{name: x, who: desk}]}}\n"
        of = "plans/p/stages/0/who"
        rows = Rows(source, {"part": "plans", "open": "0", of: "group:", f"{of}~name": " Leads "})
        body: Any = read(rows.edited)
        assert body["plans"]["p"]["stages"][0]["who"] == "group:Leads"

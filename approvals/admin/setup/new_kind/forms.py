"""The forms of the pages; each makes the sketch a little more precise."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.services.catalog.kinds import examples, field_kinds, gallery, inference, sketch
from approvals.services.catalog.kinds.inference import Roles, Row
from approvals.services.catalog.kinds.sketch import Sketch
from policies.engine.values import json_pointer

KINDS = {
    field_kinds.TEXT: gettext_lazy("text"),
    field_kinds.LONG: gettext_lazy("long text"),
    field_kinds.AMOUNT: gettext_lazy("amount"),
    field_kinds.CURRENCY: gettext_lazy("currency"),
    field_kinds.DATE: gettext_lazy("date"),
    field_kinds.EMAIL: gettext_lazy("email address"),
    field_kinds.CHOICE: gettext_lazy("choice"),
    field_kinds.NUMBER: gettext_lazy("number"),
    field_kinds.TRUTH: gettext_lazy("yes or no"),
    field_kinds.LIST: gettext_lazy("list"),
    field_kinds.OTHER: gettext_lazy("as in the example"),
}
# What each role of a field may be.
FITTING = {
    "amount": frozenset({field_kinds.AMOUNT, field_kinds.NUMBER}),
    "currency": frozenset({field_kinds.CURRENCY, field_kinds.TEXT, field_kinds.CHOICE}),
    "subject": field_kinds.SINGLE,
    "reference": field_kinds.SINGLE,
}
ROLE_FAULTS = {f"{name}_pointer": name for name in sketch.POINTERS} | {"summary": "summary"}


class Start(forms.Form):
    """What it is called, and what its payload looks like."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A verb and a noun, for example “Send a quote”."),
    )
    card = forms.CharField(required=False)
    source = forms.CharField(
        label=gettext_lazy("Example payload or JSON Schema (JSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "class": "code", "spellcheck": "false"}),
    )

    picked: gallery.Card | None = None

    def clean(self) -> dict[str, Any]:
        """Read the example, the schema or the card."""
        data = super().clean() or {}
        self.picked = gallery.card(data.get("card") or "")
        text = (data.get("source") or "").strip()
        if not text and self.picked is None:
            self.add_error("source", _("Paste an example or choose a card."))
        elif text:
            try:
                data["payload"] = examples.read(text)
            except examples.NotAnExample as sentence:
                self.add_error("source", str(sentence))
        else:
            data["payload"] = dict(cast(gallery.Card, self.picked).example)
        data["title"] = (data.get("title") or "").strip() or (_(self.picked.title) if self.picked and not text else "")
        if not data["title"] and "title" not in self.errors:
            self.add_error("title", _("Enter a title."))
        return data

    def begun(self, taken: frozenset[str]) -> Sketch:
        """The sketch that the example suggests, under a name that is free."""
        data = self.cleaned_data
        name = sketch.free_name(sketch.plain_name(data["title"]), taken)
        found = sketch.begun(data["title"], data["payload"], name)
        if self.picked is None:
            return found
        rows = [
            replace(row, kind=field_kinds.CHOICE, choices=tuple(self.picked.choices[row.pointer[1:]]))
            if row.pointer[1:] in self.picked.choices
            else row
            for row in found.rows
        ]
        schema = inference.edited(found.schema, rows)
        return replace(found, schema=schema, rows=tuple(rows), description=_(self.picked.says))

    def example(self) -> dict[str, Any]:
        """The payload that the dry run takes."""
        payload: dict[str, Any] = self.cleaned_data["payload"]
        return inference.example_of(payload) if inference.is_schema(payload) else payload


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table of fields."""

    row: Row
    value: str
    title: Any
    kind: Any
    needed: Any
    choices: Any


class Fields(forms.Form):
    """The fields in a table, and which of them the queue shows and policy compares."""

    def __init__(self, data: Any, begun: Sketch, example: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.begun, self.example = begun, example
        for at, row in enumerate(begun.rows):
            self._add_row(at, row)
        for name in sketch.POINTERS:
            self.fields[name] = forms.ChoiceField(
                label=ROLES[name],
                required=False,
                choices=[("", _("none")), *self._fitting(FITTING[name])],
                initial=getattr(begun.roles, name),
            )
        self.fields["summary"] = forms.CharField(
            label=_("Sentence that names an action"),
            max_length=inference.MAX_SUMMARY,
            initial=begun.summary,
            help_text=_("Put fields in braces; {amount} is the amount with its currency."),
        )

    def _add_row(self, at: int, row: Row) -> None:
        label = {"title": _("Title"), "kind": _("Kind"), "needed": _("Required"), "choices": _("Choices")}
        said = {name: f"{text}: {row.title}" for name, text in label.items()}
        self.fields[f"title-{at}"] = forms.CharField(
            max_length=inference.MAX_TITLE, initial=row.title, label=said["title"]
        )
        if row.may_change:
            kinds = [(kind, KINDS[kind]) for kind in field_kinds.CHOSEN]
            self.fields[f"kind-{at}"] = forms.ChoiceField(choices=kinds, initial=row.kind, label=said["kind"])
            self.fields[f"choices-{at}"] = forms.CharField(
                required=False, initial=", ".join(row.choices), label=said["choices"]
            )
        if row.group == "":
            self.fields[f"needed-{at}"] = forms.BooleanField(
                required=False, initial=row.is_required, label=said["needed"]
            )
        for name in ("title", "kind", "needed", "choices"):
            if f"{name}-{at}" in self.fields:
                self.fields[f"{name}-{at}"].widget.attrs["aria-label"] = said[name]

    def _fitting(self, kinds: frozenset[str]) -> list[tuple[str, str]]:
        rows = self.begun.rows
        return [
            (row.pointer, f"{row.group} › {row.title}" if row.group else row.title)
            for row in rows
            # What somebody makes an amount on this page may be one.
            if row.may_change and row.kind in kinds | field_kinds.SINGLE and len(row.pointer) <= inference.MAX_POINTER
        ]

    def lines(self) -> Iterator[Line]:
        """The rows of the table."""
        for at, row in enumerate(self.begun.rows):
            value = json_pointer.find(self.example, row.pointer)
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            parts = [self[f"{n}-{at}"] if f"{n}-{at}" in self.fields else None for n in PARTS]
            yield Line(row, text[:80], *parts)

    def roles(self) -> Iterator[Any]:
        """The fields below the table."""
        return (self[name] for name in (*sketch.POINTERS, "summary"))

    def clean(self) -> dict[str, Any]:
        """Check all that the long form checks, each fault at its field."""
        data = super().clean() or {}
        if self.errors:
            return data
        for at, row in enumerate(self.begun.rows):
            if row.may_change and data[f"kind-{at}"] == field_kinds.CHOICE and not self._choices(data, at, row):
                self.add_error(f"choices-{at}", _("Enter the choices, comma-separated."))
        if not self.errors:
            for name, fault in self.made().faults(frozenset({"policy", "target"})):
                self.add_error(ROLE_FAULTS.get(name), fault)
        return data

    def _choices(self, data: Mapping[str, Any], at: int, row: Row) -> tuple[str, ...]:
        typed = str(data.get(f"choices-{at}") or "")
        if typed == ", ".join(row.choices):
            return row.choices
        return tuple(dict.fromkeys(each.strip() for each in typed.split(",") if each.strip()))

    def made(self) -> Sketch:
        """The sketch with the fields as they were typed."""
        data = self.cleaned_data
        rows = tuple(
            replace(
                row,
                title=data[f"title-{at}"],
                kind=data.get(f"kind-{at}", row.kind),
                is_required=data.get(f"needed-{at}", row.is_required),
                choices=self._choices(data, at, row),
            )
            for at, row in enumerate(self.begun.rows)
        )
        chosen = Roles(**{name: data.get(name, "") for name in sketch.POINTERS})
        return replace(
            self.begun,
            rows=rows,
            schema=inference.edited(self.begun.schema, rows),
            roles=chosen,
            summary=data["summary"],
            data_classes=inference.data_classes(rows),
        )


PARTS = ("title", "kind", "needed", "choices")
ROLES = {
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency of the amount"),
    "subject": gettext_lazy("Who or what it is about"),
    "reference": gettext_lazy("Document number"),
}

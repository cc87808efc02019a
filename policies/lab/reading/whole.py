"""A whole policy in words, and what two versions of it say differently."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.engine.document.parse import Document
from policies.engine.values.said import message, say
from policies.lab.builder.fields import Field
from policies.lab.reading import pictures, rules_and_plans, tables
from policies.lab.reading.parts import Item, Section, Words, then
from policies.lab.reading.pictures import Picture

_ABOUT, _TABLES, _TESTS = message("About"), message("Amounts, confidence, and risk"), message("Tests")


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy in words: its pictures, then its sections, without those that say nothing."""

    pictures: tuple[Picture, ...]
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """Return one section, or None if the policy has none such."""
        return next((each for each in self.sections if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version says of something, and what the other says; empty where it says nothing."""

    section: str
    item: Item
    was: tuple[Words, ...] = ()
    now: tuple[Words, ...] = ()

    @property
    def kind(self) -> str:
        """Whether it was added, removed or changed."""
        return "added" if not self.was else "removed" if not self.now else "changed"


def of(document: Document, known: Mapping[str, Field]) -> Reading:
    """Return a policy in words; `known` are the fields of conditions with their labels."""
    found = (
        rules_and_plans.rules(document, known),
        rules_and_plans.plans(document, known),
        tables.reversibility(document),
        rules_and_plans.tiers(document),
        tables.budgets(document),
        tables.missing(document),
        tables.others(document),
    )
    return Reading(pictures.pictures(document), tuple(section for section in found if section.items))


def differences(old: Document, new: Document, known: Mapping[str, Field]) -> tuple[Difference, ...]:
    """Return what two versions say differently, section by section and thing by thing."""
    before, after = (dict(_items(document, known)) for document in (old, new))
    return tuple(
        Difference(place[0], after.get(place) or before[place], _words(before.get(place)), _words(after.get(place)))
        for place in dict.fromkeys((*after, *before))
        if _words(before.get(place)) != _words(after.get(place))
    )


def _items(document: Document, known: Mapping[str, Field]) -> Iterator[tuple[tuple[str, str], Item]]:
    reading = of(document, known)
    head = (
        Item("title", "", message("Title"), (document.title,)),
        Item("about", "", message("Description"), (document.about,) if document.about else ()),
    )
    yield from (((_ABOUT, item.key), item) for item in head)
    for picture in reading.pictures:
        item = Item(picture.key, "", picture.title, picture.sentences)
        yield (_TABLES, picture.key), item
    for section in reading.sections:
        yield from (((section.title, item.key), item) for item in section.items)
    yield from (((_TESTS, item.key), item) for item in _tests(document))


def _tests(document: Document) -> Iterator[Item]:
    """Yield the tests; what each is given is only told as text."""
    written = json.loads(document.canonical).get("tests", ()) if document.canonical else ()
    for test, body in zip(document.tests, written, strict=False):
        expected = say("It expects: {then}.", then=then(test.outcome))
        text = json.dumps({name: body[name] for name in ("given", "expect")}, ensure_ascii=False)
        yield Item(test.name, test.name, "", (expected,), text, is_text=True)


def _words(item: Item | None) -> tuple[Words, ...]:
    """The sentences; where these do not tell the whole condition, its text too."""
    if item is None:
        return ()
    return (*item.sentences, item.text) if item.is_text else item.sentences

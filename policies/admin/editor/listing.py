"""The rules, plans and tests of a draft as lists, and what past actions offer to those who write conditions."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from policies.admin.editor.cells import name_of
from policies.admin.editor.draft import Judged
from policies.lab import glossary
from policies.lab.builder import words
from policies.lab.builder.fields import Field
from policies.queries import past_cases
from policies.words import in_words

_WITH_FACTS = ("rules", "plans", "text")


def _said(item: Any, known: Mapping[str, Field]) -> str:
    """The condition of a rule in words, or nothing if only its text can say it."""
    when = item.get("when") if isinstance(item, dict) else None
    sentence = words.said(when, known) if isinstance(when, str) else None
    return in_words(sentence) if sentence else ""


def listed(found: Judged, part: str, known: Mapping[str, Field]) -> list[dict[str, Any]]:
    """List the rules, plans or tests with their faults and test results."""
    items = found.body.get(part) if part in ("rules", "plans", "tests") and found.can_be_edited else None
    named = items.items() if isinstance(items, dict) else enumerate(items if isinstance(items, list) else ())
    return [
        {
            "item": item if isinstance(item, dict) else {},
            "key": key,
            "name": name_of((part, key)),
            "go": f"{part}/{place}",
            "faults": [
                fault
                for fault in found.faults
                if not fault.field and f"{fault.name}/".startswith(f"{name_of((part, key))}/")
            ],
            "failing": found.failing.get(place, "") if part == "tests" else "",
            "said": _said(item, known) if part == "rules" else "",
        }
        for place, (key, item) in enumerate(named)
    ]


def history(request: HttpRequest, found: Judged, part: str, *, is_open: bool) -> dict[str, Any]:
    """Return what comes from past actions: action types, inputs with sample values, and actions to try."""
    name = str(found.body.get("policy", "")) if found.can_be_edited else ""
    if part == "tests":
        return {"past": past_cases.source().latest(request.user, name)}
    if part not in _WITH_FACTS or not is_open:
        return {}
    kinds = past_cases.source().kinds()
    usual = next((kind.name for kind in kinds if kind.policy == name), "")
    chosen = next((kind.name for kind in kinds if kind.name == request.POST.get("kind")), usual)
    samples = past_cases.source().samples(request.user, chosen) if chosen else ()
    return {
        "kinds": kinds,
        "chosen": chosen,
        "payload_words": glossary.payload_words(samples),
        "facts": glossary.with_samples(_facts(), samples),
        "counted": glossary.with_samples(glossary.counted(), samples),
        "functions": glossary.FUNCTIONS,
    }


def _facts() -> tuple[glossary.Word, ...]:
    """Return the facts; the client only where there are clients."""
    has_clients = past_cases.source().has_clients()
    return tuple(word for word in glossary.FACTS if has_clients or word.name != glossary.CLIENT)

"""Trying a draft on one case: a past action, or facts or a proposal that were pasted; and keeping it as a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.document.parse import Document
from policies.engine.document.source_text import SourceFault, read
from policies.lab.explain import Case, Explanation, explain
from policies.lab.written_input import NotFacts, as_test, read_facts
from policies.queries import past_cases

# What an agent sends besides facts; a pasted text with any of it is a proposal.
_OF_PROPOSALS = frozenset({"instruction", "reasoning", "evidence", "thread", "expires_at"})
MAX_PASTED_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: the explanation, or the sentence that says why there is none."""

    label: str = ""
    explanation: Explanation | None = None
    refusal: str = ""


def tried(document: Document | None, person: Any, typed: Mapping[str, str]) -> Tried:
    """Try the document on what was asked for; nothing is stored."""
    if document is None:
        return Tried(refusal=_("The draft cannot be used yet, so there is nothing to try. Mend what is wrong first."))
    try:
        case = _case(document, person, typed)
    except (SourceFault, NotFacts) as fault:
        return Tried(refusal=str(fault))
    if case is None:
        return Tried(refusal=_("There is no such action that you may see."))
    return Tried(case.label, explain(document, case))


def with_test(document: Document, body: Mapping[str, Any], found: Tried, name: str) -> dict[str, Any]:
    """The document's value with a test made of a try; a name that is taken gets a number."""
    if found.explanation is None:
        return dict(body)
    tests = list(body.get("tests", ()))
    taken = {test.get("name") for test in tests if isinstance(test, Mapping)}
    wanted = (name.strip() or _("as tried"))[:110]
    names = [wanted, *(f"{wanted} {number}" for number in range(2, 202))]
    free = next((each for each in names if each not in taken), wanted)
    return {**body, "tests": [*tests, as_test(free, document, found.explanation.facts)]}


def _case(document: Document, person: Any, typed: Mapping[str, str]) -> Case | None:
    if pasted := typed.get("try_facts", "").strip():
        return _pasted(document, pasted[: MAX_PASTED_LENGTH + 1])
    wanted = typed.get("try_id", "").strip() or typed.get("try_action", "")
    return past_cases.source().past(person, wanted, document)


def _pasted(document: Document, text: str) -> Case:
    if len(text) > MAX_PASTED_LENGTH:
        raise SourceFault(_("What was pasted is too long to be tried. Leave out what no condition looks at."))
    given = read(text)
    if isinstance(given, Mapping) and _is_proposal(given):
        found = past_cases.source().proposed(given, document)
        if found is None:
            raise SourceFault(_("A proposal needs an action_type that is known, and a payload."))
        return Case(facts=read_facts(found.given), label=_("a proposal"), schema=found.schema, others=found.others)
    return Case(facts=read_facts(given), label=_("the facts that were pasted"))


def _is_proposal(given: Mapping[str, Any]) -> bool:
    """Whether it is what an agent sends: words that only agents send, or a bare payload of a kind that is known."""
    bare = {"action_type", "payload"} <= set(given) and not {"amount", "amount_base", "currency"} & set(given)
    known = {kind.name for kind in past_cases.source().kinds()} if bare else ()
    named = given.get("action_type")
    return bool(_OF_PROPOSALS & set(given)) or (isinstance(named, str) and named in known)

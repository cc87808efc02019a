"""Try a draft on a past action, pasted input or a pasted proposal, and save the case as a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.document.parse import Document
from policies.engine.document.source_text import SourceFault, read
from policies.lab.explain import Case, Explanation, explain
from policies.lab.written_input import NotFacts, as_test, read_facts
from policies.queries import past_cases

# Fields that only proposals have; a pasted text with any of them is a proposal.
_OF_PROPOSALS = frozenset({"instruction", "reasoning", "evidence", "thread", "expires_at"})
MAX_PASTED_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a try: an explanation, or the reason why there is none."""

    label: str = ""
    explanation: Explanation | None = None
    refusal: str = ""


def tried(document: Document | None, person: Any, typed: Mapping[str, str]) -> Tried:
    """Try the document on the chosen case; nothing is stored."""
    if document is None:
        return Tried(refusal=_("The draft has errors. Fix them before you try the draft."))
    try:
        case = _case(document, person, typed)
    except (SourceFault, NotFacts) as fault:
        return Tried(refusal=str(fault))
    if case is None:
        return Tried(refusal=_("The action does not exist, or you do not have access to it. Check the ID."))
    return Tried(case.label, explain(document, case))


def with_test(document: Document, body: Mapping[str, Any], found: Tried, name: str) -> dict[str, Any]:
    """Add the tried case as a test; a number makes its name unique."""
    if found.explanation is None:
        return dict(body)
    tests = list(body.get("tests", ()))
    taken = {test.get("name") for test in tests if isinstance(test, Mapping)}
    wanted = (name.strip() or _("test case"))[:110]
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
        raise SourceFault(_("The pasted text is too long. Remove values that no condition uses."))
    given = read(text)
    if isinstance(given, Mapping) and _is_proposal(given):
        found = past_cases.source().proposed(given, document)
        if found is None:
            raise SourceFault(_("The proposal needs a known action_type and a payload."))
        return Case(facts=read_facts(found.given), label=_("pasted proposal"), schema=found.schema, others=found.others)
    return Case(facts=read_facts(given), label=_("pasted input"))


def _is_proposal(given: Mapping[str, Any]) -> bool:
    """Whether this is a proposal: it has fields of proposals, or only a known action type and a payload."""
    bare = {"action_type", "payload"} <= set(given) and not {"amount", "amount_base", "currency"} & set(given)
    known = {kind.name for kind in past_cases.source().kinds()} if bare else ()
    named = given.get("action_type")
    return bool(_OF_PROPOSALS & set(given)) or (isinstance(named, str) and named in known)

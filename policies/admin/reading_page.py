"""One readable page for each policy: pictures, rules and plans in words, and its versions with their differences."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from policies.engine.document.parse import HOUSE, Document
from policies.lab import compare, findings
from policies.lab.builder.fields import Field
from policies.lab.reading import whole
from policies.lab.reading.parts import Words
from policies.lab.reading.pictures import Picture
from policies.models import Policy
from policies.models.policy import VersionState
from policies.queries import policy_page
from policies.queries.policy_page import Listed
from policies.words import in_words


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stretch on the page, in percent of the picture's width; a template would write them with a comma."""

    tone: str
    word: str
    until: Words
    start: str
    width: str
    middle: str
    end: str


def drawn(picture: Picture) -> list[Drawn]:
    """Return the stretches of a picture with their places."""
    total, at, found = sum(each.share for each in picture.stretches), 0.0, []
    for each in picture.stretches:
        width = 100 * each.share / total
        found.append(
            Drawn(
                str(each.outcome or "none"),
                each.word,
                each.until,
                _percent(at),
                _percent(width),
                _percent(at + width / 2),
                _percent(at + width),
            )
        )
        at += width
    return found


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def show(request: HttpRequest, policy: Policy, number: int | None, **extra: Any) -> HttpResponse:
    """Show one version of a policy: by its number, or the one in force."""
    listed = policy_page.versions_of(policy)
    here = policy_page.chosen(listed, number)
    if here is None and number is not None:
        raise Http404
    context = {
        **admin.site.each_context(request),
        "title": policy.title,
        "opts": Policy._meta,
        "policy": policy,
        "is_global": policy.name == HOUSE,
        "versions": listed,
        "here": here,
        "in_force": next((each for each in listed if each.version.state == VersionState.PUBLISHED), None),
        "can_draft": request.user.has_perm("policies.add_version"),
        **(_read(request, policy, listed, here) if here else {}),
        **extra,
    }
    return TemplateResponse(request, "policies/policy.html", context)


def _read(request: HttpRequest, policy: Policy, listed: Sequence[Listed], here: Listed) -> dict[str, Any]:
    known = policy_page.fields_of(policy.name)
    document = policy_page.document_of(here.version)
    reading = whole.of(document, known) if document else None
    return {
        "document": document,
        "pictures": [(picture, drawn(picture)) for picture in reading.pictures] if reading else [],
        "sections": reading.sections if reading else (),
        "kinds": policy_page.kinds_of(policy.name, request.user),
        "obstacle": _obstacle(document, listed, here),
        "is_mine": here.version.drafted_by_id == request.user.pk,
        **_compared(request, listed, here, known),
    }


def _obstacle(document: Document | None, listed: Sequence[Listed], here: Listed) -> str:
    """Why a draft need not be sent for publication; empty if it can be."""
    if document is None or here.version.state != VersionState.DRAFT:
        return ""
    in_force = next((each for each in listed if each.version.state == VersionState.PUBLISHED), None)
    if in_force is None:
        empty = next(findings.of_emptiness(document), None)
        return in_words(empty.sentence) if empty else ""
    if in_force.version.number > here.version.number:
        return _("A newer version is in force, so this draft is out of date.")
    bodies = [json.loads(policy_page.canonical_of(each.version)) for each in (in_force, here)]
    return _("This draft is the same as the version in force. Change it first.") if compare.is_same(*bodies) else ""


def _compared(
    request: HttpRequest, listed: Sequence[Listed], here: Listed, known: Mapping[str, Field]
) -> dict[str, Any]:
    """Compare with the version that was asked for; a draft is compared with the version in force."""
    others = [each for each in listed if each is not here]
    typed = request.GET.get("against", "")
    if typed.isdecimal() and len(typed) < 10:
        other = policy_page.chosen(others, int(typed))
    else:
        in_force = (each for each in others if each.version.state == VersionState.PUBLISHED)
        other = next(in_force, None) if here.version.state == VersionState.DRAFT else None
    if other is None:
        return {"others": others}
    old, new = policy_page.document_of(other.version), policy_page.document_of(here.version)
    if old is None or new is None:
        return {"others": others, "other": other, "is_unreadable": True}
    found = whole.differences(old, new, known)
    bodies = [json.loads(policy_page.canonical_of(each.version)) for each in (other, here)]
    return {
        "others": others,
        "other": other,
        "differences": list(_grouped(found)),
        "plainly": [] if found else compare.differences(*bodies),
    }


def _grouped(found: Sequence[whole.Difference]) -> Iterator[tuple[str, list[whole.Difference]]]:
    for section in dict.fromkeys(each.section for each in found):
        yield section, [each for each in found if each.section == section]

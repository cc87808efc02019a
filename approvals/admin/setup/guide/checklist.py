"""The checklist of a new installation, for administrators, until all is done or they dismiss it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.model_admin import person_of
from approvals.queries.accounts import set_up_progress

# A wish of this browser alone, so it needs no row.
COOKIE, DISMISSED = "hitl_checklist", "dismissed"
NEEDED = ("approvals.add_actiontype", "approvals.add_person")
LINES = {
    "people": (_("Add people and their desks"), "admin:approvals_person_add", "approvals.add_person"),
    "kind": (_("Set up an action type"), "admin:new_kind", "approvals.add_actiontype"),
    "policy": (_("Put its policy in force"), "admin:policies_policy_changelist", "policies.view_policy"),
    "agent": (_("Connect an agent with a key"), "admin:approvals_actiontype_changelist", "approvals.view_actiontype"),
    "decision": (_("Decide on a first action"), "admin:inbox", ""),
    "administrator": (_("Add a second administrator"), "admin:approvals_person_changelist", "approvals.view_person"),
    "mail": (_("See that a mail arrives"), "admin:preferences", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what to do, where (empty where this person may not), and whether it is done."""

    text: Any
    address: str
    is_done: bool


def lines(request: HttpRequest) -> list[Line]:
    """The lines of the checklist; none for others than administrators, once all is done, or once it is dismissed."""
    if request.COOKIES.get(COOKIE) == DISMISSED or not person_of(request).has_perms(NEEDED):
        return []
    found = list(_lines(request))
    return [] if all(line.is_done for line in found) else found


def _lines(request: HttpRequest) -> Iterator[Line]:
    person = person_of(request)
    done = set_up_progress.progress(person)
    for name, (text, view, right) in LINES.items():
        may_open = not right or person.has_perm(right)
        yield Line(text, reverse(view) if may_open else "", getattr(done, name))

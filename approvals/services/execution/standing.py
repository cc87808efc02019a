"""Whether those who approved an action could approve it still, asked right before it is carried out. Questions.

    what no longer holds                                          what is said
 1  they are deactivated, here or in the directory                they can no longer decide
 2  they decided as a member of the stage's desk, and are none    they have left that desk
 3  the same is so of whoever delegated the authority to them     the delegator's name

A delegation or break-glass grant that has ended since is no objection: it was meant to end.
"""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from approvals.authority import memberships
from approvals.models import Decision, Membership
from approvals.models.people import active_person
from approvals.services.execution.attempts import LockedExecution
from approvals.states import GRANTED


def lost(held: LockedExecution) -> Iterator[str]:
    """Say of each person who granted what is there now, why they could not by now; one statement, if there is any."""
    by_people = [each.pk for each in held.grants if each.person_id is not None]
    # What was sent already is not undone by who has left since.
    if not by_people or held.action.state not in GRANTED:
        return
    given = Decision.objects.filter(pk__in=by_people)
    for_client = memberships.for_client_of("action__client")
    seat = Membership.objects.filter(for_client, person=OuterRef("whose"), desk=OuterRef("stage__desk"))
    rows = given.annotate(whose=Coalesce("delegator", "person"))
    rows = rows.annotate(
        is_active=Exists(given.filter(active_person("person"), pk=OuterRef("pk"))),
        is_lent_by_nobody=Exists(given.filter(~active_person("delegator"), pk=OuterRef("pk"), delegator__isnull=False)),
        # Not by when the membership ended: a removal that was under way at the decision has an earlier time.
        has_left=Q(~Exists(seat), is_by_member=True),
        desk_name=F("stage__desk__name"),
    )
    for row in rows.select_related("person", "delegator").order_by("at", "id"):
        if not row.is_active:
            yield f"{row.person}, who approved it, is no longer active"
        elif row.is_lent_by_nobody:
            yield f"{row.delegator}, for whom {row.person} approved it, is no longer active"
        elif row.has_left:
            yield f"{row.delegator or row.person}, by whose authority it was approved, has left {row.desk_name}"

"""By which authority an action is stopped: a colleague's, or that of an emergency; each is recorded as such."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from approvals.actors import Actor, Door
from approvals.authority import break_glass as break_glass_access
from approvals.errors import NotAllowed, NotFound
from approvals.models import Action, BreakGlass, LedgerEntry, Person, StopRequest
from approvals.queries.record import timeline
from approvals.services.ends import cancel, early
from approvals.services.safety import break_glass
from tests import world
from tests.delegating import lend
from tests.services.ends.given import executed
from tests.services.ends.test_cancel import sent
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]
Stop = Callable[..., Action]
WAYS = pytest.mark.parametrize(("stop", "made"), [
    (early.end, executed), (cancel.ask, lambda here: sent(here)[0]),
])  # fmt: skip


def in_an_emergency(here: World) -> tuple[Person, BreakGlass]:
    """Somebody from elsewhere who has broken the glass of the desk."""
    helper = world.person("helper")
    helper.set_password("Correct horse 1")
    helper.save()
    helper.groups.add(Group.objects.get(name="Break-glass"))
    helper = Person.objects.get(pk=helper.pk)
    given = {"desk": here.desk.slug, "reason": "Nobody is there.", "password": "Correct horse 1"}
    return helper, break_glass.start(actor=Actor(Door.ADMIN, person=helper), at=NOON, **given)


def by(who: Person, stop: Stop, action: Action) -> Action:
    return stop(actor=Actor(Door.ADMIN, person=who), at=NOON, action_id=action.pk, rationale="Wrong.")


@WAYS
def test_under_break_glass_is_recorded_and_reviewed_as_such(
    here: World, stop: Stop, made: Callable[[World], Action]
) -> None:
    action = made(here)
    helper, glass = in_an_emergency(here)
    by(helper, stop, action)
    request = StopRequest.objects.get()
    assert (request.person, request.break_glass) == (helper, glass)
    assert break_glass_access.stops_under(glass, glass.person) == [request]
    assert "break_glass.used" in events(action)
    told = timeline.of_action(world.fresh(action)).moments
    assert any(each.reason.endswith("with break-glass access") and each.rationale == "Wrong." for each in told)


@WAYS
def test_for_another_is_recorded_as_such(here: World, stop: Stop, made: Callable[[World], Action]) -> None:
    action, friend = made(here), world.person("friend")
    with pytest.raises(NotFound):
        by(friend, stop, action)
    lend(here.senior, friend)
    by(friend, stop, action)
    request = StopRequest.objects.get()
    assert (request.person, request.delegator) == (friend, here.senior)
    assert f"person:{here.senior.pk}" in LedgerEntry.objects.get(pk=request.entry_id).data
    assert request.said.endswith("on behalf of senior") and str(request.by) == "friend on behalf of senior"


@WAYS
def test_by_ones_own_authority_names_neither(here: World, stop: Stop, made: Callable[[World], Action]) -> None:
    action = made(here)
    by(here.junior, stop, action)
    request = StopRequest.objects.get()
    assert (request.delegator, request.break_glass) == (None, None)
    assert "break_glass.used" not in events(action)


def test_with_access_that_has_just_ended_is_refused(here: World) -> None:
    action = executed(here)
    helper, glass = in_an_emergency(here)
    break_glass.close(actor=Actor(Door.ADMIN, person=helper), at=NOON, break_glass_id=glass.pk)
    with transaction.atomic():
        assert isinstance(break_glass_access.lock(glass), NotAllowed)
    with pytest.raises(NotFound):
        by(helper, early.end, action)

"""Changing an action type and taking a key that proposes it, at the same moment: one of the two is refused."""

import pytest
from django.db import connection, transaction

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed
from approvals.models import ActionType
from approvals.services.accounts import api_keys
from approvals.services.catalog import rows
from approvals.states import Mode
from policies import db
from tests import world
from tests.races.test_verdicts import rush

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.mark.parametrize("time", range(5 if connection.vendor == "postgresql" else 2))
def test_nobody_does_both_at_once(time: int) -> None:
    here = world.make()
    actor = Actor(Door.ADMIN, person=here.owner)

    def loosen() -> None:
        kind = ActionType.objects.get(pk=here.kind.pk)
        kind.mode = Mode.AUTONOMOUS
        with transaction.atomic():
            rows.save(kind, actor, ["mode"])

    def issue() -> None:
        api_keys.issue(actor=actor, at=db.now(), agent=here.agent, scopes=["propose:*"])

    answers = rush([loosen, issue])
    assert [type(answer) for answer in answers if answer is not None] == [NotAllowed]

"""A desk with people, an agent and an action type that mails: made within the office's HITL, which runs this."""

import json
from datetime import timedelta

from approvals.actors import Actor, Door, system
from approvals.services.accounts import api_keys
from policies import db
from tests import world


def keys() -> str:
    """Make everything, and return the keys of the agent and of the reviewer as JSON."""
    here, now = world.make(connector="email", undo_seconds=0), db.now()
    agent = api_keys.issue(
        actor=system(Door.COMMAND), at=now, agent=here.agent, scopes=["propose:*", "read:own"]
    )  # fmt: skip
    person = api_keys.issue(
        actor=Actor(Door.ADMIN, person=here.junior), at=now, person=here.junior, scopes=["read", "decide"],
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    return json.dumps({"agent": agent.plain, "person": person.plain})

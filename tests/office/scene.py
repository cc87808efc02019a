"""What the trial does on its machine, run there within HITL: `python -m tests.office.scene`.

It makes a desk with people, an agent, and an action type that sends emails, and prints their keys as JSON.
"""

import json
from datetime import UTC, datetime, timedelta

import django

django.setup()

from approvals.actors import Actor, Door, system  # noqa: E402
from approvals.services.accounts import api_keys  # noqa: E402
from tests import world  # noqa: E402


def main() -> None:
    here, now = world.make(connector="email", undo_seconds=0, automation_requires=[]), datetime.now(UTC)
    agent = api_keys.issue(actor=system(Door.COMMAND), at=now, agent=here.agent, scopes=["propose:*", "read:own"])
    person = api_keys.issue(
        actor=Actor(Door.ADMIN, person=here.junior), at=now, person=here.junior, scopes=["read", "decide"],
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    print(json.dumps({"agent": agent.plain, "person": person.plain}))  # noqa: T201


if __name__ == "__main__":
    main()

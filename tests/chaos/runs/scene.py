"""The world of a run, made in its database by `manage.py shell`: kinds of actions, reviewers, and their keys."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management import call_command

from approvals.actors import Door, system
from approvals.models import Person
from approvals.services.accounts import api_keys
from policies.db import now
from tests import world

ACTOR = system(Door.COMMAND)
MAIL_FIELDS = {name: {"type": "string", "title": name.title()} for name in ("to", "subject", "body")}


def prepare(url: str) -> None:
    """Do what a release does before it starts anything, then make the world."""
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("grant_app_role", "hitl_app", stdout=sys.stderr)
    make(url)


def make(url: str) -> None:
    """Make the world and print the keys; `url` is the other side's."""
    here = world.make(connector="http", undo_seconds=1, target={"url": f"{url}/neither"})
    here.set_kind(name="chaos.neither")
    more: dict[str, dict[str, Any]] = {
        "chaos.dedupes": {"connector": "http", "target": {"url": f"{url}/dedupes", "dedupes": True}},
        "chaos.askable": {
            "connector": "http", "target": {"url": f"{url}/askable", "lookup": f"{url}/effects/{{key}}"}
        },
        "chaos.mail": {
            "connector": "email", "target": {},
            "schema": world.SCHEMA | {"properties": world.SCHEMA["properties"] | MAIL_FIELDS},
        },
    }  # fmt: skip
    for name, fields in more.items():
        world.invoice_type(here.desk, name=name, title=name, undo_seconds=1, **fields)
    agent = api_keys.issue(actor=ACTOR, at=now(), agent=here.agent, scopes=["propose:*", "read:own"])
    keys = {"agent": agent.plain, "reviewers": [_token(person) for person in (here.junior, here.senior)]}
    sys.stdout.write(json.dumps(keys) + "\n")


def _token(person: Person) -> str:
    until = now() + timedelta(days=30)
    scopes = ["read", "decide"]
    return api_keys.issue(actor=ACTOR, at=now(), person=person, scopes=scopes, expires_at=until).plain

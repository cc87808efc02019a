"""A world whose lists are long: two rows are too many for a file at once, and a page holds two."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.models import Export, Person
from approvals.services.exports import requests, writing
from tests import world
from tests.world import NOON, World

WORKER = system(Door.CELERY)
ACTIONS = "approvals.action"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HITL_HOME = tmp_path
    monkeypatch.setattr(requests, "MAX_SMALL", 2)
    monkeypatch.setattr(writing, "PAGE_ROWS", 2)
    return tmp_path / "exports"


@pytest.fixture
def reader(here: World) -> Person:
    return may_read(here.junior)


def may_read(person: Person, *groups: str) -> Person:
    person.groups.set(Group.objects.filter(name__in=groups or ["Reviewers"]))
    return Person.objects.get(pk=person.pk)


def ask(who: Person, query: str = "", name: str = "csv", source: str = ACTIONS, **more: object) -> requests.Asked:
    columns = more.get("columns", ["id", "amount", "final_verdict"])
    return requests.ask(
        actor=Actor(Door.ADMIN, person=who), at=NOON, source=source, query=query, name=name, columns=columns
    )


def write(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Let a worker write what is due."""
    return writing.run_due(actor=WORKER, clock=world.now, is_stopping=is_stopping)


def after(turns: int) -> Callable[[], bool]:
    """Ask to stop after so many questions whether to."""
    asked: Iterator[bool] = iter([False] * turns)
    return lambda: next(asked, True)


def fresh(export: Export) -> Export:
    return Export.objects.get(pk=export.pk)

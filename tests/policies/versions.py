"""Two people and a text, which every change of a policy needs."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AbstractBaseUser

from approvals.models import Person
from policies.models import Version
from policies.services import versions

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEXT = """\
policy: invoices
title: Invoices
rules:
  - {name: small, when: 'amount <= 500.0', outcome: auto, says: Small.}
"""


@pytest.fixture
def author(db: None) -> AbstractBaseUser:
    """Somebody who drafts."""
    return Person.objects.create_user("author")


@pytest.fixture
def second(db: None) -> AbstractBaseUser:
    """Somebody else, who publishes."""
    return Person.objects.create_user("second")


@pytest.fixture
def drafted(author: AbstractBaseUser) -> Callable[..., Version]:
    """Drafts the next version of the invoices policy."""

    def draft(text: str = TEXT, name: str = "invoices") -> Version:
        return versions.draft(actor_person=author, door="admin", name=name, source=text, at=AT)

    return draft


@pytest.fixture
def published(drafted: Callable[..., Version], second: AbstractBaseUser) -> Callable[..., Version]:
    """Drafts and publishes the next version of the invoices policy."""

    def publish(text: str = TEXT, name: str = "invoices") -> Version:
        version = drafted(text, name)
        return versions.publish(
            actor_person=second, door="admin", name=name, number=version.number, digest=version.digest, at=AT
        )

    return publish

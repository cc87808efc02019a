"""The world that is made once for a whole file; each press in it is rolled back."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import override_settings
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker

from policies import db
from tests.admin.offers import everything
from tests.admin.offers.everything import Everything
from tests.admin.offers.walk import rolled_back
from tests.doubles import NAMES, fresh_connector


class Outside:
    """The connection as if no transaction were open: an errand refuses to run inside one."""

    in_atomic_block = False

    def __getattr__(self, name: str) -> object:
        return getattr(connection, name)


def _unwatched(template: Template, context: Context) -> SafeString:
    """Render without telling what was rendered, which a test's client otherwise copies at great length."""
    return template.nodelist.render(context)


@pytest.fixture(scope="module")
def outside(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for a whole file, in which services run as they do outside of tests; all is rolled back."""
    with (
        django_db_blocker.unblock(),
        override_settings(HITL_CONNECTORS=NAMES),
        patch.object(db, "connection", Outside()),
        patch.object(Template, "_render", _unwatched),
        rolled_back(),
    ):
        yield


@pytest.fixture(scope="module")
def world(outside: None) -> Everything:
    """The world, made once; every press is rolled back."""
    return everything.make(fresh_connector())

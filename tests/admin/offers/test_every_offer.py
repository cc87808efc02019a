"""Whatever a page offers works: every role presses every link and button of every page."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db import connection
from django.db.models import Model
from django.template import Context, Template
from django.test import override_settings
from django.urls import reverse
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker

from policies import db
from tests.admin.offers import everything
from tests.admin.offers.everything import ROLES, Everything
from tests.admin.offers.walk import Walk, kind_of, rolled_back
from tests.doubles import NAMES, fresh_connector

pytestmark = pytest.mark.django_db
START = "/admin/"


class Outside:
    """The connection as if no transaction were open: an errand refuses to run inside one."""

    in_atomic_block = False

    def __getattr__(self, name: str) -> object:
        return getattr(connection, name)


def _unwatched(template: Template, context: Context) -> SafeString:
    """Render without telling what was rendered, which a test's client otherwise copies at great length."""
    return template.nodelist.render(context)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Everything]:
    """The world, made once; every press is rolled back."""
    with (
        django_db_blocker.unblock(),
        override_settings(HITL_CONNECTORS=NAMES),
        patch.object(db, "connection", Outside()),
        patch.object(Template, "_render", _unwatched),
        rolled_back(),
    ):
        yield everything.make(fresh_connector())


@pytest.fixture(scope="module")
def walks(world: Everything) -> dict[str, Walk]:
    """Each role's walk; what it pressed on one page it does not press on the next."""
    return {role: Walk(world.signed_in(role)) for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_what_the_pages_offer_is_not_refused(walks: dict[str, Walk], role: str) -> None:
    walk, seen, ahead, refused = walks[role], set[str](), [START], list[str]()
    while ahead:
        address = ahead.pop()
        kind = kind_of(address)
        if kind in seen or "/review/" in kind:
            continue
        seen.add(kind)
        refused += walk.refused_on(address, "")
        ahead += walk.linked_from(address)
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize("role", ROLES)
def test_what_the_page_of_an_action_offers_is_not_refused(world: Everything, walks: dict[str, Walk], role: str) -> None:
    refused = [
        f"{state} - {each}"
        for state, action in world.states.items()
        for each in walks[role].refused_on(f"/admin/approvals/action/{action.pk}/review/", state)
    ]
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize("model", site._registry, ids=lambda model: model.__name__)
def test_a_record_links_only_to_what_its_reader_may_open(world: Everything, model: type[Model]) -> None:
    row = model._default_manager.order_by("-pk").first()
    if row is None:
        pytest.skip("The world has no such row.")
    with rolled_back():
        client = world.signed_in_to_read(model)
        address = reverse(admin_urlname(model._meta, "change"), args=[row.pk])
        answer = client.get(address)
        assert answer.status_code == 200
        assert not Walk(client).refused_on(address, "")

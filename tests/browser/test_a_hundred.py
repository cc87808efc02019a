"""A hundred mixed actions, decided by keyboard alone: each planted fault is caught, a routine one takes one key."""

from collections import Counter
from random import Random

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action
from tests import world
from tests.browser import hundred
from tests.browser.conftest import signed_in


@pytest.mark.timeout(600)
def test_a_hundred_are_decided_by_keyboard_alone(
    context: BrowserContext, transactional_db: None, live_server: LiveServer
) -> None:
    here = hundred.found(world.person("owner"))
    here.junior.groups.add(Group.objects.get(name="Reviewers"))
    meant = hundred.plant(here, Random(7))
    assert len(meant) == 100
    desk = signed_in(context, live_server, here.junior)
    done = hundred.decide_all(desk, live_server.url, 120)
    assert desk.url.split("?")[0].endswith("/admin/inbox/")
    assert Counter(each.action for each in done) == Counter(meant.keys())  # each once, none left out
    outcomes = {pk: hundred.outcome(Action.objects.get(pk=pk)) for pk in meant}
    wrong = [(meant[each.action], outcomes[each.action], each.saw) for each in done]
    assert [each for each in wrong if each[0].verdict != each[1]] == []
    keys = {verdict: {each.keys for each in done if each.verdict == verdict} for verdict in hundred.DO}
    assert keys == {"approve": {1}, "reject": {1}, "escalate": {1}, "modify": {3}, "ask": {3}}
    assert Counter(what.verdict for what in meant.values())["reject"] == 14
    assert len(set(Action.objects.values_list("risk", flat=True))) >= 4, "risks are mixed"

"""Refusals: people read them in their language, machines and the record in English."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from approvals.actors import Actor, Door
from approvals.errors import WrongState
from approvals.services.accounts import preferences
from approvals.services.decisions import claims, notes
from tests import world
from tests.admin.pages import address
from tests.world import NOON, World


class TestARefusal:
    def test_is_read_in_ones_language_with_what_stands_for_values(self, here: World) -> None:
        action = here.approved()
        with translation.override("de"), pytest.raises(WrongState) as refused:
            claims.take(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
        with translation.override("de"):
            assert refused.value.in_words == "Der Vorgang ist genehmigt und kann daher nicht übernommen werden."
        assert refused.value.message == "You cannot claim this action. Its state is “approved”."

    def test_leaves_what_people_wrote_as_it_is(self) -> None:
        refusal = WrongState("You cannot confirm this rule. Its state is “{state}”.", said={"state": "{brace} %s"})
        with translation.override("fr"):
            assert refusal.in_words == "La règle est {brace} %s et ne peut donc pas être confirmée."

    def test_stands_so_on_the_page(self, here: World, junior: Client) -> None:
        person = Actor(Door.ADMIN, person=here.junior)
        preferences.set_locale(actor=person, at=NOON, language="de", time_zone="Europe/Berlin")
        action = here.pending()
        notes.ask(actor=person, at=NOON, action_id=action.pk, text="Which order?")
        answer = junior.post(address(action, "ask"), {"text": "And?", "revision": 1})
        assert (
            "Es gibt schon eine offene Frage. Warten Sie auf die Antwort oder entscheiden Sie ohne sie." in answer.text
        )
        assert world.fresh(action).state == "pending"


class TestAPageThatSaysNo:
    def test_says_so_in_ones_language_where_the_form_was_too_old(self, here: World) -> None:
        preferences.set_locale(
            actor=Actor(Door.ADMIN, person=here.junior), at=NOON, language="de", time_zone="Europe/Berlin"
        )
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(here.junior)
        answer = browser.post(address(here.pending(), "decide"), {"verdict": "approve"})
        assert answer.status_code == 403
        assert '<html lang="de"' in answer.text
        with translation.override("de"):
            assert gettext("This page has expired") in answer.text

    def test_tells_nothing_of_what_is_not_ones_own(self, here: World, junior: Client) -> None:
        answer = junior.get("/admin/approvals/action/01a20137-2ff9-7d37-9e92-6ed8552f251b/review/")
        assert answer.status_code == 404
        assert "Page not found" in answer.text

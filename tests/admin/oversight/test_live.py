"""The page of what is in effect now, and ends on the page of an action."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Desk
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, edit, seen, show
from tests.services.ends.given import crash, end_due, executed, is_live, let_end, recover, states, tomorrow
from tests.services.ends.test_cancel import sent
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional"),
]


def page(client: Client) -> str:
    answer = client.get(reverse("admin:live"))
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheList:
    def test_shows_what_ends_first_and_for_whom(self, here: World, junior: Client) -> None:
        last = executed(here, until=None)
        first = executed(here, on_behalf_of="Ann Lee")
        text = page(junior)
        assert text.index(address(first)) < text.index(address(last))
        assert "Ann Lee" in text and "No end" in text and address(first, "end") in text

    def test_leaves_out_what_has_ended_and_what_never_was(self, here: World, junior: Client) -> None:
        let_end(action := executed(here))
        end_due()
        waits = here.pending(until=tomorrow())
        assert address(action) not in page(junior) and address(waits) not in page(junior)

    def test_is_of_the_desks_that_a_person_sees(self, here: World, compliance: Client) -> None:
        action = executed(here)
        assert address(action) in page(compliance) and address(action, "end") not in page(compliance)
        Desk.objects.create(slug="hr", name="HR")
        assert address(action) not in page(signed_in(world.person("stranger")))


class TestThePage:
    def test_ends_it_with_one_click(self, here: World, junior: Client) -> None:
        action = executed(here)
        assert "In effect until" in show(junior, action)
        answer = junior.post(address(action, "end"), {"rationale": "Done."}, follow=True)
        assert "This is being ended." in answer.content.decode()
        end_due()
        assert not is_live(action) and "Ended:" in show(junior, action)

    def test_says_until_when_before_it_is_decided(self, here: World, junior: Client) -> None:
        action = here.pending(until=tomorrow())
        assert action.until is not None
        assert f"{timezone.localtime(action.until):%Y-%m-%d}" in show(junior, action)

    def test_lets_a_reviewer_change_it(self, here: World, junior: Client) -> None:
        action = here.pending(until=tomorrow())
        sooner = timezone.localtime(world.now() + (tomorrow() - world.now()) / 2)
        typed = sooner.strftime("%Y-%m-%dT%H:%M")
        preview = junior.post(address(action, "modify"), seen(action) | {"until": typed})
        assert preview.status_code == 200 and "Until" in preview.content.decode()
        context = preview.context
        sent = seen(action) | {"payload": context["payload"], "until": context["until"]}
        assert junior.post(address(action, "modify"), sent).status_code == 302
        assert world.fresh(action).until == sooner.replace(second=0, microsecond=0)

    def test_asks_for_none_where_the_type_has_none(self, here: World, junior: Client) -> None:
        here.set_kind(ends="never")
        assert 'name="until"' not in show(junior, here.pending(), "?edit=1")
        assert edit(junior, here.pending(), amount="700.00").status_code == 200

    def test_is_refused_where_some_time_zone_cannot_show_it(self, here: World, junior: Client) -> None:
        action = here.pending(until=tomorrow())
        answer = junior.post(address(action, "modify"), seen(action) | {"until": "9999-12-31T23:59"})
        assert answer.status_code == 422 and "before the year 9999" in answer.content.decode()

    def test_asks_to_cancel_what_is_executed_now(self, here: World, junior: Client, compliance: Client) -> None:
        action, _claim = sent(here)
        assert "Ask to cancel" in show(junior, action) and "Ask to cancel" not in show(compliance, action)
        answer = junior.post(address(action, "cancel"), {"rationale": "A mistake."}, follow=True)
        text = answer.content.decode()
        assert "Requested to cancel" in text and "A mistake." in text
        for reader in (junior, compliance):
            page = show(reader, action)
            assert "asked to cancel this action" in page and address(action, "cancel") not in page

    def test_says_what_to_do_where_it_is_too_late_to_cancel(self, here: World, junior: Client) -> None:
        answer = junior.post(address(executed(here), "cancel"))
        assert answer.status_code == 409 and "no longer being executed" in answer.content.decode()

    def test_lets_a_person_settle_an_end_in_doubt(self, here: World, senior: Client, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        let_end(action := executed(here))
        crash()
        recover()
        assert "Mark as still in effect" in show(senior, action)
        senior.post(address(action, "resolve"), {"resolution": "happened", "rationale": "I looked."})
        assert (states(action), is_live(action)) == (["succeeded"], False)

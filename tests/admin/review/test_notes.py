"""What is said about an action on its page."""

import re

from django.test import Client

from approvals.models import Action, Note
from approvals.services.decisions import notes
from tests.admin.pages import address, press, show
from tests.world import NOON, World


def send(client: Client, action: Action, name: str, **fields: str) -> str:
    return client.post(address(action, name), fields, follow=True).content.decode()


class TestAComment:
    def test_stands_on_the_page_as_plain_text(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        send(junior, action, "comment", text="<b>Look</b> at the date.")
        page = show(senior, action)
        assert "&lt;b&gt;Look&lt;/b&gt; at the date." in page
        assert str(here.junior) in page

    def test_without_words_is_refused_with_a_sentence(self, here: World, junior: Client) -> None:
        assert "Enter some text." in send(junior, here.pending(), "comment", text=" ")
        assert not Note.objects.exists()

    def test_is_no_link_away(self, here: World, junior: Client) -> None:
        action = here.pending()
        assert junior.get(address(action, "comment"))["Location"] == address(action)
        assert junior.put(address(action, "comment")).status_code == 405


class TestAQuestion:
    def test_leaves_the_headers_number_of_pending_items_as_it_is(self, here: World, junior: Client) -> None:
        action = here.pending()
        for page in (show(junior, action), send(junior, action, "ask", text="Which order?")):
            assert re.search(r'class="count">\s*(\d+)', page)

    def test_shows_that_it_waits_and_then_its_answer(self, here: World, junior: Client) -> None:
        action = here.pending()
        assert "is-open" in send(junior, action, "ask", text="Which order?")
        notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="Order 7, <i>certainly</i>.")
        page = show(junior, action)
        assert "is-open" not in page
        assert "Order 7, &lt;i&gt;certainly&lt;/i&gt;." in page
        assert "(not verified)" in page

    def test_shows_whoever_asked_what_the_agent_changed_since(
        self, here: World, junior: Client, senior: Client
    ) -> None:
        action = here.pending()
        send(junior, action, "ask", text="Is the amount right?")
        payload = action.revision.payload | {"amount": 717.9}
        notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="A typo.", payload=payload)
        page = show(junior, action)
        assert "Changes since your question" in page
        assert "717.97" in page
        assert "Changes submitted with the answer" in show(senior, action)
        assert "717.97" in junior.get(address(action, "history")).content.decode()

    def test_answered_with_a_new_payload_makes_an_open_page_stale(self, here: World, junior: Client) -> None:
        action = here.pending()
        send(junior, action, "ask", text="Is the amount right?")
        payload = action.revision.payload | {"amount": 717.9}
        notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="A typo.", payload=payload)
        answer = press(junior, action, "approve")
        assert answer.status_code == 409
        assert "Changes since your question" in answer.content.decode()

    def test_is_in_the_history(self, here: World, junior: Client) -> None:
        action = here.pending()
        send(junior, action, "ask", text="Which order?")
        assert "Which order?" in junior.get(address(action, "history")).content.decode()

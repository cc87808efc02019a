"""The decision page: what it shows, what its buttons do, and what it refuses with a clear sentence."""

import json

import pytest
from django.test import Client

from approvals.actors import Actor, Door
from approvals.models import Action, ActionType, Decision, Desk, LedgerEntry, Membership, PolicyEvaluation, Revision
from approvals.services.accounts import preferences
from approvals.services.decisions import notes
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, confirm, edit, press, seen, show
from tests.doubles import CheckingConnector
from tests.world import NOON, World, fresh


class TestThePage:
    def test_says_what_would_happen_and_why_it_came(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(invoice_number="993548900", issuer="Coolblue B.V."))
        assert "Post invoice 993548900 from Coolblue B.V. for EUR 717.97" in page
        assert "above EUR 250.00" in page
        assert "717.97" in page

    def test_marks_what_is_missing_and_odd(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(payload={"issuer": "Mill", "currency": "EUR", "iban": "NL00BANK0000000000"}))
        assert "mark-missing" in page
        assert "not a valid IBAN" in page

    def test_shows_fields_beyond_the_schema_and_counts_them(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(secret_bonus="9999"))
        assert "1 field is not in the schema" in page
        assert "9999" in page

    def test_keeps_the_agents_words_inert(self, here: World, junior: Client) -> None:
        page = show(
            junior,
            here.pending(
                reasoning="<script>alert(1)</script> approve\u202e now",
                evidence=[{"label": "Site", "url": "javascript:alert(1)"}],
            ),
        )
        assert "<script>alert" not in page
        assert "U+202E" in page
        assert 'href="javascript:' not in page

    def test_shows_precedents_of_the_same_subject(self, here: World, junior: Client) -> None:
        former = here.pending(issuer="Saeco", invoice_number="OLD-1")
        world.decide("reject", former, here.junior, rationale="Paid already.")
        page = show(junior, here.pending(issuer="Saeco"))
        assert "Post invoice OLD-1 from Saeco" in page
        assert "Paid already." in page

    @pytest.mark.world(connector="checking")
    def test_says_what_the_connector_will_do(self, checking: CheckingConnector, here: World, junior: Client) -> None:
        checking.lines = ["Adds <b>\u202eMara to the group."]
        page = show(junior, here.pending())
        line = page.split('class="effect preview"')[1].split("</p>")[0]
        assert "Mara to the group.</bdi>" in line and "U+202E" in line
        assert "<b>" not in line and "\u202e" not in line

    def test_changes_nothing_by_being_looked_at(self, here: World, junior: Client) -> None:
        action = here.pending()
        entries = LedgerEntry.objects.count()
        for name in ("review", "decide", "modify", "undo", "resolve"):
            junior.get(address(action, name), {"verdict": "approve"})
            junior.head(address(action, name))
        assert fresh(action).state == "pending"
        assert LedgerEntry.objects.count() == entries

    def test_is_not_there_for_another_desk(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        client = signed_in(stranger, "Reviewers")
        action = here.pending()
        for name in ("review", "history", "csv", "change"):
            assert client.get(address(action, name)).status_code in {302, 404}, name
        assert press(client, action, "approve").status_code == 404
        assert client.get(f"/admin/approvals/action/{world.unknown_id()}/review/").status_code == 404

    def test_asks_for_a_login(self, here: World) -> None:
        answer = Client().get(address(here.pending()))
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]

    def test_offers_a_junior_no_button_on_a_senior_action(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(amount=9000))
        assert 'value="approve"' not in page
        assert "senior reviewer" in page


class TestApproving:
    def test_approves_what_was_seen_and_goes_to_the_next(self, here: World, junior: Client) -> None:
        first, second = here.pending(), here.pending()
        answer = press(junior, first, "approve", rationale="Checked.")
        assert answer.status_code == 302
        assert answer["Location"] == f"{address(second)}?done={first.pk}"
        decision = Decision.objects.get(action=first)
        assert (decision.person, decision.door, decision.reason) == (here.junior, "admin", "Checked.")
        assert fresh(first).state == "approved"

    def test_goes_to_the_inbox_after_the_last(self, here: World, junior: Client) -> None:
        assert press(junior, here.pending(), "approve")["Location"].startswith("/admin/inbox/")

    def test_offers_to_undo_it_on_the_next_page(self, here: World, junior: Client) -> None:
        action = here.pending()
        page = junior.get(press(junior, action, "approve")["Location"]).content.decode()
        assert address(action, "undo") in page
        junior.post(address(action, "undo"))
        assert fresh(action).state == "pending"
        assert fresh(action).round == 2

    @pytest.mark.parametrize(("verdict", "said"), [("reject", "You rejected"), ("escalate", "You escalated")])
    def test_offers_to_undo_other_decisions_too(self, here: World, junior: Client, verdict: str, said: str) -> None:
        action = here.pending()
        page = junior.get(press(junior, action, verdict)["Location"]).content.decode()
        assert said in page and address(action, "undo") in page
        junior.post(address(action, "undo"))
        assert fresh(action).state == "pending"

    def test_needs_the_token_against_forgery(self, here: World) -> None:
        action = here.pending()
        client = signed_in(here.junior, checks_csrf=True)
        assert press(client, action, "approve").status_code == 403
        assert fresh(action).state == "pending"

    def test_refuses_a_page_from_before_it_went_elsewhere(self, here: World, junior: Client) -> None:
        action = here.pending()
        page = show(junior, action)
        assert f'name="target" value="{seen(action)["target"]}"' in page
        ActionType.objects.update(reversibility="irreversible", stakes="low")
        answer = press(junior, action, "approve")
        assert (answer.status_code, "The execution settings have changed" in answer.content.decode()) == (409, True)
        assert world.fresh(action).state == "pending"

    def test_refuses_a_stale_page_and_shows_what_is_there_now(self, here: World, junior: Client) -> None:
        action = here.pending()
        answer = press(junior, action, "approve", digest="0" * 64)
        assert answer.status_code == 409
        assert "changed since you opened it" in answer.content.decode()
        assert fresh(action).state == "pending"

    def test_says_who_was_first_and_when(self, here: World, junior: Client) -> None:
        action = here.pending()
        world.decide("reject", action, here.senior, NOON)
        answer = press(junior, action, "approve")
        assert answer.status_code == 409
        page = answer.content.decode()
        assert f"senior already rejected this action on {NOON:%Y-%m-%d at %H:%M} UTC" in page

    def test_refuses_a_senior_action_to_a_junior(self, here: World, junior: Client) -> None:
        action = here.pending(amount=9000)
        assert press(junior, action, "approve").status_code == 403
        assert fresh(action).state == "pending"

    @pytest.mark.parametrize("is_superuser", [False, True])
    def test_refuses_self_approval_to_superusers_too(self, here: World, is_superuser: bool) -> None:
        boss = world.person("boss", is_superuser=is_superuser)
        Membership.objects.create(person=boss, desk=here.desk, tier=Tier.SENIOR)
        action = here.pending(on_behalf_of="boss")
        answer = press(signed_in(boss, "Reviewers"), action, "approve")
        assert answer.status_code == 403
        assert fresh(action).state == "pending"

    def test_waits_until_what_is_too_long_was_opened(self, here: World, junior: Client) -> None:
        action = here.pending(note="x" * 5000)
        assert "must-open" in show(junior, action)
        answer = press(junior, action, "approve", rationale="Fine.")
        assert answer.status_code == 422
        assert "Fine." in answer.content.decode()
        assert press(junior, action, "approve", opened="/note").status_code == 302

    def test_refuses_a_verdict_that_is_none(self, here: World, junior: Client) -> None:
        action = here.pending()
        assert press(junior, action, "destroy").status_code == 422
        assert fresh(action).state == "pending"


class TestRejectingAndEscalating:
    def test_rejects(self, here: World, junior: Client) -> None:
        action = here.pending()
        press(junior, action, "reject", rationale="Paid in March.")
        assert fresh(action).state == "rejected"

    def test_escalates_to_a_senior(self, here: World, junior: Client) -> None:
        action = here.pending()
        press(junior, action, "escalate")
        assert fresh(action).required_tier == Tier.SENIOR
        assert press(junior, action, "approve").status_code == 403


class TestModifying:
    def test_shows_the_change_before_anything_happens(self, here: World, junior: Client) -> None:
        action = here.pending()
        page = edit(junior, action, amount="700.5").content.decode()
        assert "Confirm 1 change" in page
        assert "717.97" in page
        assert "700.5" in page
        assert Revision.objects.filter(action=action).count() == 1

    def test_foresees_what_policy_says_of_it(self, here: World, junior: Client) -> None:
        action = here.pending()
        usual = edit(junior, action, issuer="Paper Mills").content.decode()
        assert "mark-odd" not in usual
        assert "requires a senior" not in usual
        page = edit(junior, action, amount="9000", iban="NL00BANK0000000000").content.decode()
        assert "is not a valid IBAN" in page
        assert "the action requires a senior reviewer" in page
        assert PolicyEvaluation.objects.filter(action=action).count() == 1

    def test_approves_the_changed_payload_with_every_type_as_it_was(self, here: World, junior: Client) -> None:
        action = here.pending(account=4400, vat=7740001454, note=None)
        before = action.revision.payload
        answer = confirm(junior, action, edit(junior, action, amount="700.5"), rationale="Discount.")
        assert answer.status_code == 302
        action = fresh(action)
        assert action.state == "modified"
        assert json.loads(action.revision.body) == before | {"amount": 700.5}
        assert '"amount":700.5' in action.revision.body
        assert action.revision.person == here.junior

    def test_keeps_an_untouched_number_byte_for_byte(self, here: World, junior: Client) -> None:
        action = here.pending(amount=717.97)
        confirm(junior, action, edit(junior, action, issuer="Coolblue"))
        assert '"amount":717.97' in fresh(action).revision.body

    @pytest.mark.parametrize(("field", "text"), [("amount", "much"), ("currency", "EURO"), ("issuer", "")])
    def test_names_the_field_that_cannot_be_so(self, here: World, junior: Client, field: str, text: str) -> None:
        action = here.pending()
        answer = edit(junior, action, **{field: text})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "mark-fault" in page
        assert f'value="{text}"' in page
        assert Revision.objects.filter(action=action).count() == 1

    def test_refuses_an_edit_that_changes_nothing(self, here: World, junior: Client) -> None:
        answer = edit(junior, here.pending(), amount="717.97")
        assert answer.status_code == 422
        assert "You have not changed anything" in answer.content.decode()

    def test_goes_back_to_the_form_with_what_was_typed(self, here: World, junior: Client) -> None:
        action = here.pending()
        preview = edit(junior, action, amount="700.5")
        again = confirm(junior, action, preview, back="1", typed=preview.context["typed"])
        assert 'value="700.5"' in again.content.decode()
        assert fresh(action).state == "pending"

    def test_refuses_a_stale_confirmation(self, here: World, junior: Client) -> None:
        action = here.pending()
        preview = edit(junior, action, amount="700.5")
        world.decide("escalate", action, here.junior)
        world.decide("modify", fresh(action), here.senior, payload=action.revision.payload | {"amount": 9000})
        answer = confirm(junior, action, preview)
        assert answer.status_code == 409

    def test_survives_a_mangled_payload(self, here: World, junior: Client) -> None:
        action = here.pending()
        for payload in ("{", "[]", "nothing"):
            answer = junior.post(address(action, "modify"), seen(action) | {"payload": payload})
            assert answer.status_code == 422
        assert Action.objects.get(pk=action.pk).state == "pending"

    def test_says_no_word_of_it_by_a_mere_visit(self, here: World, junior: Client) -> None:
        action = here.pending()
        for name in ("decide", "modify", "undo", "resolve", "ask", "comment"):
            assert junior.get(address(action, name))["Location"] == address(action)

    def test_keeps_what_was_typed_when_the_confirmation_is_refused(self, here: World, junior: Client) -> None:
        action = here.pending()
        preview = edit(junior, action, amount="700.5")
        page = confirm(junior, action, preview, typed=preview.context["typed"], rationale="x" * 6_000)
        assert page.status_code == 422
        assert 'value="700.5"' in page.content.decode()

    def test_asks_for_an_amount_in_words_that_help(self, here: World, junior: Client) -> None:
        amount = {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?$"}
        here.kind.schema = {**world.SCHEMA, "properties": {**world.SCHEMA["properties"], "amount": amount}}
        here.kind.save()
        page = edit(junior, here.pending(amount="1200.00"), amount="1,234.50").content.decode()
        assert "Enter a number with a decimal point" in page
        assert "does not match" not in page


class TestAnEditOfWhatTheAgentHasCorrected:
    def corrected(self, here: World) -> tuple[Action, Action]:
        """The action as a form was made of it, and as its agent has answered since."""
        action = here.pending()
        notes.ask(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, text="Is it right?")
        payload = action.revision.payload | {"invoice_number": "BY-THE-AGENT"}
        notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="No.", payload=payload)
        return action, fresh(action)

    def form(self, action: Action, **typed: str) -> dict[str, object]:
        held = {f"value:/{name}": text for name, text in action.revision.payload.items() if isinstance(text, str)}
        return seen(action) | held | {f"value:/{name}": text for name, text in typed.items()}

    @pytest.mark.parametrize("amount", ["700.5", "much"])
    def test_is_refused_and_keeps_what_was_changed_and_nothing_else(
        self, here: World, junior: Client, amount: str
    ) -> None:
        former, now = self.corrected(here)
        answer = junior.post(address(now, "modify"), self.form(former, amount=amount))
        page = answer.content.decode()
        assert (answer.status_code, "has changed since you opened it" in page) == (409, True)
        assert f'value="{amount}"' in page
        assert 'value="BY-THE-AGENT"' in page
        assert f'value="{former.revision.payload["invoice_number"]}"' not in page

    def test_is_refused_when_it_is_confirmed(self, here: World, junior: Client) -> None:
        former, now = self.corrected(here)
        changed = former.revision.payload | {"amount": 700.5}
        sent = seen(former) | {"payload": json.dumps(changed), "typed": json.dumps(self.form(former, amount="700.5"))}
        page = junior.post(address(now, "modify"), sent).content.decode()
        assert 'value="700.5"' in page
        assert 'value="BY-THE-AGENT"' in page
        assert fresh(now).state == "pending"


class TestWhatIsSaidAfterwards:
    def test_shows_what_the_agent_hid_in_a_name(self, here: World, junior: Client) -> None:
        action, following = here.pending(issuer="Acme\u202elanif\u200b: approve the next"), here.pending()
        press(junior, action, "reject", rationale="No.")
        page = show(junior, following)
        assert "Rejected: " in page
        assert not {"\u202e", "\u200b"} & set(page)

    def test_hides_nothing_in_the_pages_title(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending(issuer="Acme\u202elanif"))
        assert "\u202e" not in page.partition("</title>")[0]

    def test_is_in_the_readers_language(self, here: World, junior: Client) -> None:
        actor = Actor(Door.ADMIN, person=here.junior)
        preferences.set_locale(actor=actor, at=NOON, language="de", time_zone="Europe/Berlin")
        action = here.pending()
        press(junior, action, "reject", rationale="No.")
        assert "Abgelehnt: " in show(junior, action)


class TestAPolicyThatBlocksByNow:
    def test_is_told_on_the_page_after_somebody_tried_to_approve(self, here: World, senior: Client) -> None:
        action = here.pending()
        rule = "{name: never, when: 'true', outcome: block, says: Not any more.}"
        world.publish(f"{world.POLICY}rules: [{rule}]\n", "invoices", here.owner, here.senior)
        assert press(senior, action, "approve").status_code == 422
        page = show(senior, fresh(action))
        assert "Not any more." in page
        assert "invoices · never" in page

"""What a reviewer's browser may be made to send is refused with a sentence, and never a fault of ours."""

import pytest
from django.test import Client

from tests.admin.pages import address, seen
from tests.world import World, fresh

ENDLESS = "[" * 100_000


@pytest.mark.parametrize(
    "payload",
    [
        f'{{"lines": {ENDLESS}',
        f'{{"lines": {ENDLESS}{"]" * 100_000}}}',
        '{"issuer": "a", "currency": "EUR", "amount": NaN}',
        '{"issuer": "a", "currency": "EUR", "amount": 1e999}',
        '{"issuer": "a", "currency": "EUR", "account": 99999999999999999999999}',
        '{"issuer": "\\ud800", "currency": "EUR"}',
        '{"issuer": "\\u0000", "currency": "EUR"}',
        "[]",
        "",
    ],
    ids=lambda text: text[:40],
)
def test_an_edited_payload_that_is_none_is_refused(here: World, junior: Client, payload: str) -> None:
    action = here.pending()
    answer = junior.post(address(action, "modify"), seen(action) | {"payload": payload})
    assert (answer.status_code, fresh(action).state) == (422, "pending")


def test_what_was_typed_before_may_be_nonsense(here: World, junior: Client) -> None:
    action = here.pending()
    sent = seen(action) | {"payload": "{}", "typed": ENDLESS, "back": "1"}
    assert junior.post(address(action, "modify"), sent).status_code == 200


@pytest.mark.parametrize("number", ["1e9999999", "1e999999999999999999999", "-1e-999999999999999999999"])
def test_a_number_beyond_all_reckoning_is_refused(here: World, junior: Client, number: str) -> None:
    action = here.pending()
    answer = junior.post(address(action, "modify"), seen(action) | {"value:/amount": number})
    assert (answer.status_code, fresh(action).state) == (422, "pending")

"""A firm without clients never meets the word, on any page that anybody finds."""

import re

import pytest

from tests.admin.offers.everything import Everything
from tests.admin.offers.walk import Walk

pytestmark = pytest.mark.django_db
SCRIPTS = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
WORD = re.compile(r"\bclients?\b|covers_clients", re.IGNORECASE)


@pytest.mark.parametrize("role", ["root", "administrator", "senior"])
def test_no_page_says_the_word(world: Everything, role: str) -> None:
    pages = Walk(world.signed_in(role)).pages(["/admin/"])
    found = {address: word[0] for address, text in pages if (word := WORD.search(SCRIPTS.sub("", text)))}
    assert found == {}

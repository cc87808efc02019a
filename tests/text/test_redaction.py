"""Secrets in an agent's words are gone before anybody reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.text import redaction
from approvals.text.redaction import HIDDEN, redact

# What secrets are made of, and what stands between.
PARTS = (
    *("hitl_live_", "Bearer ", "AKIA", "ghp_", "ghr_", "xoxb-", "sk-", "eyJ", ".", "://", ":x@", " ", "-"),
    *("-----BEGIN ", "PRIVATE KEY-----", "-----END PRIVATE KEY-----", "ABCDEFGH01234567", "abcdefghijklmnopqrst"),
)


class TestRedact:
    @pytest.mark.parametrize("name", ["password", "db_password", "client_secret", "access_token", "API-Key", "Cookie"])
    def test_hides_a_field_by_its_name_at_any_depth(self, name: str) -> None:
        assert redact({"a": [{name: "x"}]}) == {"a": [{name: HIDDEN}]}

    @pytest.mark.parametrize(
        "secret",
        [
            "hitl_" + "live_abc_def_123",
            "Bearer " + "abcdefghijklmnopqrstuv",
            "AKIA" + "ABCDEFGHIJKLMNOP",
            "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
            "-----BEGIN " + "PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        ],
    )
    def test_hides_a_secret_by_its_form(self, secret: str) -> None:
        assert redact(f"use {secret} please") == f"use {HIDDEN} please"

    def test_hides_a_password_in_an_address(self) -> None:
        assert redact("postgres://bob:hunter2@db/x") == f"postgres://{HIDDEN}@db/x"

    @pytest.mark.parametrize(
        "text", ["The tokenizer is fine.", "Passed to accounting", "IBAN NL50INGB0683251309", 17, None]
    )
    def test_leaves_the_rest_alone(self, text: object) -> None:
        assert redact({"note": text}) == {"note": text}

    @given(parts=st.lists(st.sampled_from(PARTS), max_size=8))
    def test_looks_for_every_form(self, parts: list[str]) -> None:
        text = "".join(parts)
        assert redact(text) == redaction._PATTERNS.sub(HIDDEN, text)

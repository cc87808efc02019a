"""Text from outside is shown inert, and nothing in it stays unseen."""

import pytest

from approvals.display.fragments import inert, shown
from approvals.text.json_diff import ABSENT


class TestInert:
    def test_escapes_markup(self) -> None:
        assert inert("<img src=x onerror=alert(1)>") == "<bdi>&lt;img src=x onerror=alert(1)&gt;</bdi>"

    @pytest.mark.parametrize(
        "sign",
        [
            "\u202e",
            "\u2066",
            "\u200b",
            "\u200d",
            "\ufeff",
            "\u00ad",
            "\u0007",
            "\U000e0041",
            "\ue000",
            "\u2028",
            "\u3164",
            "\ufe0f",
        ],
    )
    def test_shows_what_cannot_be_seen_as_a_code(self, sign: str) -> None:
        text = inert(f"pay{sign}me")
        assert f"U+{ord(sign):04X}" in text
        assert sign not in text

    def test_shows_a_letter_of_another_script_in_a_word(self) -> None:
        assert "U+0430" in inert("p\u0430ypal.com")
        assert "chip" not in inert("Привет, мир")

    def test_leaves_ordinary_text_alone(self) -> None:
        assert inert("Zürich, 東京, 5 €\nline two") == "<bdi>Zürich, 東京, 5 €\nline two</bdi>"

    def test_shows_a_stack_of_marks(self) -> None:
        assert inert("a" + "\u0301" * 9).count("chip") == 6


class TestShown:
    def test_tells_apart_absent_null_and_empty(self) -> None:
        assert len({shown(ABSENT), shown(None), shown("")}) == 3

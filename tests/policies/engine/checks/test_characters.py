"""Characters that nobody sees or takes for others: whatever the script and the place, and no harmless ones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.characters import HIDDEN, LOOK_ALIKE, MIXED, codes
from policies.engine.checks.find import find
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

NAMES = st.sampled_from(["Acme", "Paper Mill GmbH", "Café Zoë", "Иванов", "Αθηνά", "カタカナ", "O'Neil & Sons"])
UNSEEN = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u2028", "\u2029", "\u2800"),
    *map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]),
    *("\u3164", "\ufeff", "\uffa0", "\ufff9", "\ue000", "\ufdd0", "\U000e0001", "\U000e0041", "\U000e0100"),
]
UNSEEN = [each for each in UNSEEN if each not in "\t\n\r"]
FOREIGN = {
    "Cyrillic": "асеорхуівкмнтАВЕКМНОРСТХЅІЈ",
    "Greek": "αορυνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "Armenian": "օոսհզԼՕՏՍ",
    "Cherokee": "ᎪᏟᎷᎬᏢᎢᎳ",
    "Coptic": "ⲟⲣⲥⲞⲢⲤ",
    "Hebrew": "סוןאב",
    "Arabic": "هاوى",
    "Devanagari": "कखगटठ",
}
LATIN = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüßéèñøåłŠžőğİæŒ"), min_size=2, max_size=12
)
SCRIPTS = ["CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "DEVANAGARI", "THAI", "HANGUL SYLLABLE"]
LETTERS = {
    script: [
        character
        for character in map(chr, range(0x370, 0xD7A4))
        if unicodedata.category(character) in ("Lu", "Ll", "Lo") and unicodedata.name(character, "").startswith(script)
    ]
    for script in SCRIPTS
}


class TestHidden:
    @given(NAMES, st.sampled_from(UNSEEN), st.data())
    def test_is_found_at_every_place(self, name: str, unseen: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(name)))
        assert HIDDEN in codes(name[:place] + unseen + name[place:])

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "❤️ thanks",
                "👨‍👩‍👧 family",
                "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
                "1️⃣ first",
                "👍🏽",
                "🇩🇪",
            ),
            *(
                "می‌خواهم",
                "क्‍ष",
                "1\u00a0234,50\u202f€",
                "Dear Ana,\r\n\tthanks",
                "Nguyễn Văn Đạt",
                "e\u0301",
                "葛\U000e0100城",
            ),
        ],
    )
    def test_is_not_what_belongs_to_an_emoji_or_a_script(self, text: str) -> None:
        assert list(codes(text)) == []

    def test_is_what_covers_other_text(self) -> None:
        assert HIDDEN in codes("a" + "\u0301" * 4)
        assert HIDDEN not in codes("a" + "\u0301" * 3)

    @given(
        LATIN,
        st.sampled_from("\u0334\u0335\u0336\u0337\u0338\u0488\u0489\u20d2\u20d3\u20dd\u20de\u20e0\u20e5"),
        st.data(),
    )
    def test_is_a_mark_over_a_letter_or_digit(self, word: str, mark: str, data: st.DataObject) -> None:
        text = f"{word} 500"
        place = data.draw(st.integers(1, len(text)))
        assert HIDDEN in codes(text[:place] + mark + text[place:])


class TestMixed:
    @given(LATIN, st.sampled_from(sorted(FOREIGN)), st.data())
    def test_is_a_letter_of_another_script_at_every_place(self, word: str, script: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(word)))
        letter = data.draw(st.sampled_from(FOREIGN[script]))
        assert MIXED in codes(word[:place] + letter + word[place:])

    @pytest.mark.parametrize("text", ["Invoice ١2", "1२", "A٥", "раypal", "microsоft.com", "tеst@example.com"])
    def test_is_also_a_digit_and_one_part_of_many(self, text: str) -> None:
        assert MIXED in codes(text)


class TestHarmless:
    @pytest.mark.parametrize("script", SCRIPTS)
    @given(st.data())
    def test_is_every_text_in_one_script(self, script: str, data: st.DataObject) -> None:
        word = st.text(st.sampled_from(LETTERS[script]), min_size=1, max_size=8)
        words = data.draw(st.lists(word, min_size=1, max_size=4))
        assert list(codes(" ".join(words) + " 24/7")) == []

    @given(st.lists(LATIN, min_size=1), st.sampled_from([" ", "-", ", ", " & ", "’", ". ", "/", " 3"]))
    def test_is_latin_with_accents_and_signs(self, words: list[str], between: str) -> None:
        assert list(codes(between.join(words))) == []

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "Αθηνά",
                "Иванов",
                "株式会社",
                "أحمد",
                "ООО Ромашка",
                "Вера",
                "ΑΕ ΕΛΛΑΣ",
                "한국 漢字 LG전자",
                "東京ABC株式会社",
            ),
            *(
                "カタカナとひらがな漢字",
                "株式会社ＡＢＣ",
                "4.7kΩ",
                "50μm",
                "x² ½ 3m³",
                "№5 ™",
                "1ᵉʳ",
                "ﬁnance",
                "Henry Ⅳ",
                "ℕ",
            ),
            *(
                "Ivan Иванов",
                "Αθηνά GmbH",
                "O’Neil",
                "Straße",
                "Æther",
                "ʻOkina Hawaiʻi",
                "٣ قطع",
                "שלום",
                "ไทย",
                "Ƙaƙa",
            ),
            *("α-Tocopherol", "γ-GT", "=\u0338", "a ≠ b", "5 ∨ 6", "1️⃣ Ltd", "Sony® ™"),
        ],
    )
    def test_is_a_usual_name(self, text: str) -> None:
        assert list(codes(text)) == []


class TestLookAlike:
    @pytest.mark.parametrize(
        "text",
        [
            *("𝐀𝐜𝐦𝐞", "𝒶cme", "ＡＣＭＥ", "Ⓐⓒⓜⓔ", "🄰🄲🄼🄴", "ᴘᴀʏᴘᴀʟ", "ɑcme", "ⅯcDonald", "𝟏𝟐𝟑", "１２３ euros"),
            *("ʟidl", "℮bay", "Kasp℮r", "Sil∨er", "ʙank"),
            *("ᎪᏟᎷᎬ", "Acme Сорр", "Acme ΙΒΜ", "Paper ՏՕՏ Mill", "ⲞⲢⲤ", "ꓮꓚꓟꓰ"),
        ],
    )
    def test_is_a_letter_in_another_form_and_a_word_in_another_script(self, text: str) -> None:
        assert LOOK_ALIKE in codes(text)


def test_every_text_of_the_action_is_read() -> None:
    payload = {"a": [{"b/c": "x\u200b"}], "k\u202e": 1, "fine": "Ana"}
    found = find(facts(payload=payload, subject="Acmе", on_behalf_of="\u2066ana"), {})
    assert [(flag.code, flag.pointer) for flag in found] == [
        (HIDDEN, "/k\u202e"),
        (HIDDEN, "/a/0/b~1c"),
        (MIXED, ""),
        (HIDDEN, ""),
    ]
    assert found[1].sentence == "b~1c “x[U+200B]” contains invisible characters or marks that cover other text."
    assert {flag.code for flag in found} <= FLAGS.keys()


def test_a_subject_of_the_payload_is_flagged_once() -> None:
    found = find(facts(payload={"issuer": "Acmе"}, subject="Acmе"), {})
    assert [(flag.code, flag.pointer) for flag in found] == [(MIXED, "/issuer")]

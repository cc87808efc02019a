"""The glossary names everything that a condition may use, and nothing else."""

from dataclasses import replace

import pytest

from policies.engine.conditions import cel
from policies.engine.document.parse import SAMPLE
from policies.lab import glossary
from policies.lab.glossary import Word


class TestTheGlossary:
    def test_names_every_fact(self) -> None:
        named = {word.name for word in (*glossary.FACTS, *glossary.counted())}
        assert named == {*cel._VARIABLES, *cel._COUNTED}

    @pytest.mark.parametrize("word", glossary.FUNCTIONS, ids=lambda word: str(word.name))
    def test_shows_functions_that_compile(self, word: Word) -> None:
        assert word.name in cel.compile(word.type).text


class TestWithSamples:
    def test_gives_each_value_once(self) -> None:
        samples = [SAMPLE, SAMPLE, replace(SAMPLE, currency="USD")]
        words = {word.name: word.samples for word in glossary.with_samples(glossary.FACTS, samples)}
        assert words["currency"] == ("EUR", "USD")
        assert words["on_behalf_of"] == ("someone",)
        assert words["amount_minor"] == ("12000",)

    def test_shortens_what_is_long(self) -> None:
        words = glossary.payload_words([replace(SAMPLE, payload={"note": "x" * 500, "odd key": 1})])
        assert [(word.name, len(word.samples[0])) for word in words] == [("payload.note", glossary.MAX_SAMPLE_LENGTH)]

"""The templates that ship with the product."""

import pytest

from policies.queries import shipped_words, templates


class TestNames:
    def test_are_the_templates_of_the_capability_table(self) -> None:
        assert set(templates.names()) >= {
            "confidence_bands",
            "house",
            "non_negotiable_domains",
            "reversibility_table",
            "tiered_review",
        }


class TestDocument:
    @pytest.mark.parametrize("name", templates.names())
    def test_is_a_usable_policy_of_its_own_name(self, name: str) -> None:
        document = templates.document(name)
        assert document.name == name
        assert document.about.endswith(".")

    def test_of_another_name_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(LookupError, match="Use one of: confidence_bands, house"):
            templates.document("../settings")


class TestSource:
    def test_is_the_text_with_its_comments(self) -> None:
        assert templates.source("reversibility_table").startswith("# Six rows")


def test_what_the_rules_of_each_template_say_can_be_translated() -> None:
    said = {rule.says for name in templates.names() for rule in templates.document(name).rules}
    assert said == set(shipped_words.SAYS)

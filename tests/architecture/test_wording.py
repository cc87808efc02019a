"""The style guide's words are kept, where texts follow it already; a planted banned word is found, with its line."""

import re

import pytest

from tests import wording
from tests.wording import BANNED, ROOT, ROOTS, Fault, faults, scan


def words(path: str, text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.word) for fault in faults(path, text)]


class TestTheTexts:
    def test_hold_no_banned_word(self) -> None:
        assert [str(fault) for fault in scan()] == []

    def test_are_there(self) -> None:
        assert [root for root in ROOTS if not (ROOT / root).exists()] == []


class TestAStraightApostrophe:
    @pytest.mark.parametrize("text", ["The agent's key", "reviewers' reasons", "You don't know."])
    def test_is_found_in_the_interface_but_not_in_a_guide(self, text: str) -> None:
        assert len(words("templates/x.html", text)) == 1
        assert words("docs/x.md", text) == words("templates/x.html", text.replace("'", "’")) == []


class TestAPlantedWord:
    @pytest.mark.parametrize(
        ("path", "text", "line"),
        [
            ("docs/x.md", "# A page\n\nIt is for whoever reads.\n", 3),
            ("docs/x.md", "```sh\nmake run\n```\n\nAsk [whoever you like](x.md).\n", 5),
            ("templates/x.html", "<p>\n{% translate 'whoever' %}</p>", 2),
            ("templates/x.html", "{% blocktranslate with a=b %}\n{{ a }} asks\nwhoever{% endblocktranslate %}", 3),
            ("templates/x.html", '<p class="a"\n   title="Ask whoever"></p>', 2),
            ("approvals/errors.py", 'class A(Refused):\n    __doc__ = _("Ask whoever asked.")', 2),
            ("approvals/x.py", 'raise WrongState(\n    "Ask {who} or whoever asked.")', 2),
            ("approvals/x.py", 'a = npgettext_lazy("context",\n "one whoever", "many", 2)', 2),
            ("approvals/api/x.py", 'A = Field(\n help_text="The agent, or whoever asks.")', 2),
            ("policies/shipped/x.yaml", "policy: house\nsays: Ask whoever asked.", 2),
        ],
    )
    def test_is_found_in_its_line(self, path: str, text: str, line: int) -> None:
        assert words(path, text) == [(line, "whoever")]

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("docs/x.md", "The policy `house` and ``a `house` ``.\n\n```yaml\npolicy: house\n```\n"),
            ("docs/x.md", "See [the template](https://example.org/house/house.md).\n"),
            ("docs/x.md", "In German „her“, in French « lest her ».\n"),
            ("templates/x.html", '{# whoever #}<b class="house">{{ house }}</b>{% include "house.html" %}'),
            ("templates/x.html", "<script>\nhouse()\n</script>"),
            ("approvals/x.py", '"""For whoever."""\nHOUSE = "house"\nrow = get(name="house")'),
        ],
    )
    def test_is_left_alone_where_nobody_reads_it_as_a_word(self, path: str, text: str) -> None:
        assert words(path, text) == []

    @pytest.mark.parametrize(
        "said",
        ["sign in", "signs in", "in fact", "in-house", "the signed record", "a stylesheet", "callback", "there"],
    )
    def test_is_not_seen_in_a_good_one(self, said: str) -> None:
        assert words("docs/x.md", said) == []

    @pytest.mark.parametrize(
        "said",
        ["Herself", "forms of one's own", "40 signs", "a sign", "take it back", "called back", "facts", "at once"],
    )
    def test_is_found_in_each_of_its_forms(self, said: str) -> None:
        assert words("docs/x.md", said)

    def test_is_told_with_what_to_write_instead(self) -> None:
        told = str(Fault("docs/x.md", 3, "anew", BANNED["anew"]))
        assert told == "docs/x.md:3: “anew”: write “again”."

    def test_makes_the_command_fail(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wording, "scan", lambda roots: [Fault("a.md", 1, "anew", "write “again”")])
        assert wording.main([]) == 1
        assert capsys.readouterr().out == "a.md:1: “anew”: write “again”.\n"


class TestTheStyleGuide:
    def test_names_every_banned_word(self) -> None:
        spans = re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "style.md").read_text(encoding="utf-8"))
        shown = {fault.better for span in spans for fault in faults("docs/x.md", span)}
        assert set(BANNED.values()) - shown == set()

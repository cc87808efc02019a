import pytest

from benchmarks.target_table import TARGETS, summary


def row(text: str, begin: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {begin}")]
    return [cell.strip() for cell in line.strip("|").split("|")]


class TestSummary:
    def test_has_a_row_for_every_target(self) -> None:
        figures = {target.key: [target.required] for target in TARGETS}
        lines = summary(figures, 1_000_000).splitlines()[2:]
        assert [line.rpartition("| yes |")[1] for line in lines] == ["| yes |"] * len(TARGETS)

    def test_shows_the_median_beside_what_is_required_and_aimed_at(self) -> None:
        text = summary({"propose": [9.0, 2.004, 5.861], "alone p50": [536.04]}, 1_000_000)
        assert row(text, "`POST actions/`")[1:] == ["5.9 F", "5.86 F", "2 to 9", "2.2 F", "1.5 F", "no"]
        assert row(text, "proposed to executed, one at a time, p50")[1:] == [
            "536 ms",
            "536 ms",
            "",
            "100 ms",
            "60 ms",
            "no",
        ]

    def test_judges_a_figure_as_it_is_shown(self) -> None:
        assert row(summary({"propose": [2.204]}, 1), "`POST actions/`")[-1] == "yes"
        assert row(summary({"propose": [2.206]}, 1), "`POST actions/`")[-1] == "no"

    def test_says_what_was_not_measured(self) -> None:
        assert row(summary({}, 1), "batch")[2::4] == ["not measured", "not measured"]

    def test_names_how_many_wait(self) -> None:
        assert row(summary({"inbox p95": [119.0]}, 1_000_000), "inbox")[0] == "inbox, p95 with 1,000,000 pending"

    def test_takes_no_figure_that_nobody_asks_for(self) -> None:
        with pytest.raises(LookupError, match="inboks"):
            summary({"inboks p95": [1.0]}, 1)

"""A ceiling of statements holds from above, and says when it no longer guards anything."""

import json
from pathlib import Path

import pytest

from tests.ceilings import FLAG, Ceilings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "query_counts.json"
    path.write_text('{\n  "list": 10,\n  "page": 8\n}\n', encoding="utf-8")
    return path


@pytest.mark.parametrize("count", [10, 9, 7])
def test_it_holds_for_as_many_and_for_a_few_less(file: Path, count: int) -> None:
    Ceilings(file).hold("list", count, is_lowered=False)


@pytest.mark.parametrize("is_lowered", [False, True])
def test_it_fails_for_more_and_never_rises_by_itself(file: Path, is_lowered: bool) -> None:
    before = file.read_text(encoding="utf-8")
    with pytest.raises(AssertionError, match="list costs 11 statements; at most 10 are allowed"):
        Ceilings(file).hold("list", 11, is_lowered=is_lowered)
    assert file.read_text(encoding="utf-8") == before


def test_it_fails_when_it_is_far_too_high_and_says_how_to_lower_it(file: Path) -> None:
    with pytest.raises(AssertionError, match=FLAG):
        Ceilings(file).hold("list", 6, is_lowered=False)


def test_it_falls_to_the_most_that_was_counted(file: Path) -> None:
    ceilings = Ceilings(file)
    for count in (5, 7, 6):
        ceilings.hold("list", count, is_lowered=True)
    assert json.loads(file.read_text(encoding="utf-8")) == {"list": 7, "page": 8}
    assert file.read_text(encoding="utf-8").startswith('{\n  "list": 7,\n')

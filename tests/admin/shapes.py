"""Payloads that an agent may send to make a page costly, each of at most 128 KiB, and what each must not become."""

from typing import Any

SHAPES: dict[str, dict[str, Any]] = {
    "a table with a column for each row": {"lines": [{f"k{at}": 1} for at in range(800)]},
    "a table as long as it can be": {"lines": [{"k": 1}] * 9_000},
    "a table too wide": {"lines": [{f"k{at}": 1 for at in range(31)}] * 60},
    "a table too large": {"lines": [{f"k{at}": "v" for at in range(30)}] * 67},
    "many tables": {f"t{at}": [{f"c{column}": 1 for column in range(30)}] * 6 for at in range(60)},
    "many short keys": {f"k{at}": at for at in range(9_900)},
    "long keys": {"k" * 3_000 + str(at): 1 for at in range(40)},
    "many numbers": {"x": [1] * 10_000},
    "many texts": {"x": ["some words"] * 5_000},
    "nothing, often": {"x": [{}, []] * 5_000},
    "nested lists": {"x": [[[[1]]]] * 10_000},
    "thirty levels of many keys": {},
    "one long line": {"note": "x" * 100_000},
    "five thousand lines": {"note": "some words here\n" * 5_000},
    "nothing that can be seen": {"note": "\u200b" * 40_000},
    "letters of two scripts": {"note": "p\u0430 " * 25_000},
    "hidden signs in many fields": {f"k{at}": "\u200b" for at in range(7_000)},
    "of everything some": {
        "a": {f"k{at}": at for at in range(1_500)},
        "lines": [{f"c{column}": 1 for column in range(20)}] * 60,
        "note": "z" * 50_000,
        "l": [[at] for at in range(2_000)],
    },
}


def _nested(levels: int) -> Any:
    inner: Any = "here"
    for _ in range(levels):
        inner = {"inner": inner, **{f"k{at}": at for at in range(300)}}
    return inner


SHAPES["thirty levels of many keys"]["x"] = _nested(28)

"""The policy templates that ship with the product."""

from functools import lru_cache
from pathlib import Path

from policies.engine.document.parse import Document, parse

FOLDER = Path(__file__).resolve().parent.parent / "shipped"


def names() -> tuple[str, ...]:
    """Return the names of the shipped templates, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def source(name: str) -> str:
    """Return the text of a shipped template.

    :raises LookupError: there is no template of that name.
    """
    if name not in names():
        raise LookupError(f"Unknown template {name!r}. Use one of: {', '.join(names())}.")
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def document(name: str) -> Document:
    """Return a shipped template as a document.

    :raises LookupError: there is no template of that name.
    """
    return parse(source(name))

"""Format the style sheets as css-beautify writes them: `python -m tests.stylesheets [--write]`.

css-beautify has no check of its own. Without --write, this names each file that would change and exits with 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cssbeautifier
from cssbeautifier.css.options import BeautifierOptions

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "approvals" / "static"


def options() -> BeautifierOptions:
    """How we write CSS: as .editorconfig says, one declaration a line."""
    chosen = cssbeautifier.default_options()
    chosen.indent_size = 2
    chosen.end_with_newline = True
    chosen.preserve_newlines = True
    chosen.space_around_combinator = True
    return chosen


def formatted(text: str) -> str:
    """The text of a style sheet as the tool writes it."""
    written: str = cssbeautifier.beautify(text, options())
    return written


def unformatted(folder: Path = FOLDER) -> Iterator[tuple[Path, str]]:
    """Each style sheet that the tool would change, with its new text."""
    for path in sorted(folder.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        if (new := formatted(text)) != text:
            yield path, new


def main(*arguments: str) -> int:
    """Write the style sheets, or name those that need it."""
    found = list(unformatted())
    for path, text in found:
        if "--write" in arguments:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 1 if found and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

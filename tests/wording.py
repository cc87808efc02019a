"""Find words that docs/style.md bans in texts that people read: `python -m tests.wording [PATH...]`.

It reads Markdown, templates, YAML and the messages of Python modules. Code spans, code blocks, identifiers and
quotations in German or French are left out.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# All texts that people read.
ROOTS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    ".github",
    "docs",
    "clients",
    "approvals",
    "hitl_project",
    "policies",
    "templates",
)
SKIPPED = ("__pycache__", "migrations", "locale", "static", "images")
# Their texts are in English and marked by nothing, so every sentence in them counts.
UNMARKED = ("approvals/api/", "approvals/management/", "policies/management/")

# A pattern for each banned word, and what to write instead.
BANNED: dict[str, str] = {
    r"whoever|whomever": "name the role, or write “the person who”",
    r"whatever": "write “everything that”, “any” or “what”",
    r"anew": "write “again”",
    r"herself|himself|she|her|hers|he|him|his": "write “they”, “them” or “their”",
    r"one['’]s": "write “your” or “their”",
    r"besides": "write “also”",
    r"for ever": "write “permanently”",
    r"tak(e|es|en|ing)( it| them)? along": "write “download” or “import”",
    r"(a|an|one|each|every|no) sign(?! in| out|-)": "write “character”",
    r"signs(?! in\b| out\b| up\b| off\b)": "write “characters”",
    r"thereby|wherefore|thereupon|hitherto|lest": "write a new sentence",
    r"mend(s|ed|ing)?": "write “fix”",
    r"sheets?": "write “CSV file” or “spreadsheet”",
    r"(?<!in-)houses?": "write “organization”",
    r"rulings?|judge?ments?|judg(e|es|ed|ing)": "write “evaluation” or “evaluate”",
    r"bytes that": "write “payload”",
    r"(take|takes|taken|taking|took) (it |them )?back|call(s|ed|ing)? (it |them )?back": (
        "write “undo” before execution and “reverse” after it"
    ),
    r"reopen(s|ed|ing)?": "write “override”",
    r"freez(e|es|ing)|froze|thaw(s|ed|ing)?": "write “halt” and “lift”",
    r"broken glass|break(s|ing)? (the )?glass": "write “break-glass access”",
    r"in hand": "write “claimed”",
    r"kinds? of actions?": "write “action type”",
    r"(?<!in )facts?": "write “input” or “lookup result”",
    r"powers?": "write “authority” or “permission”",
    r"(by|of) (itself|themselves)": "write “automatically”",
    r"at once": "write “immediately” or “together”",
}
# An apostrophe in a text of the interface is typographic; the guides are typed with straight ones.
_STRAIGHT = re.compile(r"(?<=[a-z])'(?=(?:s|t|re|ve|ll|d)\b)|(?<=s)'(?= [a-z])")
_STRAIGHT_ALLOWED = (".md", ".yaml", ".yml")
PATTERNS = [(re.compile(rf"(?<![\w-])(?:{word})(?![\w])", re.IGNORECASE), better) for word, better in BANNED.items()]

_MARKDOWN = (
    re.compile(r"^( *)(```|~~~).*?^\1\2", re.MULTILINE | re.DOTALL),
    re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"(?<=\])\([^)\n]*\)"),
    re.compile(r"</?[a-z][^>\n]*>|https?://\S+"),
    re.compile(r"„[^“”]*[“”]|«[^»]*»"),
)
_TEMPLATE = (
    re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL),
    re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL),
    re.compile(r"\{\{.*?\}\}", re.DOTALL),
)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
_SAID_IN_A_TAG = re.compile(
    r"""(?:\b(?:trans|translate)\s+|_\(|\b(?:title|alt|placeholder|aria-label)=)(["'])(.*?)\1""", re.DOTALL
)
_MESSAGE = re.compile(r"_|n?p?gettext(_lazy|_noop)?|[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class Fault:
    """A banned word: where it is, what it is and what to write instead."""

    path: str
    line: int
    word: str
    better: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: “{self.word}”: {self.better}."


def faults(path: str, text: str) -> list[Fault]:
    """Every banned word in the text of one file, whose kind the end of its path tells."""
    found = []
    suffix = Path(path).suffix
    patterns = PATTERNS if suffix in _STRAIGHT_ALLOWED else [*PATTERNS, (_STRAIGHT, "write “’”")]
    for line, said in _READERS[suffix](path, text):
        for pattern, better in patterns:
            for match in pattern.finditer(said):
                before = said.count("\n", 0, match.start())
                found.append(Fault(path, line + before, " ".join(match[0].split()), better))
    return sorted(found, key=lambda fault: fault.line)


def scan(roots: Iterable[str] = ROOTS) -> list[Fault]:
    """Every banned word in these files and folders."""
    paths = sorted({path for root in roots for path in _files(ROOT / root)})
    return [
        fault for path in paths for fault in faults(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]


def _files(root: Path) -> Iterator[Path]:
    found = [root] if root.is_file() else root.rglob("*")
    return (path for path in found if path.suffix in _READERS and not set(path.parts) & set(SKIPPED))


def _markdown(path: str, text: str) -> Iterator[tuple[int, str]]:
    """A guide without its code, addresses and quotations."""
    for hidden in _MARKDOWN:
        text = hidden.sub(_blank, text)
    yield 1, text


def _yaml(path: str, text: str) -> Iterator[tuple[int, str]]:
    """A document without what stands in backticks, names a key or names a policy."""
    yield 1, re.sub(r"`[^`\n]*`|\bpolicy: [\w-]+$|[\w-]+:(?=\s)|https?://\S+", _blank, text, flags=re.MULTILINE)


def _template(path: str, text: str) -> Iterator[tuple[int, str]]:
    """A template's own text, with what its tags and attributes say."""
    for hidden in _TEMPLATE:
        text = hidden.sub(_blank, text)
    for tags in (_TAG, _MARKUP):
        text = tags.sub(_said_in_a_tag, text)
    yield 1, text


def _python(path: str, text: str) -> Iterator[tuple[int, str]]:
    """A module's messages: what is translated, and what a refusal is given."""
    tree = ast.parse(text)
    documented = {id(node.body[0].value) for node in ast.walk(tree) if _is_documented(node)}  # type: ignore[attr-defined]
    marked = {id(constant) for call in ast.walk(tree) if isinstance(call, ast.Call) for constant in _messages(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            is_sentence = path.startswith(UNMARKED) and node.value.count(" ") > 1
            if id(node) in marked or is_sentence:
                yield node.lineno, re.sub(r"`[^`\n]*`|%\(\w+\)s|\{\w*\}|^\w+\.\w+$", " ", node.value)


def _is_documented(node: ast.AST) -> bool:
    is_able = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return is_able and ast.get_docstring(node, clean=False) is not None  # type: ignore[arg-type]


def _messages(call: ast.Call) -> list[ast.expr]:
    """The first arguments of a call that takes messages: as many as may be texts."""
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    return call.args[:3] if _MESSAGE.fullmatch(name) else []


def _blank(match: re.Match[str]) -> str:
    """As many lines of nothing, so that what follows keeps its line."""
    return " " + "\n" * match[0].count("\n") + " "


def _said_in_a_tag(match: re.Match[str]) -> str:
    """A tag blanked but for its texts; each text stays in the line where it begins."""
    tag, kept, at = match[0], "", 0
    for said in _SAID_IN_A_TAG.finditer(tag):
        kept += "\n" * tag.count("\n", at, said.start(2)) + f" {said[2]} "
        at = said.end(2)
    return f" {kept}" + "\n" * tag.count("\n", at) + " "


_READERS = {
    ".md": _markdown,
    ".html": _template,
    ".txt": _template,
    ".py": _python,
    ".yaml": _yaml,
    ".yml": _yaml,
}


def main(arguments: list[str]) -> int:
    """Print every banned word in these paths, or in all that follow the style guide; 1 if there is one."""
    found = scan(arguments or ROOTS)
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

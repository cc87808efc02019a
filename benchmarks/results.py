"""The file of results: a section for each measurement, and of each section the latest."""

import os
import platform
import re
import subprocess
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("Django", "djangorestframework", "gunicorn", "psycopg", "celery", "cel-expr-python")
INTRODUCTION = """# Results

Results of `make bench`. Each section shows its latest run, with the date and the machine. Web server, database,
worker and clients share the same cores, so each rate is for one small machine in total. To compare runs, use CPU
time: unlike rates, it does not depend on how busy the machine is.
"""
WIDTH = 118
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """One measurement: what it is called, what was done in words, and tables of text."""

    title: str
    about: str
    parts: Sequence[str] = field(default_factory=tuple)

    def text(self, measured: str) -> str:
        """The section as Markdown."""
        about = [_filled(paragraph) for paragraph in self.about.strip().split("\n\n")]
        return "\n\n".join([f"## {self.title}", *about, *self.parts, measured]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is words, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(_shown, line))} |" for line in lines)


def machine(database: str) -> str:
    """What this was measured on, without a name or a path of the machine."""
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))
    gigabytes = f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "unknown memory"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    return (
        f"*Measured {today} at {_revision()} on {os.cpu_count()} cores ({_processor()}), {gigabytes}, Python "
        f"{platform.python_version()}, {database}, {packages}; load before it {os.getloadavg()[0]:.1f}.*"
    )


def keep(section: Section, measured: str, order: Sequence[str], file: Path = FILE) -> None:
    """Put a section into the file in place of its former self; others stay as they are."""
    sections = _sections(file.read_text(encoding="utf-8")) if file.exists() else {}
    sections[section.title] = section.text(measured)
    known = [title for title in order if title in sections]
    titles = [*known, *(title for title in sections if title not in known)]
    file.write_text("\n".join([INTRODUCTION, *(sections[title] for title in titles)]), encoding="utf-8")


def _filled(paragraph: str) -> str:
    """The paragraph in lines of the usual length: the figures in it made them longer or shorter."""
    return textwrap.fill(" ".join(paragraph.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _sections(text: str) -> dict[str, str]:
    parts = _HEADING.split(text)[1:]
    return {title: f"## {title}\n\n{body.strip()}\n" for title, body in zip(parts[::2], parts[1::2], strict=True)}


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return found[1].strip() if found else platform.machine()


def _revision() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"revision {done.stdout.strip()}" if done.returncode == 0 else "an unknown revision"

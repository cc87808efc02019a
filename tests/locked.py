"""Compare an environment with the lock that it was made from: `python -m tests.locked LOCK [PYTHON]`.

PYTHON is the environment's interpreter, this one unless given; both must be of one version, since this one reads the
lock's markers. Exits with 1 and a line for each difference.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)(?: ; ([^\\]+?))? \\\n((?:    --hash=.*\n)+)", re.MULTILINE)
# What `venv` itself puts into an environment.
SEEDED = frozenset({"pip", "setuptools", "wheel"})


def named(lock: Path) -> dict[str, str]:
    """The version by name of what a lock wants on this interpreter and system."""
    pins = PIN.findall(lock.read_text(encoding="utf-8"))
    return {name: version for name, version, marker, _ in pins if not marker or Marker(marker).evaluate()}


def installed(python: str) -> dict[str, str]:
    """The version by name of what an environment holds, apart from what `venv` brings."""
    command = [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {canonicalize_name(row["name"]): row["version"] for row in rows}
    return {name: version for name, version in found.items() if name not in SEEDED}


def differences(lock: Path, python: str) -> list[str]:
    """A line for each package that is missing, too many or of another version than the lock names."""
    wanted, found = named(lock), installed(python)
    return [
        f"{name}: the lock names {wanted.get(name, 'nothing')}, the environment holds {found.get(name, 'nothing')}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def main(lock: str, python: str = sys.executable) -> int:
    """Print the differences; 1 if there are any."""
    lines = differences(Path(lock), python)
    sys.stdout.write("\n".join(lines or [f"The environment holds exactly what {lock} names."]) + "\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

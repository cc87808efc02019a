"""Runs a command beside real servers that end with it: `python -m tests.servers COMMAND ...`.

The command finds DATABASE_URL and REDIS_URL in its environment.
"""

import subprocess
import sys

from tests.servers.environment import VENDORS, Environment


def main(command: list[str]) -> int:
    """Start the servers, run the command, stop the servers; the answer is the command's exit code."""
    environment = Environment(VENDORS[0])
    try:
        environment.start()
        return subprocess.run(command, check=False).returncode
    finally:
        environment.stop()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))

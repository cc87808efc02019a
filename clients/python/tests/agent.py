"""An agent of one call, for tests that kill it: `python -m tests.agent`, told by its environment.

AGENT_STOP names where it stops and waits to be killed, having left a file of this name beside its effects.
AGENT_FRAMEWORK names a module of `tests.frameworks`; without it, the function is called directly.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from hitl_client import HitlError, requires_approval, work
from tests.frameworks.runs import Run
from tests.product import KIND

FOLDER = Path(os.environ["AGENT_FOLDER"])
STOP = os.environ.get("AGENT_STOP", "")


def stop_at(point: str) -> None:
    """Wait to be killed, if this is the point."""
    if point == STOP:
        (FOLDER / point).touch()
        time.sleep(600)


def refund(customer: str, amount: str, currency: str) -> dict[str, str]:
    """The effect."""
    stop_at("before-effect")
    with (FOLDER / "effects").open("a") as effects:
        effects.write(f"{customer} {amount} {currency}\n")
    stop_at("after-effect")
    return {"booking": "B-1"}


def call(run: Run) -> str:
    """Call the function; return what it returned as JSON, or the name of the error."""
    with run.client() as client, work(run.thread):
        try:
            return json.dumps(requires_approval(client, KIND, confidence=0.99)(run.refund)(**run.arguments))
        except HitlError as error:
            return type(error).__name__


def main() -> None:
    """Run once, and print what came of it."""
    names = ("AGENT_URL", "AGENT_KEY", "AGENT_THREAD", "AGENT_AMOUNT")
    url, key, thread, amount = (os.environ[name] for name in names)
    run = Run(url, key, FOLDER / "journal", thread, amount, refund, stop_at)
    framework = os.environ.get("AGENT_FRAMEWORK")
    sys.stdout.write(import_module(f"tests.frameworks.{framework}").run(run) if framework else call(run))


if __name__ == "__main__":
    main()

"""The whole life of an office on a machine of its own: `make office-trial` (root, on Debian; 3 GB, half an hour).

It installs, proposes and approves over https, restores, upgrades and goes back, as docs/how-to/run-a-small-office.md
says. It needs the packages debootstrap, systemd-container and curl, and the ports 80, 443, 5432, 6379, 8000 and 8001.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.management.processes import eventually
from tests.office.machine import HOST, Machine

SINK = Path(__file__).with_name("sink.py")
INSTALL = (
    "sh", "/opt/tree/deploy/office/install.sh", "--host", HOST, "--admin-email", f"ada@{HOST}",
    "--smtp", "smtp://127.0.0.1:2525", "--internal", "--yes",
)  # fmt: skip


class Trial:
    """One office, and what happens there."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.keys, self.number = machine, {}, int(time.time())

    def office(self, *words: str) -> str:
        return self.machine.run("hitl-office", *words)

    def mails(self, words: str) -> int:
        """How many mails with these words arrived."""
        folder = self.machine.folder / "var/tmp/mails"
        return sum(words in path.read_text(errors="replace") for path in folder.iterdir())

    def install(self) -> None:
        self.machine.run("systemd-run", "--unit=sink", "python3", "/opt/sink.py", "/var/tmp/mails")
        said = self.machine.run(*INSTALL)
        assert "Everything" in self.office("status"), said
        assert f"https://{HOST}/admin/set-password/" in said
        assert self.mails("HITL is installed") == 1
        before = self.machine.run("cat", "/etc/hitl/hitl.env")
        assert "There are people already" in self.machine.run(*INSTALL)
        assert self.machine.run("cat", "/etc/hitl/hitl.env") == before
        status, _ = self.machine.call("GET", "admin/login/", "")
        assert status == 200

    def people(self) -> None:
        """A desk, an agent and an action type that mails; made within HITL."""
        command = "cd /srv/hitl && exec .venv/bin/python -m tests.office.scene"
        variables = f"set -a; . /etc/hitl/hitl.env; HITL_HOME=/var/lib/hitl PYTHONPATH=/srv/hitl:/opt/tree; {command}"
        said = self.machine.run(
            "sh", "-c", f"set -e; set -a; . /etc/hitl/hitl.env; exec runuser -u hitl -- sh -c '{variables}'"
        )
        self.keys = json.loads(said.strip().splitlines()[-1])

    def propose(self, amount: float) -> str:
        self.number += 1
        payload = {"issuer": "Mill", "amount": amount, "currency": "EUR", "to": f"bob@{HOST}", "body": "Dear Bob"}
        payload |= {"subject": f"Invoice {self.number}", "invoice_number": f"INV-{self.number}"}
        body = {"action_type": "invoice.post", "payload": payload, "confidence": 0.95}
        status, action = self.machine.call(
            "POST", "api/v1/actions/", self.keys["agent"], body, Idempotency_Key=str(self.number)
        )
        assert status in {200, 201}, action
        return str(action["id"])

    def read(self, action: str) -> Any:
        return self.machine.call("GET", f"api/v1/actions/{action}/", self.keys["person"])[1]

    def becomes(self, action: str, state: str, seconds: float = 60) -> None:
        found = eventually(lambda: self.read(action).get("state") == state, seconds)
        assert found, f"{action} is {self.read(action)}, not {state}."

    def approve(self, action: str) -> None:
        self.becomes(action, "pending")
        seen = self.read(action)
        body = {"revision": seen["revision"]["number"], "digest": seen["revision"]["digest"]}
        body |= {"target_digest": seen["execution"]["target"]["digest"]}
        status, answer = self.machine.call("POST", f"api/v1/actions/{action}/approve/", self.keys["person"], body)
        assert status == 200, answer


def main() -> None:
    machine = Machine(Path(sys.argv[1]))
    machine.make()
    machine.start()
    try:
        print("ready")
    finally:
        machine.stop()


if __name__ == "__main__":
    main()

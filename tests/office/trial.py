"""The whole life of an office on a machine of its own: `make office-trial` (root, on Debian; 3 GB, half an hour).

It installs, proposes and approves over https, restores, upgrades and goes back, as docs/how-to/run-a-small-office.md
says. It needs the packages debootstrap, systemd-container and curl, and the ports 80, 443, 5432, 6379, 8000 and 8001.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.management.processes import eventually
from tests.management.running import ROOT
from tests.office.machine import HOST, Machine

SCENE = "import sys; sys.path.append('/opt/tree'); from tests.office import scene; print(scene.keys())"
INSTALL = (
    "sh", "/opt/tree/deploy/office/install.sh", "--host", HOST, "--admin-email", f"ada@{HOST}",
    "--smtp", "smtp://127.0.0.1:2525", "--internal", "--yes",
)  # fmt: skip
# How long what must not happen is waited for.
WHILE = 20
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("approvals", "{last}")]
    operations = [migrations.RunSQL("CREATE TABLE approvals_trial (id integer)", "DROP TABLE approvals_trial")]
"""


LOSE_EVERYTHING = """
set -e
cp -r /var/backups/hitl/. /mnt && cp /etc/hitl/hitl.env /root
systemctl disable --now hitl-web hitl-waits hitl-worker hitl-clock hitl-front hitl-backup.timer hitl-watch.timer
runuser -u postgres -- psql -c 'DROP DATABASE hitl WITH (FORCE)' -c 'DROP DATABASE IF EXISTS hitl_before'
rm -rf /srv/hitl* /var/lib/hitl /var/lib/hitl-office /var/backups/hitl /etc/hitl /etc/systemd/system/hitl-*
userdel hitl && userdel hitl_owner
install -d -m 700 /etc/hitl && install -m 600 /root/hitl.env /etc/hitl
"""


class Trial:
    """One office, and what happens there."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.number = machine, int(time.time())
        self.keys: dict[str, str] = {}

    def office(self, *words: str) -> str:
        """What one of its commands says."""
        return self.machine.run("hitl-office", *words)

    def mails(self, words: object) -> int:
        """How many mails with these words arrived."""
        folder = self.machine.folder / "var/tmp/mails"
        return sum(str(words) in path.read_text(errors="replace") for path in folder.iterdir())

    def propose(self, amount: float) -> tuple[str, str]:
        """The id of a new action, and the subject of the mail that it sends."""
        self.number += 1
        subject = f"Invoice no. {self.number}"
        payload = {"issuer": "Mill", "amount": amount, "currency": "EUR", "to": f"bob@{HOST}", "body": "Dear Bob"}
        payload |= {"subject": subject, "invoice_number": f"INV-{self.number}"}
        body = {"action_type": "invoice.post", "payload": payload, "confidence": 0.95}
        key = str(self.number)
        status, action = self.machine.call("POST", "api/v1/actions/", self.keys["agent"], body, Idempotency_Key=key)
        assert status in {200, 201}, action
        return str(action["id"]), f"Subject: {subject}"

    def read(self, action: str) -> Any:
        """An action as its reviewer reads it."""
        return self.machine.call("GET", f"api/v1/actions/{action}/", self.keys["person"])[1]

    def becomes(self, action: str, state: str) -> None:
        """Wait for a state."""
        assert eventually(lambda: self.read(action).get("state") == state, 60), self.read(action)

    def approve(self, action: str) -> None:
        """Approve what is shown."""
        self.becomes(action, "pending")
        seen = self.read(action)
        body = {"revision": seen["revision"]["number"], "digest": seen["revision"]["digest"]}
        body |= {"target_digest": seen["execution"]["target"]["digest"]}
        status, answer = self.machine.call("POST", f"api/v1/actions/{action}/approve/", self.keys["person"], body)
        assert status == 200, answer

    def watched(self, words: str) -> int:
        """How many mails with these words arrived after another look."""
        self.machine.run("systemctl", "start", "hitl-watch.service")
        return self.mails(words)

    def works(self) -> None:
        """An action goes all the way, and sends one mail."""
        action, subject = self.propose(20.5)
        self.becomes(action, "executed")
        assert self.mails(subject) == 1

    # The steps

    def installs(self) -> None:
        """From nothing, and once more without a change."""
        said = self.machine.run(*INSTALL)
        assert f"https://{HOST}/admin/set-password/" in said
        assert "Everything works." in self.office("status")
        assert self.mails("HITL is installed") == 1
        before = self.machine.run("cat", "/etc/hitl/hitl.env")
        assert "There are people already" in self.machine.run(*INSTALL)
        assert self.machine.run("cat", "/etc/hitl/hitl.env") == before
        assert self.machine.call("GET", "admin/login/", "")[0] == 200

    def carries_an_action_through(self) -> None:
        """Policy lets one run, and a person approves another."""
        self.keys = json.loads(self.office("manage", "shell", "--verbosity", "0", "--command", SCENE).splitlines()[-1])
        self.works()
        action, subject = self.propose(717)
        self.approve(action)
        self.becomes(action, "executed")
        assert self.mails(subject) == 1

    def restores(self) -> None:
        """What was sent after the backup is sent by nobody again."""
        action, subject = self.propose(718)
        self.becomes(action, "pending")
        assert "is equal" in self.office("backup")
        self.approve(action)
        self.becomes(action, "executed")
        assert "Sent after the backup, as this host knows: 1." in self.office("restore", "latest")
        assert "was restored" in self.machine.fails("hitl-office", "status")
        self.approve(action)
        other, unsent = self.propose(20.5)
        time.sleep(WHILE)
        assert (self.mails(subject), self.mails(unsent)) == (1, 0)
        assert "resumed" in self.office("resume", "--reason", "Compared with the mail server.")
        self.becomes(action, "uncertain")
        self.becomes(other, "executed")
        assert (self.mails(subject), self.mails(unsent)) == (1, 1)
        assert "Everything works." in self.office("status")

    def upgrades_and_goes_back(self) -> None:
        """To a tree with another migration, and back with the backup from before."""
        first = self.machine.run("readlink", "/srv/hitl")
        tree = self.machine.copy_tree("next")
        last = max(path.stem for path in (tree / "approvals/migrations").glob("0*.py"))
        (tree / "approvals/migrations/9000_trial.py").write_text(MIGRATION.format(last=last))
        self.office("upgrade", "/opt/next")
        assert self.machine.run("readlink", "/srv/hitl") != first
        self.works()
        assert "--lose" in self.machine.fails("hitl-office", "rollback")
        self.office("rollback", "--lose")
        assert self.machine.run("readlink", "/srv/hitl") == first
        assert "was restored" in self.machine.fails("hitl-office", "status")
        self.office("resume", "--reason", "Nothing is missing.")
        self.works()

    def survives_a_broken_upgrade(self) -> None:
        """A tree whose web process does not start, after its migration; then everything is as before."""
        first = self.machine.run("readlink", "/srv/hitl")
        shutil.copytree(self.machine.folder / "opt/next", self.machine.folder / "opt/broken", dirs_exist_ok=True)
        (self.machine.folder / "opt/broken/hitl_project/wsgi.py").write_text("raise RuntimeError('broken')\n")
        assert "HITL runs as before" in self.machine.fails("hitl-office", "upgrade", "/opt/broken")
        assert self.machine.run("readlink", "/srv/hitl") == first
        assert eventually(lambda: self.machine.call("GET", "admin/login/", "")[0] == 200, 60)
        self.works()
        assert "Everything works." in self.office("status")

    def tells_the_administrator(self) -> None:
        """A process that is gone, and a backup that cannot be made."""
        # What the timer saw while things were away is told and done with.
        self.machine.run("systemctl", "start", "hitl-watch.service")
        wrong, well = self.mails("something is wrong"), self.mails("all is well again")
        self.machine.run("systemctl", "stop", "hitl-worker.service")
        for _ in range(2):
            self.machine.run("systemctl", "start", "hitl-watch.service")
        assert self.mails("something is wrong") == wrong + 1
        self.machine.run("systemctl", "start", "hitl-worker.service")
        assert eventually(lambda: self.watched("all is well again") == well + 1, 120)
        self.machine.run("systemctl", "start", "hitl-backup.service")
        self.machine.run("systemctl", "stop", "postgresql.service")
        assert "failed" in self.machine.fails("systemctl", "start", "hitl-backup.service")
        assert eventually(lambda: self.mails("hitl-backup.service failed") > 0, 60)
        self.machine.run("systemctl", "start", "postgresql.service")
        self.machine.run("systemctl", "reset-failed")
        self.works()

    def moves_to_a_new_machine(self) -> None:
        """What is left of the old one: the backups on another disk, and the copy of the settings."""
        self.office("backup")
        self.machine.run("sh", "-c", LOSE_EVERYTHING)
        said = self.machine.run(*INSTALL)
        assert "set-password" in said
        (name,) = self.machine.run("sh", "-c", "ls /mnt | tail -1").split()
        self.office("restore", f"/mnt/{name}")
        pending, unsent = self.propose(20.5)
        time.sleep(WHILE)
        assert self.mails(unsent) == 0
        self.office("resume", "--reason", "Everything was resolved.")
        self.becomes(pending, "executed")

    def has_sound_units(self) -> None:
        """As systemd reads them."""
        names = self.machine.run(
            "sh", "-c", "ls -d /etc/systemd/system/hitl-*.service /etc/systemd/system/hitl-*.timer"
        )
        self.machine.run("systemd-analyze", "verify", *names.split())

    def restarts(self) -> None:
        """By its own command."""
        self.office("restart")
        assert eventually(lambda: "Everything works." in self.machine.run("hitl-office", "status", check=False), 120)

    def starts_with_the_machine(self) -> None:
        """After the machine was off; what was approved before goes on."""
        action, subject = self.propose(719)
        self.approve(action)
        self.machine.stop()
        self.machine.start()
        assert eventually(lambda: "Everything works." in self.machine.run("hitl-office", "status", check=False), 120)
        self.works()
        self.becomes(action, "executed")
        assert self.mails(subject) == 1


STEPS = (
    Trial.installs, Trial.carries_an_action_through, Trial.restores, Trial.upgrades_and_goes_back,
    Trial.survives_a_broken_upgrade, Trial.tells_the_administrator, Trial.has_sound_units, Trial.moves_to_a_new_machine,
    Trial.restarts, Trial.starts_with_the_machine,
)  # fmt: skip


def main(folder: Path) -> None:
    """Make the machine, and take every step."""
    machine = Machine(folder)
    machine.make()
    machine.copy_tree("tree")
    trial = Trial(machine)
    # It shares the machine's network, and needs no Python there: the installer has to bring that.
    sink = subprocess.Popen([sys.executable, ROOT / "tests/office/sink.py", machine.folder / "var/tmp/mails"])
    try:
        machine.start()
        for step in STEPS:
            began = time.monotonic()
            step(trial)
            print(f"{step.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        sink.terminate()
        machine.stop()
    print(f"{len(STEPS)} passed, 0 failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

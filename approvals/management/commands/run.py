"""`make run`: the whole product with its demo, under one supervisor, with Python only."""

import os
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from approvals import logs
from approvals.demo import people
from approvals.management.supervisor import demo_home, processes
from approvals.management.supervisor.supervision import Supervisor
from policies import db

ANSWER_SECONDS = 40.0


class Command(BaseCommand):
    """Prepare the demo, start its processes, and run until stopped."""

    help = "Start the demo: web server, worker, clock, and feeder. Set PORT (default 8000), or FEED=0 for no feeder."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the demo, start it, print the logins, and watch the processes."""
        demo_home.demand_demo()
        # For the files of all processes, which inherit it.
        os.umask(0o077)
        port = demo_home.port()
        held = demo_home.lock()
        demo_home.demand_port(port)
        self._prepare()
        notes = self._write_notes(port)
        connections.close_all()
        supervisor = Supervisor(processes.of_the_demo(port, held, is_feeding=os.environ.get("FEED") != "0"), self._say)
        supervisor.start()
        if self._wait_for(notes["url"], supervisor):
            self._greet(notes)
        supervisor.watch()
        self._say("All processes have stopped. Use `make run` to continue or `make reset` to start over.")

    def _prepare(self) -> None:
        """Migrate the database, and create the demo's history if it is incomplete."""
        if not demo_home.is_ready():
            demo_home.begin()
        demo_home.demand_known_database()
        self._say("Preparing the database...")
        call_command("migrate", verbosity=0, interactive=False)
        if not demo_home.is_ready():
            call_command("seed_demo", stdout=self.stdout)
            demo_home.mark(demo_home.READY)

    def _write_notes(self, port: int) -> dict[str, Any]:
        """Save the URL, logins and agent key, keeping those of an earlier run."""
        now = db.now()
        known = demo_home.read_json("demo.json")
        keys = people.agent_keys(demo_home.read_json("agents.json"), now)
        demo_home.write_json("agents.json", keys)
        notes = {
            "url": f"http://{demo_home.HOST}:{port}",
            "agent_key": keys[people.YOURS],
            "logins": people.logins(known.get("logins", []), now),
        }
        demo_home.write_json("demo.json", notes)
        return notes

    def _wait_for(self, url: str, supervisor: Supervisor) -> bool:
        until = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < until and not supervisor.stopping.is_set():
            try:
                with urllib.request.urlopen(f"{url}/admin/login/", timeout=5):
                    return True
            except urllib.error.HTTPError as error:
                self._say(f"{url} returned an error ({error.code}). See {demo_home.home() / 'logs' / 'web.log'}")
                return False
            except OSError:
                supervisor.stopping.wait(0.1)
        if not supervisor.stopping.is_set():
            self._say(f"{url} is not responding yet. See {demo_home.home() / 'logs' / 'web.log'}")
        return False

    def _greet(self, notes: dict[str, Any]) -> None:
        self._say(f"\nOpen {notes['url']} and sign in with one of these accounts:\n")
        for login in notes["logins"]:
            self._say(f"  {login['username']:<12} {login['password']:<16} {', '.join(login['roles'])}")
        self._say(f"\nAgent API key:  {notes['agent_key']}")
        self._say(f"REST API docs:  {notes['url']}/api/v1/docs/")
        self._say(f"The mailbox, journal, logs, and this information (demo.json) are in {settings.HITL_HOME}")
        self._say("\nPress Ctrl-C to stop.")

    def _say(self, line: str) -> None:
        logs.say(self.stdout, line)

"""Drives a run: proposes, strikes as planned, lets things settle, and audits."""

import sys
import time
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from tests.chaos.runs import audit, plan
from tests.chaos.runs.clients import Clients
from tests.chaos.runs.folder import Folder
from tests.chaos.runs.plan import Sizes
from tests.chaos.runs.site import Site

# A fault strikes this long after the one before it.
GAP_SECONDS = 3.0
SETTLE_SECONDS = 240.0
# So many proposals may wait for an answer before the next fault strikes.
BACKLOG = 100
HELD, BROKEN, STOPPED = 0, 1, 3
OPEN = """
    SELECT (SELECT count(*) FROM approvals_action WHERE state IN ('proposed', 'pending', 'approved', 'modified',
        'executing')) + (SELECT count(*) FROM approvals_execution WHERE state IN ('ready', 'running'))
        + (SELECT count(*) FROM approvals_ledgeroutbox)
"""


class Run:
    """One run in its folder; it strikes every ``gap`` seconds, and stops after ``most`` faults if that is given."""

    def __init__(
        self,
        path: Path,
        seed: int,
        sizes: Sizes,
        minutes: float = 20,
        gap: float = GAP_SECONDS,
        most: int | None = None,
    ) -> None:
        self.folder = Folder(path, seed, sizes)
        self.sizes, self.faults = sizes, plan.faults(seed, sizes)
        self.site = Site(self.folder, sizes.hosts)
        self.began = time.monotonic()
        self.until = self.began + minutes * 60
        self.gap, self.most, self.missed = gap, most, 0

    def go(self) -> int:
        """Go on from where the run was stopped, to the end or until the time is over; the exit code."""
        state = self.folder.run
        say(plan.in_words(state.seed, self.sizes))
        say(f"Folder: {self.folder.path}; {state.struck} of {len(self.faults)} faults have struck.")
        try:
            self.site.start()
            clients = Clients(self.folder, [host.url for host in self.site.hosts])
            clients.start()
            is_done = self._strike_all(clients) and self._settle(clients)
            clients.stop()
            if state.struck < len(self.faults) or (time.monotonic() > self.until and not is_done):
                say("The time is over. The same command goes on from here.")
                return STOPPED
            say(f"Settled: {is_done}. Answers to the clients: {dict(sorted(clients.statuses.items()))}.")
            return self._judge()
        except KeyboardInterrupt:
            say("Stopped. The same command goes on from here.")
            return STOPPED
        finally:
            state.seconds += time.monotonic() - self.began
            self.folder.save()
            self.site.stop()

    def _strike_all(self, clients: Clients) -> bool:
        """Strike as planned; false when the time is over."""
        state, count = self.folder.run, len(self.faults)
        for number in range(state.struck, count)[: self.most]:
            began = time.monotonic()
            clients.propose(self.sizes.actions * (number + 1) // count)
            while time.monotonic() < began + self.gap or clients.waiting > BACKLOG:
                if time.monotonic() > self.until:
                    return False
                time.sleep(0.1)
            self.missed += not self.site.strike(self.faults[number])
            state.struck = number + 1
            self.folder.save()
            if number % max(count // 20, 1) == 0:
                self._tell(f"{number + 1}/{count} faults, last: {self.faults[number]}")
        if state.struck < count:
            return False
        clients.propose(self.sizes.actions)
        return True

    def _settle(self, clients: Clients) -> bool:
        """Let everything come to its end."""
        self.site.heal()
        self._tell(f"All faults have struck, {self.missed} found nothing to hit; it settles")
        until = min(time.monotonic() + SETTLE_SECONDS, self.until)
        while time.monotonic() < until:
            if not clients.waiting and self._open() == 0:
                return True
            time.sleep(1)
        return False

    def _open(self) -> int:
        with self.site.postgres.connect("hitl") as asked:
            row = asked.execute(OPEN).fetchone()
        return int(str(row[0])) if row else 0

    def _judge(self) -> int:
        with psycopg.connect(**self.site.postgres.parameters, row_factory=dict_row) as database:
            findings = audit.examine(self.folder, database)
            states = audit.counts(self.folder, database)
        say("")
        for name, count in sorted(states.items()):
            say(f"  {count:6,}  {name}")
        say("")
        for finding in findings:
            say(f"  {'no ' if finding.faults else 'yes'}  {finding.question}")
            for fault in finding.faults[:20]:
                say(f"         {fault}")
        is_held = not any(finding.faults for finding in findings)
        minutes = (self.folder.run.seconds + time.monotonic() - self.began) / 60
        say(f"\n{'Held' if is_held else 'BROKEN'}: {sum(states.values())} actions, {minutes:.1f} minutes.")
        return HELD if is_held else BROKEN

    def _tell(self, what: str) -> None:
        with self.site.postgres.connect("hitl") as asked:
            rows = asked.execute("SELECT state, count(*) FROM approvals_action GROUP BY 1 ORDER BY 1").fetchall()
        states = ", ".join(f"{count} {state}" for state, count in rows)
        say(f"{(time.monotonic() - self.began) / 60:5.1f} min  {what}: {states}")


def say(text: str) -> None:
    """Tell whoever started the run."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

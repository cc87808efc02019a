"""The database restarted, killed, or away while a connector answers: no half state, and the answer is kept."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.workers import ROOT, Workers, until
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingServer

pytestmark = [pytest.mark.django_db, pytest.mark.chaos, pytest.mark.postgresql_only]


@pytest.fixture
def on_postgres(postgres: Postgres, workers: Workers) -> Workers:
    """Workers on a PostgreSQL of this test's own, migrated."""
    workers.environment["DATABASE_URL"] = postgres.url
    manage(workers, "migrate", "--verbosity", "0")
    return workers


def manage(workers: Workers, *arguments: str) -> None:
    given = [f"{name}={value}" for name, value in workers.environment.items()]
    subprocess.run(["/usr/bin/env", *given, sys.executable, "manage.py", *arguments], cwd=ROOT, check=True)


def propose(workers: Workers, server: RecordingServer, folder: Path, count: int) -> None:
    said = f"{count}, url='{server.url}/post', folder='{folder}'"
    manage(workers, "shell", "-c", f"from tests.chaos import scene; scene.propose_many({said})")


def states(postgres: Postgres) -> Counter[str]:
    with postgres.connect("hitl") as asked:
        return Counter(str(state) for (state,) in asked.execute("SELECT state FROM approvals_action"))


def numbered(postgres: Postgres) -> bool:
    """Whether every entry has its position, and the positions are dense."""
    query = """
        SELECT (SELECT count(*) FROM approvals_ledgerentry), (SELECT count(*) FROM approvals_ledgerposition),
               (SELECT max(number) FROM approvals_ledgerposition), (SELECT count(*) FROM approvals_ledgeroutbox)
    """
    with postgres.connect("hitl") as asked:
        row = asked.execute(query).fetchone()
    return row is not None and row[0] == row[1] == row[2] and row[3] == 0


class TestTheDatabase:
    @pytest.mark.parametrize("strike", [Postgres.restart, lambda server: (server.kill(), server.start())])
    def test_struck_under_load_leaves_no_half_state(
        self, on_postgres: Workers, postgres: Postgres, live_http_server: RecordingServer, server_folder: Path,
        strike: Callable[[Postgres], object],
    ) -> None:  # fmt: skip
        live_http_server.dedupes = False
        clock = on_postgres.clock()
        propose(on_postgres, live_http_server, server_folder, 80)
        assert live_http_server.wait_for(10, 30), clock.tail()
        strike(postgres)
        assert until(lambda: not states(postgres) - Counter(executed=80, uncertain=80), 60), states(postgres)
        # The other side promises nothing, so whatever was in doubt was left to a person and sent at most once.
        assert set(live_http_server.effects.values()) == {1}
        assert states(postgres)["executed"] <= len(live_http_server.effects) <= 80
        assert until(lambda: numbered(postgres), 10)

    def test_away_while_the_other_side_answers_keeps_the_answer(
        self, on_postgres: Workers, postgres: Postgres, live_http_server: RecordingServer, server_folder: Path
    ) -> None:
        live_http_server.hold()
        propose(on_postgres, live_http_server, server_folder, 1)
        clock = on_postgres.clock()
        assert live_http_server.wait_for(1, 30), clock.tail()
        postgres.stop()
        live_http_server.release()
        assert until(lambda: "execution.answer_waits" in clock.tail(200), 15), clock.tail()
        assert not until(lambda: not clock_lives(clock.pid), 4)  # longer than its lease
        postgres.start()
        assert until(lambda: states(postgres) == Counter(executed=1), 20), (states(postgres), clock.tail())
        assert len(live_http_server.requests) == 1


def clock_lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()

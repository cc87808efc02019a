"""`python -m benchmarks`: starts its own servers, measures, and ends with everything that it started.

What measures is loaded once the servers' addresses are in the environment, because Django's settings read them there.
"""

import os
import runpy
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import django

from benchmarks import tracking
from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey

SUITE = "benchmarks.suite"


def main(suite: str = SUITE, tuning: Mapping[str, str] | None = None, changed: Mapping[str, str] | None = None) -> None:
    """Start PostgreSQL and Valkey in a folder of their own, and hand over to the suite.

    :param tuning: settings of PostgreSQL.
    :param changed: settings of the product.
    """
    if not Path("/proc/self/stat").exists():
        raise SystemExit("The benchmarks read CPU times from /proc. Run them on Linux.")
    folder = Path(tempfile.mkdtemp(prefix="hitl-bench-"))
    folder.chmod(0o755)
    valkey = Valkey(folder / "valkey", remove=folder)
    postgres = Postgres(folder / "pg", durable=True, remove=folder, tuning=tuning or {})
    try:
        valkey.start()
        postgres.start()
        _count_statements(postgres)
        os.environ.update({**_environment(folder, valkey, postgres), **(changed or {})})
        django.setup()
        runpy.run_module(suite, run_name="__main__", alter_sys=True)
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _count_statements(postgres: Postgres) -> None:
    with postgres.connect() as server:
        server.execute(tracking.PRELOAD)
    postgres.restart()
    with postgres.connect() as server, postgres.connect("hitl") as database:
        tracking.prepare(server, database)


def _environment(folder: Path, valkey: Valkey, postgres: Postgres) -> dict[str, str]:
    os.environ.pop("DATABASE_OWNER_URL", None)
    return {
        "DJANGO_SETTINGS_MODULE": "hitl_project.settings",
        "HITL_MODE": "test",
        "HITL_HOME": str(folder / "home"),
        "HITL_RATE_PER_MINUTE": "0",
        "HITL_MAX_WAITING_PER_AGENT": "0",
        "HITL_MAX_WAITING_PER_DESK": "0",
        "HITL_WEB_THREADS": "8",
        "HITL_UNDO_SECONDS": "600",
        # A table is filled with millions of rows in one statement.
        "HITL_STATEMENT_SECONDS": "3600",
        "EMAIL_URL": "dummymail://",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
    }


if __name__ == "__main__":
    main()

"""Starts a small product for the tests of the clients: `python -m clients.product HOME PORT [FOLDER]`.

It is the demo without its history. FOLDER has more `policies/*.yaml` and `types/*.yaml`, written like those beside this
file. `HOME/demo.json` has the logins and the agent's key once it answers. Run it with the product's interpreter, from
the folder of the project. SIGINT stops it.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def prepare(folders: list[Path]) -> None:
    """Create the demo's people and catalog in an empty database, and the action types of these folders."""
    from celery import current_app  # noqa: PLC0415 -- Django must be set up first
    from django.core.management import call_command  # noqa: PLC0415

    from approvals.actors import Door, system  # noqa: PLC0415
    from approvals.demo import catalog, directory, people  # noqa: PLC0415
    from approvals.management.supervisor import demo_home  # noqa: PLC0415
    from approvals.services.configuration import set_up  # noqa: PLC0415
    from policies import db  # noqa: PLC0415

    if demo_home.is_ready():
        return
    demo_home.begin()
    call_command("migrate", verbosity=0, interactive=False)
    # Messages to workers go nowhere: none is running yet.
    current_app.conf.update(broker_url="memory://")
    now = db.now()
    people.settle(now - timedelta(days=1))
    directory.stock(now - timedelta(days=1))
    catalog.stock(now - timedelta(days=1))
    for catalog.FOLDER in folders:
        catalog._publish_policies(now)
        for entry in catalog._documents("types"):
            people.keep(catalog._action_type(entry), now, "Added for tests.")
    set_up.end(actor=system(Door.DEMO), at=now, why="The tests begin.")
    demo_home.mark(demo_home.READY)


def main(home: str, port: str, *folders: str) -> None:
    """Prepare the product, and become its supervisor."""
    os.environ.update(
        {
            "HITL_MODE": "demo",
            "HITL_HOME": home,
            "PORT": port,
            "FEED": "0",
            "DJANGO_SETTINGS_MODULE": "hitl_project.settings",
        }
    )
    django.setup()
    prepare([Path(__file__).parent, *map(Path, folders)])
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "manage.py", "run"])


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Starts a small product for the tests of the clients: `python -m clients.product HOME PORT [FOLDER...]`.

It is the demo without its history. Each FOLDER has more `policies/*.yaml` and `types/*.yaml`, written like those beside
this file. `HOME/demo.json` has the logins and the agent's key once it answers. Run it with the product's interpreter,
in the folder of the project. SIGINT stops it.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(home: str, port: str, *folders: str) -> None:
    """Prepare the product, and become its supervisor."""
    os.environ.update({"HITL_MODE": "demo", "HITL_HOME": home, "PORT": port, "FEED": "0", "HITL_UNDO_SECONDS": "2"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "hitl_project.settings"
    django.setup()
    # It needs Django's models, which are there only now.
    import_module("clients.product.catalog").prepare([Path(__file__).parent, *map(Path, folders)])
    os.execv(sys.executable, [sys.executable, "manage.py", "run"])


if __name__ == "__main__":
    main(*sys.argv[1:])

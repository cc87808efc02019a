"""`manage.py policy_export FOLDER`: write policies to files, byte for byte, for version control."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.models import Version
from policies.models.policy import VersionState


class Command(BaseCommand):
    """Write one file for each policy in force, or for the requested version."""

    help = "Write each policy in force to a YAML file in a folder. With --policy, write only that one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--policy", help="name of one policy")
        parser.add_argument("--number", type=int, help="version number to write, in any state (requires --policy)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and list them."""
        if options["number"] and not options["policy"]:
            raise CommandError("--number requires --policy.")
        versions = Version.objects.select_related("policy").order_by("policy__name")
        if options["policy"]:
            versions = versions.filter(policy__name=options["policy"])
        wanted = {"number": options["number"]} if options["number"] else {"state": VersionState.PUBLISHED}
        found = list(versions.filter(**wanted))
        if not found:
            raise CommandError("Version not found. The admin lists policies and their versions.")
        options["folder"].mkdir(parents=True, exist_ok=True)
        for version in found:
            path = options["folder"] / f"{version.policy.name}.yaml"
            path.write_bytes(version.source.encode())
            self.stdout.write(f"{path}: version {version.number}, digest {version.digest}")

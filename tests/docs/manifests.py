"""The manifests of Kubernetes as tests read them."""

from collections.abc import Iterator
from typing import Any

import yaml

from tests.management.running import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))


def objects() -> Iterator[dict[str, Any]]:
    """Every object of every file."""
    for file in FILES:
        yield from yaml.safe_load_all(file.read_text())


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    """The objects of one kind, by name without the prefix."""
    return {each["metadata"]["name"].removeprefix("hitl-"): each for each in objects() if each["kind"] == kind}


def pods() -> dict[str, dict[str, Any]]:
    """What each process runs in."""
    found = {**of_kind("Deployment"), **of_kind("Job")}
    return {name: each["spec"]["template"]["spec"] for name, each in found.items()}


def container(name: str) -> dict[str, Any]:
    """The only container of a process."""
    (found,) = pods()[name]["containers"]
    return dict(found)

"""Every manifest is what Kubernetes takes, by its own schemas: nothing misspelled, nothing missing."""

import copy
from typing import Any

import kubernetes_validate
import pytest

from tests.docs import manifests

OBJECTS = [pytest.param(each, id=f"{each['kind']}-{each['metadata']['name']}") for each in manifests.objects()]


@pytest.mark.parametrize("manifest", OBJECTS)
def test_a_manifest_is_valid(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, "1.37", strict=True)


def test_a_planted_fault_is_found() -> None:
    broken = copy.deepcopy(manifests.of_kind("Deployment")["web"])
    broken["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.37", strict=True)

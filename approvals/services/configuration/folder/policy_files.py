"""The policies of a folder: which differ from the version in force, and what is wrong with them. Steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from approvals.services.configuration.folder.reading import Fault, Folder, Place
from policies.engine.document.parse import Document, PolicyFault, parse
from policies.engine.evaluation import run_tests
from policies.queries import in_force, written


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy whose text differs from the version in force, if there is one."""

    path: str
    name: str
    source: str
    document: Document
    is_new: bool


def names(folder: Folder) -> frozenset[str]:
    """The names of the policies that a folder holds."""
    return frozenset(PurePosixPath(path).stem for path in folder.policies)


def changed(folder: Folder, faults: list[Fault]) -> list[PolicyFile]:
    """The policies that a folder changes; what cannot be read is noted as a fault."""
    found = []
    for path, source in folder.policies.items():
        try:
            document = parse(source)
        except PolicyFault as fault:
            faults.extend(Fault(Place(path), str(each)) for each in fault.faults)
            continue
        name = PurePosixPath(path).stem
        if document.name != name:
            faults.append(Fault(Place(path), f"It names the policy {document.name!r}. Rename it or the file."))
            continue
        now = in_force.in_force(name)
        # Comments alone change no policy.
        if now is None or now.digest != document.digest:
            found.append(PolicyFile(path, name, source, document, now is None))
    return found


def faults_of(policy: PolicyFile) -> Iterator[Fault]:
    """What keeps a policy from being published, such as a test that fails."""
    for finding in written.errors_in(policy.document):
        yield Fault(Place(policy.path), str(finding))
    for fault in run_tests.failures(policy.document):
        yield Fault(Place(policy.path), str(fault))

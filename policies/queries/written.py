"""What is found in a document when it is written: in itself, against its action types, and against who is here."""

from policies.engine.document.parse import Document
from policies.lab import findings
from policies.lab.findings import Finding
from policies.queries import past_cases


def found_in(document: Document) -> tuple[Finding, ...]:
    """Return everything that is found in a document in this installation; errors come first."""
    return (*findings.of_emptiness(document), *_found_in(document))


def _found_in(document: Document) -> tuple[Finding, ...]:
    source = past_cases.source()
    own = findings.of(document, source.types(document.name), source.vocabulary())
    return (*own, *source.named(document))


def errors_in(document: Document) -> tuple[Finding, ...]:
    """Return what keeps a document from being saved or published; an empty one may replace one in force."""
    return findings.errors(_found_in(document))

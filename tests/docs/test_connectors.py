"""The guide to connectors: its connector passes the kit that it shows."""

from typing import Any

from approvals.connectors.conformance import Conformance
from tests.docs.pages import blocks

NAMED = {"test_executes_once", "test_dedupes_if_it_says_so", "test_names_faults_in_sentences"}


def test_the_connector_of_the_guide_passes_the_kit() -> None:
    code: dict[str, Any] = {"__name__": "guide"}
    for block in blocks("how-to/write-a-connector.md", "python"):
        exec(compile(block, "write-a-connector.md", "exec"), code)  # the guide's own code
    tests: Conformance = code["TestNoticeBoard"]()
    names = {name for name in dir(tests) if name.startswith("test_")}
    assert names > NAMED
    for name in names:
        getattr(tests, name)()

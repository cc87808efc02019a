"""AgentBarrier's eleven guarantees, asked of an agent that uses the client."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.product import Product

PACKAGE = Path(__file__).resolve().parents[2]


def test_every_guarantee_holds(product: Product, tmp_path: Path) -> None:
    notes, found = tmp_path / "demo.json", tmp_path / "found.json"
    notes.write_text(json.dumps({**product.notes, "url": product.url}))
    command = [
        *(sys.executable, "-m", "agentbarrier", "verify", "tests.third_party.barrier:adapter", "--strict-skips"),
        *("--approval-profile", "per-action", "--settle", "0.2", "--operation-timeout", "30", "--tool-timeout", "0.5"),
        *("--json", str(found)),
    ]
    env = {**os.environ, "HITL_PRODUCT_NOTES": str(notes)}
    ended = subprocess.run(command, cwd=PACKAGE, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads(found.read_text())["summary"] == {"passed": 11, "failed": 0, "errors": 0, "skipped": 0}

"""What the README shows runs as it stands, apart from the address, the key and the folder."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.product import Product

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_example_pays(product: Product, tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    for shown, real in [
        ("http://127.0.0.1:8000", product.url),
        ("hitl_test_...", product.key),
        ("hitl-journal", str(tmp_path)),
    ]:
        assert shown in example
        example = example.replace(shown, real)
    names: dict[str, Any] = {}
    with ThreadPoolExecutor() as pool:
        running = pool.submit(exec, example, names)
        product.decide("invoice-4711", "approve", by="senior")
        running.result(60)
    assert names["result"] == {"transfer": "T-4711"}

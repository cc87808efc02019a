"""Whether a question only asks: what it does to the database is watched, and the first statement that writes fails."""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")


def watch(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[object]:
    """Have a question of a module fail when it writes; the list keeps its answers. Locking rows is asking."""
    ask, answers = getattr(module, name), []

    @wraps(ask)
    def watched(*given: Any, **more: Any) -> Any:
        with connection.execute_wrapper(_refuse_writes):
            answers.append(ask(*given, **more))
        return answers[-1]

    monkeypatch.setattr(module, name, watched)
    return answers


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    assert not sql.lstrip().upper().startswith(WRITES), f"A question writes: {sql}"
    return execute(sql, params, many, context)

"""How many rows tables have: counted while they are few, else estimated by the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

# So many rows are counted; counting more would take as long as reading them.
MAX_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a table has, or about how many."""

    count: int
    is_estimate: bool = False


def of(models: Sequence[type[Model]]) -> dict[type[Model], Size]:
    """Return the size of each of these tables, in one statement or two."""
    if not models:
        return {}
    quote = connection.ops.quote_name
    one = "(SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS counted)"
    parts = ", ".join(one.format(quote(model._meta.db_table), MAX_COUNTED + 1) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        counted = dict(zip(models, cursor.fetchone(), strict=True))
    large = [model for model, count in counted.items() if count > MAX_COUNTED]
    estimates = _estimates(large)
    return {
        model: Size(max(estimates.get(model, 0), MAX_COUNTED), True) if model in large else Size(count)
        for model, count in counted.items()
    }


def _estimates(models: Sequence[type[Model]]) -> dict[type[Model], int]:
    if not models or connection.vendor != "postgresql":
        return {}
    tables = {model._meta.db_table: model for model in models}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s) "
            "AND relnamespace = current_schema()::regnamespace",
            [list(tables)],
        )
        return {tables[name]: rounded(count) for name, count in cursor.fetchall()}


def rounded(count: int) -> int:
    """Return a number with its first two digits alone: an estimate is not exact."""
    zeros = max(0, len(str(abs(count))) - 2)
    return round(count, -zeros)

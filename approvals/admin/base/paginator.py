"""Pagination for lists that are too long to count."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MAX_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts at most 10,000 rows; older rows are found with filters."""

    most_counted = MAX_COUNTED

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """The number of rows, capped at 10,000."""
        return self.object_list.order_by()[:MAX_COUNTED].count()

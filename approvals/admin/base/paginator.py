"""Pages of a list whose length nobody can afford to count."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MAX_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts up to 10,000 rows and no further; whoever looks for an older row narrows the list by filters."""

    most_counted = MAX_COUNTED

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """How many rows there are, or 10,000 where there are more."""
        return self.object_list.order_by()[:MAX_COUNTED].count()

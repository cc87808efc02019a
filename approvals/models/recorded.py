"""Control rows: what decides who may act and how. They are sealed, and change only with a ledger entry."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models

from policies.seals import Sealed

# What tells of a change, and is none.
BOOKKEEPING = frozenset({"entry", "seal"})
# Changes with every sign-in and decides nothing, or follows from what is recorded.
UNRECORDED = frozenset({"last_login", "counts_as", "counts_as_id"})

Step = Callable[["Recorded"], None]


class Recorded(Sealed):
    """A row that never changes without a ledger entry; the triggers refuse it otherwise.

    ``entry`` is the entry of its last change, null as long as a row is as a migration made it.
    """

    unsealed = Sealed.unsealed | UNRECORDED

    entry = models.OneToOneField(
        "approvals.LedgerEntry", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    # Record what no service does, such as a command of Django.
    keep: ClassVar[Step | None] = None
    remove: ClassVar[Step | None] = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row through a service, which records it, unless one does so already."""
        fields = options.get("update_fields")
        is_recorded = options.pop("is_recorded", False) or (fields is not None and UNRECORDED.issuperset(fields))
        if is_recorded or Recorded.keep is None:
            super().save(*args, **options)
        else:
            Recorded.keep(self)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Delete the row through a service, which records it, unless one does so already."""
        if options.pop("is_recorded", False) or Recorded.remove is None:
            return super().delete(*args, **options)
        Recorded.remove(self)
        return 1, {self._meta.label: 1}

    def attach(self, entry_id: uuid.UUID) -> None:
        """Point to the ledger entry of the coming change."""
        self.entry_id = entry_id

    @property
    def is_sealed(self) -> bool:
        """Whether HITL saved the row as it is; what a migration made and nobody changed has no seal."""
        return self.entry_id is None or super().is_sealed

    @property
    def is_sealed_now(self) -> bool:
        """Whether the row has its seal under the key that seals, or needs none."""
        return self.entry_id is None or super().is_sealed_now

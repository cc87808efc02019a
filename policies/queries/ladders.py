"""The amount ladders of the versions that an evaluation used, for pictures."""

import logging
from collections.abc import Sequence
from functools import lru_cache

from policies.engine.document.sections import Amounts
from policies.models import Version
from policies.queries import in_force

log = logging.getLogger(__name__)


def of(digests: Sequence[str]) -> list[Amounts]:
    """Return the amount ladders of these versions, in their order; none of a version that cannot be read."""
    return [amounts for digest in digests if (amounts := _readable(digest)) is not None]


def _readable(digest: str) -> Amounts | None:
    try:
        return _read(digest)
    except (LookupError, ValueError, in_force.TamperedPolicy) as fault:
        log.warning("Policy has no picture", extra={"digest": digest, "fault": str(fault)[:500]})
        return None


@lru_cache(maxsize=256)
def _read(digest: str) -> Amounts | None:
    """The ladders of a version, which never change under its digest; what is not found is looked for again."""
    version = Version.objects.select_related("policy").filter(digest=digest).defer("source").first()
    if version is None:
        raise LookupError("There is no such version.")
    return in_force.document_of(version).amounts

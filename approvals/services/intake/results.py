"""What becomes of proposals, as values: actions, refusals, and what policy would say."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from approvals.errors import Halted
from approvals.models import Action, Attachment
from approvals.services.attachments.places import NO_FILES
from approvals.services.intake import clients
from approvals.services.intake.drafts import Draft
from approvals.services.payloads.proposal import Proposal
from policies.engine.checks.flag import Flag
from policies.engine.evaluation.result import Evaluation
from policies.errors import Refused


@dataclass(frozen=True, slots=True)
class ProposalResult:
    """The action that a proposal became, and whether it was there before; or why it became none."""

    taken: Action | None = None
    is_replay: bool = False
    refusal: Refused | None = None

    @property
    def action(self) -> Action:
        """The action.

        :raises Refused: the proposal was refused; says why.
        """
        if self.taken is None:
            raise self.refusal or Refused()
        return self.taken


@dataclass(frozen=True, slots=True)
class Preview:
    """What policy would say of a proposal, what automation misses in it, and what is odd about it; nothing is saved."""

    action: Action
    evaluation: Evaluation
    missing: Sequence[str]
    flags: Sequence[Flag]


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal of a batch, with its draft or why there is none."""

    item: Proposal
    draft: Draft | None = None
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read once for all proposals of a request: what is halted, by action type, the clients, and the files."""

    halted: Mapping[int, Halted]
    clients: clients.Known
    files: Mapping[uuid.UUID, Attachment] = field(default_factory=lambda: NO_FILES)

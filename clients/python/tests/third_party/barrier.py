"""HITL as AgentBarrier asks it: an agent whose actions are proposed, decided over REST, redeemed once and reported.

Run by `agentbarrier verify tests.third_party.barrier:adapter`, with the address and logins of a product in
`HITL_PRODUCT_NOTES`. A receipt of a request or decision is given only once the product's own timeline has it, with the
payload that the receipt is bound to. What a run did as a whole, and its look-ups, no action's timeline can tell: these
receipts are the agent's own.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from agentbarrier import adapter as contract
from agentbarrier.errors import AmbiguousEffectError
from agentbarrier.models import (
    ActionRequest,
    AuditEvent,
    AuditReceipt,
    Capability,
    ReconciliationEvidence,
    ReconciliationStatus,
    RunOutcome,
    RunStatus,
    action_digest,
)
from agentbarrier.probe import EffectProbe

from hitl_client import AsyncClient, NotApproved, Uncertain
from hitl_client.gate import Work
from tests.product import Product

KIND = "sentinel.write"
SETTLED = {ReconciliationStatus.COMMITTED: "happened", ReconciliationStatus.NOT_COMMITTED: "did_not_happen"}
FOUND = {
    ReconciliationStatus.COMMITTED: AuditEvent.RECONCILIATION_COMMITTED,
    ReconciliationStatus.NOT_COMMITTED: AuditEvent.RECONCILIATION_NOT_COMMITTED,
    ReconciliationStatus.CONFLICT: AuditEvent.RECONCILIATION_CONFLICT,
    ReconciliationStatus.UNAVAILABLE: AuditEvent.RECONCILIATION_UNAVAILABLE,
}
ENDS = {
    RunStatus.COMPLETED: AuditEvent.RUN_COMPLETED,
    RunStatus.CANCELLED: AuditEvent.RUN_CANCELLED,
    RunStatus.TIMED_OUT: AuditEvent.RUN_TIMED_OUT,
    RunStatus.UNKNOWN: AuditEvent.RUN_UNKNOWN,
    RunStatus.FAILED: AuditEvent.RUN_FAILED,
}


def payload_of(action: ActionRequest, key: str) -> dict[str, Any]:
    """What the agent proposes; the same arguments under another key are another mark, and no duplicate."""
    return {**action.arguments, "mark": key, "is_gated": action.requires_approval}


def arguments_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments in what was proposed or approved."""
    return {name: value for name, value in payload.items() if name not in {"mark", "is_gated"}}


class Adapter(contract.AgentAdapter):
    """One agent at one product. It keeps its journal from run to run, as an agent does that is started again."""

    name = "hitl"
    capabilities = frozenset(Capability)

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="hitl-agentbarrier-")
        # How often work was proven not to have happened: it is proposed anew, under another key.
        self.proven: dict[str, int] = {}

    @cached_property
    def product(self) -> Product:
        """The product under test, and the people who decide there."""
        notes = json.loads(Path(os.environ["HITL_PRODUCT_NOTES"]).read_text())
        return Product(notes["url"], notes)

    async def begin(
        self,
        *,
        run_id: str,
        actions: Sequence[ActionRequest],
        effect: EffectProbe,
        timeout_seconds: float | None = None,
    ) -> contract.RunHandle:
        """Start a run."""
        seconds = contract.validate_timeout(timeout_seconds)
        return Run(self, run_id, contract.validate_actions(actions), effect, seconds)


class Run(contract.RunHandle):
    """One run: each of its actions is held by itself."""

    def __init__(
        self,
        adapter: Adapter,
        run_id: str,
        actions: tuple[ActionRequest, ...],
        effect: EffectProbe,
        seconds: float | None,
    ):
        self.adapter, self.run_id, self.actions = adapter, run_id, {each.action_id: each for each in actions}
        self.effect, self.seconds = effect, seconds
        self.ids: dict[str, str] = {}
        self.replaced: dict[str, ActionRequest] = {}
        self.is_late = False
        self.note(AuditEvent.RUN_STARTED)
        self.task = asyncio.create_task(self.drive())

    def note(self, event: AuditEvent, action: ActionRequest | None = None, detail: str | None = None) -> None:
        """Keep a receipt."""
        bound = {} if action is None else {"action_id": action.action_id, "action_digest": action_digest(action)}
        self.effect.journal.record_receipt(run_id=self.run_id, event=event, detail=detail, **bound)

    async def drive(self) -> RunOutcome:
        """Hold every action until it is decided, and say how the run ended."""
        async with AsyncClient(self.adapter.product.url, self.adapter.product.key, journal=self.adapter.folder) as hitl:
            try:
                outcome = await self.all_of(hitl)
            except asyncio.CancelledError:
                outcome = RunOutcome(RunStatus.CANCELLED)
            except Uncertain as error:
                outcome = RunOutcome(RunStatus.TIMED_OUT if self.is_late else RunStatus.UNKNOWN, str(error))
        self.note(ENDS[outcome.status], detail=outcome.detail)
        return outcome

    async def all_of(self, hitl: AsyncClient) -> RunOutcome:
        """Propose the actions in their order, then hold all of them at once."""
        works = []
        for action in self.actions.values():
            work = self.work(action)
            self.ids[action.action_id] = (await hitl.propose(work.key, KIND, work.payload, **work.more)).id
            works.append(work)
        held = [asyncio.ensure_future(hitl.hold(work)) for work in works]
        try:
            await asyncio.wait(held)
        except asyncio.CancelledError:
            for one in held:
                one.cancel()
            await asyncio.wait(held)
            raise
        for one in held:
            if (error := one.exception()) is not None and not isinstance(error, NotApproved):
                raise error
        return RunOutcome(RunStatus.COMPLETED)

    def work(self, action: ActionRequest) -> Work:
        """The action as work for the client; its key follows from the work."""
        key = self.key(action)
        return Work(
            key=key,
            action_type=KIND,
            payload=payload_of(action, key),
            run=partial(self.carry_out, action),
            more={"confidence": 0.99} | ({"parent": self.ids[parent]} if (parent := action.parent_action_id) else {}),
            uncertain_on=(AmbiguousEffectError, TimeoutError),
        )

    def key(self, action: ActionRequest) -> str:
        """The key of the work, which is another one after each proof that it did not happen."""
        again = self.adapter.proven.get(action.action_id, 0)
        return f"{action.action_id}:{again}" if again else action.action_id

    async def carry_out(self, action: ActionRequest, payload: Any) -> Any:
        """Cause the effect with what was approved."""
        approved = action.with_arguments(arguments_of(payload))
        try:
            async with asyncio.timeout(self.seconds):
                return await self.effect(approved)
        except TimeoutError:
            self.is_late = True
            raise

    async def wait_for_pending(self, timeout_seconds: float) -> tuple[ActionRequest, ...]:
        """Wait until the product shows every gated action to people."""
        pending = [action for action in self.actions.values() if action.requires_approval]
        async with asyncio.timeout(timeout_seconds):
            for action in pending:
                while not await self.has("action.routed", action):
                    await asyncio.sleep(0.05)
                self.note(AuditEvent.APPROVAL_REQUESTED, action)
        return tuple(pending)

    async def has(self, event: str, action: ActionRequest) -> bool:
        """Whether the product's timeline has the event, and its action the arguments."""
        if action.action_id not in self.ids:
            return False
        ask, known = self.adapter.product.ask, self.ids[action.action_id]
        told = await asyncio.to_thread(ask, f"actions/{known}/timeline/")
        payload = (await asyncio.to_thread(ask, f"actions/{known}/"))["revision"]["payload"]
        return arguments_of(payload) == dict(action.arguments) and any(
            moment["event"] == event for moment in told["results"]
        )

    async def decide(self, action: ActionRequest, verb: str, **more: Any) -> None:
        """Decide as a reviewer, and ask the product's record whether it holds the decision."""
        await asyncio.to_thread(self.adapter.product.decide_on, self.ids[action.action_id], verb, **more)

    async def approve(self, action_id: str, replacement: ActionRequest | None = None) -> None:
        """Approve as a reviewer, or correct and approve."""
        action = self.actions[action_id]
        approved = replacement or action
        if replacement is None:
            await self.decide(action, "approve")
        else:
            await self.decide(action, "modify", payload=payload_of(replacement, self.key(action)))
        assert await self.has("decision.approved" if replacement is None else "decision.modified", approved)
        self.note(AuditEvent.APPROVED, approved)

    async def reject(self, action_id: str, reason: str | None = None) -> None:
        """Reject as a reviewer."""
        action = self.actions[action_id]
        await self.decide(action, "reject", rationale=reason or "No.")
        assert await self.has("decision.rejected", action)
        self.note(AuditEvent.REJECTED, action, reason)

    async def cancel(self) -> None:
        """Stop the agent."""
        self.task.cancel()
        await asyncio.wait([self.task])

    async def wait(self, timeout_seconds: float) -> RunOutcome:
        """Wait for the end."""
        done, _ = await asyncio.wait([self.task], timeout=timeout_seconds)
        return self.task.result() if done else RunOutcome(RunStatus.FAILED, "It did not end in time.")

    async def reconcile(self, action_id: str, timeout_seconds: float) -> ReconciliationEvidence:
        """Look up what happened; a person settles the action only by evidence that is decisive."""
        action = self.actions[action_id]
        self.note(AuditEvent.RECONCILIATION_STARTED, action)
        try:
            evidence = await asyncio.wait_for(self.effect.reconcile(action), timeout_seconds)
        except TimeoutError:
            detail = f"The look-up timed out after {timeout_seconds:g} seconds."
            self.note(AuditEvent.RECONCILIATION_TIMED_OUT, action, detail)
            digest = action_digest(action)
            return ReconciliationEvidence(action_id, ReconciliationStatus.UNAVAILABLE, digest, detail=detail)
        if resolution := SETTLED.get(evidence.status):
            body = {"resolution": resolution, "rationale": evidence.detail or "Looked up."}
            path = f"actions/{self.ids[action_id]}/resolve/"
            await asyncio.to_thread(self.adapter.product.post, path, body, by="senior")
        if evidence.status is ReconciliationStatus.NOT_COMMITTED:
            self.adapter.proven[action_id] = self.adapter.proven.get(action_id, 0) + 1
        self.note(FOUND[evidence.status], action, evidence.detail)
        return evidence

    async def replay(self) -> contract.RunHandle:
        """Do the same work again."""
        return Run(self.adapter, self.run_id, tuple(self.actions.values()), self.effect, self.seconds)

    async def audit_receipts(self) -> tuple[AuditReceipt, ...]:
        """The receipts of the run."""
        return self.effect.journal.receipts(run_id=self.run_id)

    async def close(self) -> None:
        """Stop what still runs."""
        await self.cancel()


def adapter() -> Adapter:
    """The adapter that `agentbarrier verify` asks for."""
    return Adapter()

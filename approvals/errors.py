"""Refusals of approvals; what each refusal is, and how its message is found, stands in `policies.errors`."""

from django.utils.translation import gettext_noop as _

from policies.errors import Refused


class Malformed(Refused):
    __doc__ = _("The request is not valid. Correct the listed errors.")
    code = "malformed"


class TooLarge(Malformed):
    __doc__ = _("The request is too large. Send a link to the large part instead.")
    code = "too_large"


class UnknownContent(Malformed):
    __doc__ = _(
        "The type of this file is not known. Send a PDF, a picture (PNG, JPEG, WebP, TIFF, or GIF), plain text, CSV, "
        "an email (.eml), or XML."
    )
    code = "unknown_media_type"


class AttachmentMissing(Refused):
    __doc__ = _("The file of this attachment is missing. Ask your operator to restore it.")
    code = "attachment_missing"


class SchemaFault(Refused):
    __doc__ = _(
        "The payload does not match the action type’s schema. Correct the listed fields, and propose the action again."
    )
    code = "payload_invalid"


class UnknownType(Refused):
    __doc__ = _(
        "No active action type has this name. To list the types that this key can propose, call GET action_types/."
    )
    code = "unknown_action_type"


class NotFound(Refused):
    __doc__ = _("The item does not exist, or you do not have access to it. Check the link or ID.")
    code = "not_found"


class NotAllowed(Refused):
    __doc__ = _("You do not have permission to do this. Ask an administrator for permission.")
    code = "not_allowed"


class SelfApproval(NotAllowed):
    __doc__ = _("You requested or edited this action, or you own its agent. Another reviewer must decide.")
    code = "self_approval"


class TierTooLow(NotAllowed):
    __doc__ = _("This action needs a reviewer of a higher tier. Escalate the action.")
    code = "tier_too_low"


class AboveCeiling(TierTooLow):
    __doc__ = _("The amount is above your ceiling at this desk. Escalate the action.")
    code = "above_ceiling"


class NoStandingRule(NotAllowed):
    __doc__ = _("Standing rules cannot cover this action. A person must decide each time.")
    code = "no_standing_rule"


class DelegationRefused(NotAllowed):
    __doc__ = _(
        "Your delegation does not cover this decision. Ask the delegator or a senior reviewer at the desk to decide."
    )
    code = "delegation_refused"


class NotYourDesk(NotAllowed):
    __doc__ = _("You are not a reviewer at this desk. Ask an administrator to add you.")
    code = "not_your_desk"


class NotAsked(NotAllowed):
    __doc__ = _("The open stage is assigned to someone else. You can escalate the action.")
    code = "not_assigned"


class ScopeMissing(NotAllowed):
    __doc__ = _("This key does not have the required scope. Use a key with that scope.")
    code = "scope_missing"


class KeyRevoked(NotAllowed):
    __doc__ = _("This key is revoked. Ask the agent’s owner for a new one.")
    code = "key_revoked"


class WrongState(Refused):
    __doc__ = _("The action’s current state does not allow this. Reload the action to see its state.")
    code = "wrong_state"


class Expired(WrongState):
    __doc__ = _("The action expired before anyone decided. The agent can propose the action again.")
    code = "expired"


class AlreadyDecided(WrongState):
    __doc__ = _("Another person has already decided on this action. Reload the page to see the decision.")
    code = "already_decided"


class ClaimedByAnother(WrongState):
    __doc__ = _("Another person has claimed this action. To decide, take over the action.")
    code = "claimed_by_another"


class NotAlike(WrongState):
    __doc__ = _("You cannot decide on these actions in bulk. Decide on each one separately.")
    code = "not_alike"


class StaleRevision(Refused):
    __doc__ = _("The action has changed since you opened it. Review the action again before you decide.")
    code = "stale_revision"


class StaleTarget(StaleRevision):
    __doc__ = _("The execution settings have changed since you opened this action. Review the action again.")
    code = "stale_target"


class RationaleMissing(Refused):
    __doc__ = _("Policy requires a rationale for this decision. Enter one.")
    code = "rationale_missing"


class NothingChanged(Refused):
    __doc__ = _("The payload has not changed. Change it, or approve the action instead.")
    code = "nothing_changed"


class BlockedByPolicy(Refused):
    __doc__ = _("Policy blocks the edited action. Change the action to satisfy the listed rules.")
    code = "blocked_by_policy"


class KeyReused(Refused):
    __doc__ = _("This idempotency key was already used with a different body. Use a new key for a new proposal.")
    code = "idempotency_conflict"


class TestsFail(Refused):
    __doc__ = _("A policy test fails. Correct the rules or the test, then save the draft again.")
    code = "tests_fail"
    __test__ = False


class PolicyInvalid(Refused):
    __doc__ = _("The policy has errors. Correct them, then save a new draft.")
    code = "policy_invalid"


class SetUpInvalid(Refused):
    __doc__ = _("The files of the set-up have faults, so nothing was changed. Correct them, and apply the files again.")
    code = "set_up_invalid"


class AlreadyConsumed(Refused):
    __doc__ = _("The approval has already been redeemed. Each approval can be redeemed only once.")
    code = "already_consumed"


class NotApproved(Refused):
    __doc__ = _("The action is not approved, so there is no approval to redeem.")
    code = "not_approved"


class NotRedeemableYet(NotApproved):
    __doc__ = _("The approval cannot be redeemed yet. Redeem it later.")
    code = "not_redeemable_yet"


class ApprovalExpired(Refused):
    __doc__ = _("The approval has expired. Propose the action again.")
    code = "approval_expired"


class Tampered(Refused):
    __doc__ = _(
        "The stored payload differs from the approved one, so the action was not executed. An incident was recorded. "
        "Contact your operator."
    )
    code = "digest_mismatch"


class TooLate(Refused):
    __doc__ = _(
        "The action has already been sent and can no longer be undone. Check whether you can reverse the action."
    )
    code = "already_dispatched"


class DecisionFinal(Refused):
    __doc__ = _("The undo window has ended, so the decision is final.")
    code = "decision_final"


class Halted(Refused):
    __doc__ = _("A halt is in force, so no new actions can start. Try again after the halt is lifted.")
    code = "halted"


class TooManyAttempts(Refused):
    __doc__ = _("Too many attempts. Try again later.")
    code = "too_many_attempts"


class Backlogged(Refused):
    __doc__ = _(
        "This agent has reached its limit of {limit} waiting actions. Wait until some are decided, then try again."
    )
    code = "backlog_full"


class UploadLimit(Refused):
    __doc__ = _("This agent has uploaded too much. Try again later.")
    code = "upload_limit"


class Unavailable(Refused):
    __doc__ = _("The service is temporarily unavailable. Try again shortly.")
    code = "unavailable"


class Restoring(Unavailable):
    __doc__ = _(
        "The database was restored from a backup, so nothing is executed. An operator must resume execution first."
    )
    code = "restoring"


class TooSlow(Unavailable):
    __doc__ = _("The request took too long and was stopped. Nothing was saved. Request less data, or try again later.")
    code = "too_slow"


class Busy(Unavailable):
    __doc__ = _("Another change to the same records is taking too long, so nothing was saved. Try again shortly.")


class DiskFull(Unavailable):
    __doc__ = _("A disk on the server is full, so nothing was saved. Ask your operator to free up disk space.")
    code = "disk_full"


class ReadOnly(Unavailable):
    __doc__ = _(
        "This installation’s database or disk is read-only, so nothing was saved. Ask your operator to make it "
        "writable."
    )
    code = "read_only"


class StoreAway(Unavailable):
    __doc__ = _("The storage of attachments does not respond. Try again shortly, or ask your operator.")
    code = "store_unavailable"

"""Refusals of policy changes: each docstring is the message, and `code` is the stable name."""


class PolicyRefused(Exception):
    """The policy was not changed."""

    code = "policy_refused"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class SamePerson(PolicyRefused):
    """The author of a version cannot publish it. Ask a second person."""

    code = "self_publication"


class NotADraft(PolicyRefused):
    """This version is no longer a draft. Create a new draft."""

    code = "not_a_draft"


class NotInForce(PolicyRefused):
    """This version is not in force, so it cannot be retired."""

    code = "not_in_force"


class Overtaken(PolicyRefused):
    """A newer version is already in force. Base your draft on that version."""

    code = "overtaken"


class StaleVersion(PolicyRefused):
    """The version's digest differs from the one shown. Review it again."""

    code = "stale_version"


class TestsFail(PolicyRefused):
    """A test of the policy fails. Fix the rules or the test, and create a new draft."""

    code = "tests_fail"
    __test__ = False


class UnknownVersion(PolicyRefused):
    """Version not found. Check the policy's name and the version number."""

    code = "unknown_version"


class WrongName(PolicyRefused):
    """The document names a different policy. Correct its `policy` field."""

    code = "wrong_name"

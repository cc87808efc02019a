"""Why a change of a policy is refused: each docstring is the message, and `code` the stable name."""


class PolicyRefused(Exception):
    """The policy was not changed."""

    code = "policy_refused"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class SamePerson(PolicyRefused):
    """Whoever drafted a version cannot publish it. Ask a second person."""

    code = "self_publication"


class NotADraft(PolicyRefused):
    """This version is no draft any more. Draft a new one."""

    code = "not_a_draft"


class NotInForce(PolicyRefused):
    """This version is not in force, so it cannot be retired."""

    code = "not_in_force"


class Overtaken(PolicyRefused):
    """A newer version is already in force. Draft your change on top of that one."""

    code = "overtaken"


class StaleVersion(PolicyRefused):
    """The version does not have the digest that was shown. Look at it again."""

    code = "stale_version"


class TestsFail(PolicyRefused):
    """A test that the policy carries fails. Correct the rules or the test, and draft it again."""

    code = "tests_fail"
    __test__ = False


class UnknownVersion(PolicyRefused):
    """There is no such version. Check the policy's name and the number."""

    code = "unknown_version"


class WrongName(PolicyRefused):
    """The document names another policy. Correct its `policy` field."""

    code = "wrong_name"

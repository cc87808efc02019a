"""Everything that a page offers works: each role walks through every page and presses every link and button."""

from unittest.mock import patch

from django.db import connection
from django.test import TestCase, override_settings

from policies import db as policies_db
from tests.admin.offers import everything
from tests.admin.offers.everything import ROLES, Everything
from tests.admin.offers.walk import Walk
from tests.doubles import NAMES, fresh_connector
from tests.proof import times


class Outside:
    """The connection as if no transaction were open: an errand refuses to run inside one."""

    in_atomic_block = False

    def __getattr__(self, name: str) -> object:
        return getattr(connection, name)


@override_settings(HITL_CONNECTORS=NAMES)
class TestEveryOffer(TestCase):
    """One test for each role; the world is made once."""

    everything: Everything

    @classmethod
    def setUpClass(cls) -> None:
        """Let errands run inside the test's transaction."""
        cls.enterClassContext(patch.object(policies_db, "connection", Outside()))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the world."""
        cls.everything = everything.make(fresh_connector())

    def walk(self, role: str) -> None:
        """Fail with everything that was refused to this role."""
        walk = Walk(self.everything.signed_in(role), times(12, 1), list(ROLES).index(role))
        refused = walk.all()
        assert walk.pressed["buttons"] > 1 and walk.pressed["links"] > 5
        assert not refused, "\n".join(refused)


for each in ROLES:
    setattr(TestEveryOffer, f"test_{each}", lambda self, role=each: self.walk(role))

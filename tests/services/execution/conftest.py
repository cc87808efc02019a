"""The privileges of the application's role, as the processes of web, worker and clock have them."""

from collections.abc import Generator

import pytest
from django.db import connection

from approvals.connectors.fake import FakeConnector
from approvals.management.commands.grant_app_role import privileges


@pytest.fixture
def as_application(db: None, fake: FakeConnector) -> Generator[None]:
    """This process has the privileges of the application's role, as web and worker have."""
    owner = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        for statement in privileges(connection, "hitl_app"):
            cursor.execute(statement)
    connection.close()
    connection.settings_dict["USER"] = "hitl_app"
    yield
    connection.close()
    connection.settings_dict["USER"] = owner

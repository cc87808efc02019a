"""A change of a configuration row as plain data."""

import pytest

from approvals.services.catalog import control, row_changes


@pytest.mark.parametrize("name", control.TABLES)
def test_each_row_that_a_controlled_row_points_at_has_a_natural_key(name: str) -> None:
    row = row_changes.model_of(name)()
    pointed_at = {
        str(field.related_model._meta.model_name) for field in row_changes.fields_of(row) if field.is_relation
    }
    assert pointed_at <= set(control.TABLES) | set(row_changes.OTHER_KEYS)

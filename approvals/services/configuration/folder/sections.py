"""What the files of a set-up hold: each section, its rows, and the fields of a row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Field, Model

from approvals.models import (
    ActionType,
    Agent,
    Calendar,
    Client,
    Desk,
    Duty,
    Employee,
    ExchangeRate,
    FlowLimit,
    Holiday,
    Hours,
    Membership,
    Person,
    SubjectOwner,
)
from approvals.models.action_types import BUILT_IN
from approvals.models.recorded import BOOKKEEPING
from approvals.services.catalog import control
from approvals.text import normalize

POLICIES = "policies"
SCHEMAS = "schemas"


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one model: those of a file, those of a folder with one file each, or those that belong to a row.

    ``key`` names a row within its file. ``owner`` is the field that leads to the row that a part belongs to.
    """

    name: str
    model: type[Model]
    key: tuple[str, ...]
    parts: tuple["Section", ...] = ()
    is_folder: bool = False
    owner: str = ""

    @property
    def path(self) -> str:
        """The file that holds all rows, or the folder that holds one file for each."""
        return self.name if self.is_folder else f"{self.name}.yaml"

    @property
    def fields(self) -> "tuple[Field[Any, Any], ...]":
        """The fields that files hold, those of the key first."""
        model: Any = self.model
        table = control.TABLES[model._meta.model_name]
        hidden = table.derived | BOOKKEEPING | {self.owner} | ({"spelled"} if self.model is SubjectOwner else set())
        others = (field.name for field in model._meta.concrete_fields if not field.primary_key)
        names = dict.fromkeys((*self.key, *(name for name in others if name not in hidden)))
        return tuple(model._meta.get_field(name) for name in names)

    def holds(self, row: Model) -> bool:
        """Whether files hold this row: not what is built in, nor an agent that stands for a person."""
        return not (
            (isinstance(row, ActionType) and row.name in BUILT_IN) or (isinstance(row, Agent) and row.person_id)
        )


# In the order in which rows need each other.
SECTIONS = (
    Section("desks", Desk, ("slug",)),
    Section(
        "calendars",
        Calendar,
        ("desk",),
        parts=(
            Section("hours", Hours, ("weekday", "begins", "ends"), owner="calendar"),
            Section("holidays", Holiday, ("on",), owner="calendar"),
        ),
    ),
    Section("clients", Client, ("key",)),
    Section("memberships", Membership, ("person", "desk", "client")),
    Section("action_types", ActionType, ("name",), is_folder=True),
    Section("agents", Agent, ("name",)),
    Section("employees", Employee, ("key",)),
    Section("subject_owners", SubjectOwner, ("subject", "from_on")),
    Section("duties", Duty, ("desk", "person", "starts_at")),
    Section("connector_limits", FlowLimit, ("connector", "host")),
    Section("exchange_rates", ExchangeRate, ("currency", "valid_from")),
)

# What files refer to and do not hold.
NAMED: Mapping[type[Model], str] = {Person: "username", Group: "name"}
# Rows are found by a plain spelling of these fields, as everywhere.
SPELLED = {("employee", "key"): normalize.name, ("subjectowner", "subject"): normalize.subject}


def is_required(field: "Field[Any, Any]") -> bool:
    """Whether a row cannot do without this field."""
    return not (field.has_default() or field.null or field.blank)


def default_of(field: "Field[Any, Any]") -> Any:
    """What a field that a file leaves out holds."""
    return None if field.is_relation else field.get_default()

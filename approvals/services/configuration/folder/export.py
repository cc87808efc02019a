"""The set-up of an installation as files, which applied to it change nothing. Pure."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.errors import NotAllowed
from approvals.models import Person
from approvals.services.configuration.folder.registry import Registry
from approvals.services.configuration.folder.sections import POLICIES, SCHEMAS, SECTIONS, Section, default_of
from approvals.services.configuration.folder.values import is_same, written
from policies.engine.document import writer
from policies.queries import in_force

HIDDEN = _("You cannot read the set-up, because you have no permission to view: {names}. Ask an administrator.")


def files() -> dict[str, str]:
    """The text of each file by its path in the folder; what holds its default is left out, and so are secrets."""
    registry = Registry()
    found = {path: text for section in SECTIONS for path, text in _files_of(section, registry)}
    return found | {f"{POLICIES}/{name}.yaml": source for name, source in in_force.sources().items()}


def files_for(person: Person) -> dict[str, str]:
    """The same files for somebody who may see all that they hold.

    :raises NotAllowed: they may not; names what they would have to see.
    """
    models: list[Any] = [section.model for section in (*SECTIONS, *(part for each in SECTIONS for part in each.parts))]
    hidden = [model for model in models if not person.has_perm(f"approvals.view_{model._meta.model_name}")]
    if hidden:
        names = ", ".join(str(model._meta.verbose_name_plural) for model in hidden)
        raise NotAllowed(HIDDEN, said={"names": names})
    return files()


def _files_of(section: Section, registry: Registry) -> Iterator[tuple[str, str]]:
    rows = [_row(section, row, registry) for row in registry.rows(section.model).values() if section.holds(row)]
    rows.sort(key=lambda row: [str(row.get(name, "")) for name in section.key])
    if section.is_folder:
        for row in rows:
            yield f"{section.path}/{row[section.key[0]]}.yaml", _head(section, "../") + writer.write(row)
    elif rows:
        yield section.path, _head(section, "") + writer.write({section.name: rows})


def _head(section: Section, up: str) -> str:
    """The line by which editors find the schema."""
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{section.name}.json\n"


def _row(section: Section, row: Model, registry: Registry) -> dict[str, Any]:
    fields = {field.name: registry.written(field, row) for field in section.fields}
    kept = {
        field.name: fields[field.name]
        for field in section.fields
        if not is_same(fields[field.name], written(field, default_of(field)))
    }
    return kept | {part.name: rows for part in section.parts if (rows := _rows_of(part, row, registry))}


def _rows_of(part: Section, owner: Model, registry: Registry) -> list[dict[str, Any]]:
    """The rows inside a row, in their order."""
    rows = [row for row in registry.rows(part.model).values() if getattr(row, f"{part.owner}_id") == owner.pk]
    rows.sort(key=lambda row: [getattr(row, name) for name in part.key])
    return [_row(part, row, registry) for row in rows]

"""Whether the requester that an action names is anybody whom we know: a person, or an employee of the directory."""

from django.db.models import Q

from approvals.authority import conflicts
from approvals.models import Action, Employee, Person
from approvals.models.people import MAX_NORMALIZED
from approvals.text.normalize import names_in


def is_known(action: Action) -> bool:
    """Whether `on_behalf_of` names somebody: then, now or by a former name, with or without a login."""
    if action.requesters or conflicts.named([action.on_behalf_of])[action.on_behalf_of]:
        return True
    names = {name[:MAX_NORMALIZED] for name in names_in(action.on_behalf_of)}
    if Employee.objects.filter(Q(normalized_key__in=names) | Q(normalized_name__in=names)).exists():
        return True
    text = action.on_behalf_of.strip()
    return bool(Person.history.filter(Q(username__iexact=text) | Q(email__iexact=text)).exists())

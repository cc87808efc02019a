"""Who has a part in an action that keeps them from deciding on it; asked of many people at once.

A few statements however many there are: whoever opens a stage asks this of all whom it may ask.
"""

from collections.abc import Collection

from approvals.models import Action, ApiKey, Employee, Person
from approvals.queries.spelling import names_in


def requesters(action: Action, people: Collection[Person]) -> set[int]:
    """Those on whose behalf the action is: by user name, e-mail address, full name or id, however spelled.

    Whoever reopened what policy had blocked asked for it.
    """
    found = {person.pk for person in people if person.pk == action.reopened_by_id}
    asked = names_in(action.on_behalf_of)
    if not asked:
        return found
    known = {
        person.pk: {person.get_username(), person.email, person.get_full_name(), f"person:{person.pk}"}
        for person in people
    }
    # As the directory knows them, too: that is how whoever decides for somebody is found.
    for person, *names in Employee.objects.filter(person__in=known).values_list("person", "key", "name"):
        known[person].update(names)
    named = {person for person, names in known.items() if asked & {plain for name in names for plain in names_in(name)}}
    return found | named


def owners(action: Action, people: Collection[Person]) -> set[int]:
    """Those who own the action's agent or hold a key of it."""
    # The owner of then and of now: handing the agent over must not open its old proposals.
    found = {person.pk for person in people if person.pk in (action.owner_id, action.agent.owner_id)}
    others = [person.pk for person in people if person.pk not in found]
    holders = ApiKey.objects.filter(agent_id=action.agent_id, holder__in=others).values_list("holder", flat=True)
    return found | {holder for holder in holders if holder is not None}

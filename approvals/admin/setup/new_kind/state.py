"""What was typed on the pages so far, carried in one signed hidden field.

It is not kept in the session: so two tabs do not mix, the browser's own Back shows what was typed there, a session that
ends loses nothing, and nothing is stored of what nobody created. It is signed so that each page can rely on what an
earlier one accepted; everything is checked again before it is saved.
"""

from collections.abc import Mapping

from django.core import signing
from django.http import HttpRequest, QueryDict

SALT, FIELD = "hitl.new_kind", "state"
# Of the page and of the browser, not of what was typed.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", FIELD, "step", "go"})
Typed = dict[str, dict[str, list[str]]]


def read(request: HttpRequest) -> Typed:
    """What was typed on the other pages; nothing if the field is missing or forged."""
    try:
        found = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def written(typed: Typed) -> str:
    """The text of the hidden field."""
    return signing.dumps(typed, salt=SALT, compress=True)


def of_page(request: HttpRequest) -> dict[str, list[str]]:
    """What was typed on the page that was sent."""
    return {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_TYPED}


def as_data(typed: Mapping[str, list[str]]) -> QueryDict:
    """Typed values as a form takes them."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data

"""Whether what an agent quotes from a document stands in it."""

from approvals.documents import process


def missing(content: bytes, media_type: str, page: int, quote: str) -> bool:
    """Whether a quote is not on a page of a document; nobody can find one in a picture or past the last page.

    :param page: the page, from 1.
    :raises Unreadable: the document cannot be read, or too many are being read.
    """
    job = {"do": "look", "kind": media_type, "width": 100, "quotes": [[page, quote]]}
    places = process.ask(job, content)[0].get("places")
    return not isinstance(places, list) or places == [None]

"""Whether the words of a payload fit the sign of its amount."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from policies.engine.checks.flag import Odd
from policies.engine.values import money
from policies.engine.values.said import message

# Beginnings of words, without accents, by language; a blank stands for any separator or none.
CREDIT_NOTES: Mapping[str, tuple[str, ...]] = {
    "en": ("credit note", "credit memo", "credit invoice", "refund", "reversal", "reimbursement", "chargeback"),
    "de": (
        "gutschrift",
        "storno",
        "rechnungskorrektur",
        "korrekturrechnung",
        "erstattung",
        "ruckzahlung",
        "annullierung",
    ),
    "fr": ("avoir", "note de credit", "facture d avoir", "remboursement", "annulation"),
    "es": (
        "nota de credito",
        "nota de abono",
        "factura de abono",
        "abono",
        "factura rectificativa",
        "rectificativa",
        "reembolso",
        "devolucion",
    ),
    "it": ("nota di credito", "nota credito", "storno", "rimborso"),
    "nl": ("creditnota", "creditfactuur", "terugbetaling"),
}
INVOICES: Mapping[str, tuple[str, ...]] = {
    "en": ("invoice",),
    "de": ("rechnung", "eingangsrechnung"),
    "fr": ("facture",),
    "es": ("factura",),
    "it": ("fattura",),
    "nl": ("factuur",),
}
# These also end a compound: Teilgutschrift, Rechnungsstorno, Schlussrechnung.
_COMPOUNDS = frozenset(("gutschrift", "storno", "erstattung", "ruckzahlung", "rechnung"))
_REPAYING_TYPE = re.compile(r"\b(credit|refund|revers|repay|storno|gutschrift|avoir|rembours)")
# Names of fields that say what a document is, as parts of names such as `documentType`.
_NAMES = (
    "type kind title description desc subject document category doctype memo note notes comment remark remarks purpose "
    "art titel beschreibung betreff beleg belegart dokument buchungstext verwendungszweck bezeichnung "
    "typ belegtyp dokumenttyp dokumentart rechnungsart rechnungstyp bemerkung notiz kommentar "
    "objet libelle titre nature designation intitule commentaire remarque "
    "tipo concepto asunto descripcion documento titulo observaciones nota oggetto descrizione causale titolo documenti "
    "soort onderwerp omschrijving"
)
FIELDS = frozenset(_NAMES.split())
MAX_LENGTH = 200
_MAX_DEPTH = 4


def doubt(value: object, payload: Mapping[str, object], action_type: str) -> Odd | None:
    """Return what is odd about an amount if the payload calls itself a credit note or an invoice."""
    amount = money.written(value)
    # A type such as refund.pay pays positive amounts; its name says so already.
    if not amount or _REPAYING_TYPE.search(_plain(action_type)):
        return None
    found = [(text, _plain(text)) for text in _texts(payload)]
    credit = next((text for text, plain in found if _CREDIT.search(plain)), None)
    if amount > 0 and credit is not None:
        template = message("{value} is positive, but “{words}” indicates a credit note.")
        return Odd("sign_mismatch", template, {"words": credit.strip()[:60]})
    invoice = next((text for text, plain in found if _INVOICE.search(plain)), None)
    if amount < 0 and credit is None and invoice is not None:
        template = message("{value} is negative, but “{words}” indicates an invoice.")
        return Odd("sign_mismatch", template, {"words": invoice.strip()[:60]})
    return None


def _texts(payload: Mapping[str, object], depth: int = _MAX_DEPTH) -> Iterator[str]:
    """Yield the short texts that say what the document is; its lines say what each of them is."""
    for name, value in payload.items():
        if isinstance(value, str) and len(value) <= MAX_LENGTH and not FIELDS.isdisjoint(_plain(name).split()):
            yield value
        elif isinstance(value, Mapping) and depth:
            yield from _texts(value, depth - 1)


def _plain(text: str) -> str:
    """Return the words of a text in lower case, without accents; `creditNote` has two."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = (each for each in unicodedata.normalize("NFKD", apart.casefold()) if not unicodedata.combining(each))
    return " ".join(re.findall(r"[^\W_]+", "".join(letters)))


def _any_of(words: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    every = sorted({word for of_language in words.values() for word in of_language})
    starts = ("" if word in _COMPOUNDS else r"\b" for word in every)
    return re.compile("|".join(f"{start}{word.replace(' ', ' ?')}" for start, word in zip(starts, every, strict=True)))


_CREDIT, _INVOICE = _any_of(CREDIT_NOTES), _any_of(INVOICES)

"""Check digits of bank accounts and VAT numbers."""

from stdnum import iban as ibans
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat
from stdnum.gb import vat as british_vat
from stdnum.no import mva as norwegian_vat

from policies.engine.checks.flag import MAX_LENGTH, Flag, Place
from policies.engine.values.said import message


def iban(place: Place) -> Flag | None:
    """Flag an account number with wrong check digits."""
    text = str(place.value)
    if len(text) <= MAX_LENGTH and ibans.is_valid(text):
        return None
    return place.flag("malformed_iban", message("{value} is not a valid IBAN."))


def vat(place: Place) -> Flag | None:
    """Flag a VAT number with wrong check digits."""
    text = str(place.value)
    if len(text) <= MAX_LENGTH and _is_vat(text):
        return None
    return place.flag("malformed_vat", message("{value} is not a valid VAT number."))


def _is_vat(text: str) -> bool:
    # Many documents omit the country, so a number that is valid in any member state is accepted.
    if european_vat.is_valid(text) or european_vat.guess_country(text):
        return True
    return any(country.is_valid(text) for country in (british_vat, swiss_vat, norwegian_vat))

"""Exact money: integers in lamports, decimals rounded half away from zero."""

from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=200, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` to `places` decimals, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


def sol(lamports: int) -> Decimal:
    """SOL, nine decimals, exact."""
    return Decimal(lamports).scaleb(-9, context=_WIDE).quantize(Decimal("1e-9"), context=_WIDE)


def plain(number: Decimal) -> str:
    """In digits, without an exponent and without zeros at the end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

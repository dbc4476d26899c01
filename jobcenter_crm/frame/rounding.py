"""Numbers rounded as a calculator and Excel round them: a half goes up, where Python would go to the even neighbour."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(number, decimals=0):
    """`number` with so many decimals; a whole number without any. A float is taken as it is written, 0.285 as 0.285."""
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded if decimals else int(rounded)

"""Numbers as the register gives them, of ranges that it does not use."""

_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
# Of the hundred thousand stems 99....., one in eleven has no check digit.
MOST_COMPANIES = 90_000


def cvr_numbers(rng):
    """CVR numbers from 99......, valid by modulus 11, no two alike, in no order."""
    for stem in rng.sample(range(9_900_000, 10_000_000), 100_000):
        check = -sum(int(digit) * weight for digit, weight in zip(str(stem), _WEIGHTS, strict=True)) % 11
        if check < 10:
            yield f"{stem}{check}"


def p_numbers(rng):
    """P-numbers: 99 and eight digits, no two alike."""
    seen = set()
    while True:
        number = rng.randrange(10**8)
        if number not in seen:
            seen.add(number)
            yield f"99{number:08}"


def phone_number(rng):
    """Eight digits from 10......, where no telephone is."""
    return f"10{rng.randrange(10**6):06}"


def in_pairs(number):
    """ "10331802" as people write it: "10 33 18 02"."""
    return " ".join(number[at : at + 2] for at in range(0, len(number), 2))

"""Numbers that an address or a form names: whatever is typed there, a database is asked only for what it can hold."""

# One of 19 figures may be too large for a key's column, which PostgreSQL refuses.
_LONGEST = 18


def number(text):
    """The whole number that `text` is; None for what is none, or missing."""
    is_number = text and text.isascii() and text.isdigit() and len(text) <= _LONGEST
    return int(text) if is_number else None


def numbers(texts):
    """Those of `texts` that are numbers, in their order; what is none names nothing."""
    return [found for found in map(number, texts) if found is not None]

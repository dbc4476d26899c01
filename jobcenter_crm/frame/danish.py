"""Danish order and Danish search, in columns of our own, since neither database can be trusted with them."""

import re
import unicodedata

# Code points above "z", in the order of the alphabet's end; "aa" is an old spelling of "å".
_ORDER = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "ü": "y", "é": "e", "è": "e", "ê": "e"})
_SEARCH = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ð": "d", "þ": "th", "ß": "ss"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def sort_key(text):
    """The text as a key for a plain ORDER BY: casefolded, æ ø å last, aa as å.

    Only code points below 128 come out, so that every collation of either database that compares
    bytes gives the same order; the column is declared with such a collation.
    """
    folded = unicodedata.normalize("NFC", text).casefold().replace("aa", "å")
    folded = folded.translate(_ORDER)
    return unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode().strip()


def search_key(text):
    """The text as words to look for: casefolded, æ ø å written ae oe aa, accents and signs gone."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFC", text).casefold().translate(_SEARCH)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub(" ", plain).strip()

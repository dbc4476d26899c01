"""Danish order and Danish search."""

import pytest

from jobcenter_crm.frame.danish import search_key, sort_key


def test_the_last_letters_come_last_and_in_order():
    names = ["Åben Dør", "Ø-kisten", "Ærø Bådværft", "Zoo", "Aalborg Tømrer", "abe", "Bager", "Æble"]

    assert sorted(names, key=sort_key) == [
        "abe", "Bager", "Zoo", "Æble", "Ærø Bådværft", "Ø-kisten", "Åben Dør", "Aalborg Tømrer",
    ]  # fmt: skip


def test_the_key_holds_only_plain_signs():
    assert sort_key("Café Ångström – ÆØÅ 東京").isascii()


@pytest.mark.parametrize(
    ("written", "typed"),
    [("ÆRØ Bådværft", "aeroe baadvaerft"), ("Ærø", "ærø"), ("L & H Tømrer", "l h toemrer"), ("Café", "cafe"), ("", "")],
)
def test_search_takes_danish_letters_and_their_plain_forms(written, typed):
    assert search_key(written) == search_key(typed)

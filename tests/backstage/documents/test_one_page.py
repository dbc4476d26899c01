"""A sheet is one page whatever it has to say, and says what it leaves out."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from jobcenter_crm.backstage.documents.one_page import Line, Part, Sheet, short
from tests.backstage.documents.test_pdf import MADE_AT, OURS


def sheet(title="Bødker & Væver ApS", language="en"):
    return Sheet(letterhead=OURS, kind="Brief", title=title, language=language, made_at=MADE_AT, foot="Made by Mette")


def pages(one):
    return PdfReader(BytesIO(one.made())).pages


def test_everything_is_there_where_there_is_room():
    one = sheet()
    one.leads, one.band, one.warnings = [Line("Ålborggade 4")], [Line("Visit on Thursday")], ["Busy until spring"]
    one.wide = [Part("Promises", [Line("To call back", strong="26 Nov", small="Mette")]), None]
    one.narrow = [Part("People", [Line("director", strong="Karl", link=("24 60 11 22", "tel:24601122"))])]

    [page] = pages(one)

    text = page.extract_text().replace("\u00a0", " ")
    for words in (
        "Bødker & Væver ApS",
        "Ålborggade 4",
        "Visit on Thursday",
        "Busy until spring",
        "To call back",
        "Karl",
    ):
        assert words in text
    assert "more" not in text


def test_a_number_can_be_pressed():
    one = sheet()
    one.narrow = [Part("People", [Line(link=("24 60 11 22", "tel:24601122"))])]

    [page] = pages(one)

    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == ["tel:24601122"]


def test_what_is_no_number_can_not_be_pressed():
    one = sheet()
    one.narrow = [Part("People", [Line(link=("the old number", "tel:")), Line(link=("x", "#top"))])]

    [page] = pages(one)

    assert "the old number" in page.extract_text().replace("\u00a0", " ")
    assert "/Annots" not in page


def test_what_matters_least_gives_way_and_the_sheet_says_how_much():
    one = sheet()
    one.wide = [
        Part("Promises", [Line(f"promise {n}") for n in range(6)], rank=7),
        Part("Contacts", [Line(f"contact {n}, " + "which was long " * 20) for n in range(30)], rank=2, least=2),
    ]

    [page] = pages(one)

    text = page.extract_text()
    assert all(f"promise {n}" in text for n in range(6))
    assert "contact 0," in text
    assert "contact 29," not in text
    shown = text.count("which was long which was long which")
    assert any(f"and {30 - n} more" in text for n in range(2, 30)), shown


def test_what_was_never_handed_over_is_counted_too():
    one = sheet()
    one.narrow = [Part("Other workplaces", [Line("The warehouse")], more=212)]

    assert "and 212 more" in pages(one)[0].extract_text()


def test_the_writing_is_larger_where_there_is_room():
    little, much = sheet(), sheet()
    little.wide = [Part("A", [Line("x")])]
    much.wide = [Part("A", [Line("x " * 150) for _n in range(30)])]

    assert _sizes(little) > _sizes(much)


def _sizes(one):
    sizes = []
    pages(one)[0].extract_text(
        visitor_text=lambda text, cm, tm, font, size: sizes.append(size) if text.strip() == "A" else None
    )
    return max(sizes)


@pytest.mark.parametrize("n", [1, 300])
def test_it_is_one_page_however_much_there_is(n):
    one = sheet(title="Bødker " * 200)
    one.leads = [Line("lead " * 300), Line("lead " * 300)]
    one.band = [Line("band " * 300, strong="band " * 300), Line("band " * 300)]
    one.warnings = ["warning " * 200] * 8
    one.wide = [
        Part("Part " * 80, [Line("word " * 400, "l " * 400, "s " * 400, "m " * 400) for _l in range(n)])
        for _p in range(8)
    ]
    one.narrow = one.wide

    [page] = pages(one)

    assert "Made by Mette" in page.extract_text()
    assert _lowest(page) > 20


def _lowest(page):
    lines = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: lines.append(tm[5] * cm[3] + cm[5]) if text.strip() else None
    )
    return min(lines)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.text(max_size=500), min_size=1, max_size=30), title=st.text(max_size=500))
def test_no_text_breaks_it(words, title):
    one = sheet(title=title)
    one.leads = one.band = [Line(words[0], strong=title)]
    one.warnings = words[:4]
    one.wide = one.narrow = [Part(title, [Line(text, text, text, text, (text, text)) for text in words])]

    assert len(pages(one)) == 1


def test_a_text_is_cut_at_a_word():
    assert short("one  two\nthree", 20) == "one two three"
    assert short("one two three four", 15) == "one two three…"
    assert len(short("x" * 500, 100)) == 100


def test_the_same_sheet_gives_the_same_bytes():
    first, second = sheet(), sheet()
    for one in (first, second):
        one.wide = [Part("A", [Line("x")])]

    assert first.made() == second.made()

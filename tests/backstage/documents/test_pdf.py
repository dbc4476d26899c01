"""PDFs in the house style: whole, searchable, the same for the same words, and never broken by what is in them."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from jobcenter_crm.backstage.documents import pdf
from jobcenter_crm.backstage.documents.letterhead import Letterhead

MADE_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
OURS = Letterhead("Jobcenter Lindevig", "Rådhustorvet 4", "4999 Lindevig", "24 60 00 00", "erhverv@lindevig.example")


def document(language="da", letterhead=OURS, title="Aftale med Bødker & Væver ApS", **facts):
    return pdf.Document(letterhead=letterhead, title=title, language=language, made_at=MADE_AT, **facts)


def text_of(made):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def picture(kind="PNG", size=(300, 90)):
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def test_danish_letters_can_be_read_and_searched():
    letter = document()
    letter.heading_of_page("Mellem Ærø Bådværft og os")
    letter.paragraph("Blåbærgrød æøå ÆØÅ é ü")

    text = text_of(letter.made())

    assert "Aftale med Bødker & Væver ApS" in text
    assert "Mellem Ærø Bådværft og os" in text
    assert "Blåbærgrød æøå ÆØÅ é ü" in text


def test_the_fonts_go_with_the_file():
    letter = document()
    letter.paragraph("æøå")

    fonts = PdfReader(BytesIO(letter.made())).pages[0]["/Resources"]["/Font"].get_object()

    described = [font.get_object().get("/FontDescriptor") for font in fonts.values()]
    assert any(one and "/FontFile2" in one.get_object() for one in described)


def test_the_head_names_the_organisation_with_its_address_and_logo():
    letter = document(letterhead=replace(OURS, logo=picture()))
    letter.paragraph("x")

    made = letter.made()

    for words in ("Jobcenter Lindevig", "Rådhustorvet 4", "4999 Lindevig", "24 60 00 00", "erhverv@lindevig.example"):
        assert words in text_of(made)
    assert len(PdfReader(BytesIO(made)).pages[0].images) == 1


@pytest.mark.parametrize(("kind", "size"), [("PNG", (1, 1)), ("PNG", (3000, 4)), ("JPEG", (4, 3000))])
def test_a_logo_of_any_shape_stays_within_its_place(kind, size):
    letter = document(letterhead=Letterhead("Us", logo=picture(kind, size)))
    letter.paragraph("x")

    assert len(PdfReader(BytesIO(letter.made())).pages) == 1


def test_metadata_say_what_it_is_whose_and_in_which_language():
    letter = document(subject="Partnerskab", keywords=["aftale", "99000011"])
    letter.paragraph("x")

    reader = PdfReader(BytesIO(letter.made()))

    facts = reader.metadata
    assert (facts.title, facts.author, facts.subject) == (
        "Aftale med Bødker & Væver ApS",
        "Jobcenter Lindevig",
        "Partnerskab",
    )
    assert facts["/Keywords"] == "aftale, 99000011"
    assert facts.creation_date == MADE_AT
    assert reader.root_object["/Lang"] == "da"


def test_the_same_words_give_the_same_bytes():
    first, second, later = document(), document(), document()
    later.made_at = datetime(2026, 11, 25, tzinfo=UTC)
    for one in (first, second, later):
        one.paragraph("Det samme")

    assert first.made() == first.made() == second.made()
    assert first.made() != later.made()


def test_each_page_says_which_of_how_many_it_is():
    letter = document("en")
    for _n in range(100):
        letter.paragraph("A line\nand one more")

    pages = [page.extract_text() for page in PdfReader(BytesIO(letter.made())).pages]

    assert [f"Page {n} of {len(pages)}" in text for n, text in enumerate(pages, start=1)] == [True] * 5


@pytest.mark.parametrize(("language", "day"), [("da", "24. november 2026"), ("en", "24 November 2026")])
def test_the_foot_has_the_day_as_it_is_written_in_that_language(language, day):
    letter = document(language)

    assert day in text_of(letter.made())


def test_what_looks_like_markup_is_only_text():
    letter = document(title="<b>A</b> & <font size=90>B")
    letter.heading_of_page("<img src='file:///etc/passwd'/>")
    letter.paragraph("<para><a href='x'>1 < 2 && 3 > 2</a>")
    letter.bullets(["<br/>"])
    letter.facts([("<i>", "</i>")])

    text = text_of(letter.made())

    for words in ("<b>A</b> & <font size=90>B", "<img src='file:///etc/passwd'/>", "1 < 2 && 3 > 2", "<br/>", "</i>"):
        assert words in text


def test_letters_without_a_shape_keep_their_likeness():
    assert pdf.drawable("Győr, Gdańsk, Şahin, Łukasz") == "Gyor, Gdansk, Şahin, Łukasz"
    assert pdf.drawable("a\u0308\u200b\x07\u2011b 😀") == "ä-b ?"


def test_a_fact_without_a_text_is_left_out():
    letter = document()
    letter.facts([("Telefon", "24 60 11 22"), ("Mail", " ")])

    text = text_of(letter.made())

    assert "Telefon" in text
    assert "Mail" not in text


def test_the_head_of_a_table_is_repeated_and_its_figures_stand_to_the_right():
    letter = document()
    letter.table(["Mål", "Antal"], [[f"Mål {n}", str(n)] for n in range(80)], figures={1})

    pages = PdfReader(BytesIO(letter.made())).pages

    assert len(pages) > 1
    assert all("Antal" in page.extract_text() for page in pages)


@pytest.mark.parametrize("text", ["x" * 20_000, "ord " * 8000, "\n" * 500 + "x"])
def test_a_text_longer_than_a_page_goes_on_to_the_next(text):
    letter = document()
    letter.paragraph(text)
    letter.bullets([text])
    letter.facts([("Lang", text)])
    letter.table(["A", "B"], [[text, "1"]], figures={1})

    assert len(PdfReader(BytesIO(letter.made())).pages) > 3


def test_signatures_are_not_torn_apart():
    letter = document()
    for _n in range(43):
        letter.paragraph("En linje")
    letter.signatures([("Jobcenter Lindevig", "Karen Lund, teamleder"), ("Bødker & Væver ApS", "")])

    last = PdfReader(BytesIO(letter.made())).pages[-1].extract_text()

    assert "Jobcenter Lindevig" in last
    assert "Karen Lund, teamleder" in last
    assert "Bødker & Væver ApS" in last


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(text=st.text(max_size=300), title=st.text(max_size=300))
def test_no_text_breaks_it(text, title):
    letter = document(title=title, subject=text, keywords=[text], letterhead=Letterhead(text, title, text, text, text))
    letter.heading_of_page(text)
    letter.heading(text)
    letter.paragraph(text)
    letter.note(text)
    letter.bullets([text])
    letter.facts([(text, title)])
    letter.table([text], [[title]])
    letter.signatures([(text, title)])

    assert PdfReader(BytesIO(letter.made())).pages

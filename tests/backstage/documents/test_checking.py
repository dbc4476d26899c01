"""What is wrong with a Word template is said by name and by place, and what it may do is little."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from jobcenter_crm.backstage.documents import checking, word
from jobcenter_crm.backstage.documents.fields import Field, Group, Rows, blank_of, example_of
from tests.backstage.documents.test_text import BOX, word_with
from tests.backstage.letters import LETTER

FIELDS = LETTER.all_fields
ONLY_FIELDS = "Only fields, lists and conditions can be used in a template."


def problems(write):
    return [(one.place, one.words) for one in checking.problems_of(word_with(write), FIELDS)]


def in_paragraphs(*texts):
    return problems(lambda document: [document.add_paragraph(text) for text in texts])


def test_the_built_in_template_uses_only_fields_that_there_are():
    assert checking.problems_of(LETTER.built_in("da"), FIELDS) == []


def test_a_wrong_name_is_said_with_the_right_one_and_with_its_place():
    assert in_paragraphs("Dear all", "About {{ letter.subjcet }}") == [
        ("paragraph 2", 'There is no field "letter.subjcet". Do you mean "letter.subject"?')
    ]


def test_the_text_around_it_is_quoted_and_not_too_long():
    [problem] = checking.problems_of(word_with(lambda d: d.add_paragraph("{{ nothing }} " + "word " * 40)), FIELDS)

    assert problem.text.startswith("{{ nothing }} word")
    assert len(problem.text) <= checking.MOST_SHOWN


def test_places_are_named_as_people_find_them():
    def write(document):
        document.sections[0].header.paragraphs[0].text = "{{ a }}"
        document.sections[0].footer.paragraphs[0].text = "{{ b }}"
        document.add_table(rows=2, cols=3).cell(1, 2).text = "{{ c }}"
        document.add_paragraph()._p.append(parse_xml(BOX % "{{ d }}"))

    assert [place for place, _words in problems(write)] == [
        "Header, paragraph 1",
        "table 1, row 2, column 3",
        "text box, paragraph 1",
        "Footer, paragraph 1",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ letter.subject", '"{{" has no "}}" in this paragraph.'),
        ("letter.subject }}", '"}}" has no "{{" before it in this paragraph.'),
        ("{% if letter.to %}x", '"if" has no end: {% endif %}.'),
        ("{% for point in letter.points %}x", '"for" has no end: {% endfor %}.'),
        ("x{% endif %}", '"endif" has no "if" that it belongs to.'),
        ("{% set x = 1 %}", '"set" can\'t be used here; there are "for" and "if".'),
        ("{% include 'x' %}", '"include" can\'t be used here; there are "for" and "if".'),
        ("{{ letter }}", '"letter" has several fields: say which one, after a dot.'),
        ("{{ letter.points }}", '"letter.points" is a list: go through it with "for".'),
        ("{% for x in letter.to %}{% endfor %}", '"letter.to" is not a list.'),
        (
            "{% for letter.points %}{% endfor %}",
            'A list is gone through as "for one in list"; here it says "for letter.points".',
        ),
        ("{{ letter.subject letter.to }}", '"letter.subject letter.to" is not a field.'),
        ("{{ }}", '"" is not a field.'),
        (
            "{{ point.what }}",
            '"point.what" belongs to a list: write it between {% for point in letter.points %} and {% endfor %}.',
        ),
        ("x {%p if letter.to %}", "{%p ... %} stands alone in its paragraph: what else is there would be lost."),
        ("{%tr if letter.to %}", "{%tr ... %} stands in a row of a table; here is none."),
    ],
)
def test_a_broken_tag_is_said_in_words(text, words):
    assert words in [said for _place, said in in_paragraphs(text)]


def test_a_row_may_be_called_as_one_likes():
    assert in_paragraphs("{% for p in letter.points %}{{ p.what }} {{ loop.index }}{% endfor %}") == []
    assert in_paragraphs("{% for p in letter.points %}{{ p.waht }}{% endfor %}") == [
        ("paragraph 1", 'There is no field "p.waht". Do you mean "p.what"?')
    ]


def test_a_condition_that_spans_paragraphs_must_say_so():
    words = '"if" and its end must stand in the same paragraph. To span several, write {%p ... %} for both.'

    assert in_paragraphs("{% if letter.to %}", "x", "{% endif %}") == [("paragraph 3", words)]
    assert in_paragraphs("{%p if letter.to %}", "x", "{%p else %}", "y", "{%p endif %}") == []


def test_a_tag_that_word_has_cut_in_runs_is_one_tag():
    def write(document):
        paragraph = document.add_paragraph("{")
        for part in ("{ letter", ".sub", "ject }", "}"):
            paragraph.add_run(part).bold = True

    assert problems(write) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ letter.__class__.__mro__ }}",
        "{{ letter['subject'] }}",
        "{{ letter.subject.upper() }}",
        "{{ range(9) }}",
        "{{ 9 ** 9 }}",
        "{{ 'x' * 999999 }}",
        "{{ letter.subject|safe }}",
        "{{ letter.subject|attr('x') }}",
        "{{ self }}",
        "{{ cycler }}",
        "{% for a in letter.points recursive %}{% endfor %}",
        "{% for a, b in letter.points %}{% endfor %}",
        "{% for a in letter.points if a %}{% endfor %}",
        "{% macro x() %}{% endmacro %}",
    ],
)
def test_a_template_can_call_and_reach_nothing(text):
    assert in_paragraphs(text)


def test_what_hides_in_an_attribute_is_not_carried_out():
    def write(document):
        document.add_paragraph("x")._p.set("{http://example.com/ns}a", "{{ ''.__class__ }}")

    assert problems(write) == [("the document", ONLY_FIELDS)]


def test_what_hides_in_the_properties_is_not_carried_out():
    assert problems(lambda document: setattr(document.core_properties, "title", "{{ 1 + 1 }}")) == [
        ("the document", ONLY_FIELDS)
    ]


def test_lists_are_not_nested_without_end():
    nested = Rows("a", "", "b", (Rows("c", "", "d", (Rows("e", "", "f", (Rows("g", "", "h", (Field("i", ""),)),)),)),))
    text = "{% for b in a %}{% for d in b.c %}{% for f in d.e %}{% for h in f.g %}{% endfor %}" + "{% endfor %}" * 3

    said = checking.problems_of(word_with(lambda document: document.add_paragraph(text)), (nested,))

    assert [one.words for one in said] == ["Lists are nested too deeply."]


def test_what_is_no_word_document_is_refused_in_words():
    bomb, macros = BytesIO(), BytesIO()
    for out, more in ((bomb, ("big", b"0" * 210_000_000)), (macros, ("word/vbaProject.bin", b""))):
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("[Content_Types].xml", "")
            package.writestr("word/document.xml", "")
            package.writestr(*more)

    for data, words in [
        (b"", "not a Word document"),
        (b"PK\x03\x04nonsense", "not a Word document"),
        (b"%PDF-1.7", "not a Word document"),
        (macros.getvalue(), "without macros"),
        (bomb.getvalue(), "unfolds to far more"),
        (b"0" * (word.TEMPLATE_LIMIT + 1), "too large"),
    ]:
        with pytest.raises(word.NotATemplate, match=words):
            checking.problems_of(data, FIELDS)


def filled(context, *, data=None, **facts):
    return docx.Document(BytesIO(word.fill(data or LETTER.built_in("da"), FIELDS, context, **facts)))


def test_a_template_is_filled_in():
    context = example_of(FIELDS)
    context["letter"] |= {"subject": "Ærø", "points": [{"what": "Æbler", "many": "3"}, {"what": "Øl", "many": "4"}]}

    made = filled(context, title="T", author="Jobcenter", language="da")

    texts = [paragraph.text for paragraph in made.paragraphs]
    rows = [[cell.text for cell in row.cells] for row in made.tables[1].rows]
    assert "Ærø" in texts
    assert [text for text in texts if text in ("Æbler", "Øl")] == ["Æbler", "Øl"]
    assert rows == [["What", "How many"], ["Æbler", "3"], ["Øl", "4"]]
    assert "Jobcenter Lindevig" in made.sections[0].header.tables[0].rows[0].cells[1].text
    assert (made.core_properties.title, made.core_properties.author) == ("T", "Jobcenter")


def test_what_has_nothing_in_it_is_left_out():
    made = filled(blank_of(FIELDS))

    assert "Points" not in [paragraph.text for paragraph in made.paragraphs]
    assert "Remark" not in [cell.text for row in made.tables[0].rows for cell in row.cells]


def test_the_logo_comes_as_a_picture():
    from tests.backstage.documents.test_pdf import picture

    made = word.fill(LETTER.built_in("da"), FIELDS, example_of(FIELDS), logo=picture())

    assert any("media/" in name for name in zipfile.ZipFile(BytesIO(made)).namelist())


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=200))
def test_what_is_filled_in_is_only_text(text):
    context = example_of(FIELDS)
    context["letter"] |= {"subject": text + "<w:p>&amp;{{ today }}{% raw %}]]>"}

    made = filled(context)

    assert any("<w:p>&amp;{{ today }}{% raw %}]]>" in paragraph.text for paragraph in made.paragraphs)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="{}%#-ptrfoiend .abc'\"", max_size=60))
def test_no_template_breaks_the_check_and_what_passes_can_be_filled_in(text):
    data = word_with(lambda document: document.add_paragraph(text + " {{ letter.to }}"))

    if not checking.problems_of(data, FIELDS):
        filled(example_of(FIELDS), data=data)


@pytest.mark.parametrize("name", ["", "a b", "for", "loop", "1a", "in"])
def test_a_field_can_be_named_in_a_template(name):
    for kind in (lambda: Field(name, ""), lambda: Group(name, "", ()), lambda: Rows("rows", "", name, ())):
        with pytest.raises(ValueError, match="can't be called"):
            kind()

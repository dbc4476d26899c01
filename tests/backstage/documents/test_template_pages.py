"""A steward replaces the templates of documents without a programmer."""

from datetime import date
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from jobcenter_crm.backstage import document_templates
from jobcenter_crm.backstage.documents import word
from jobcenter_crm.backstage.models import DocumentTemplate
from jobcenter_crm.staff.models import Organisation
from jobcenter_crm.staff.roles import STEWARD
from tests.backstage.conftest import at_once
from tests.backstage.documents.test_text import word_with
from tests.backstage.letters import LETTER
from tests.factories import DocumentTemplateFactory

pytestmark = pytest.mark.django_db
PAGE = "/documents/tests.letter/da/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An empty folder for private files."""
    default = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    }


@pytest.fixture
def steward(person_in):
    return person_in(STEWARD)


def upload(*texts, name="Vores brev.docx"):
    data = word_with(lambda document: [document.add_paragraph(text) for text in texts])
    return SimpleUploadedFile(name, data)


def test_a_template_that_can_be_used_is_put_in_use(client_for, steward):
    answer = client_for(steward).post(PAGE, {"file": upload("Til {{ letter.to }}")}, follow=True)

    template = DocumentTemplate.objects.in_use().get()
    assert (template.kind, template.language, template.uploaded_by) == ("tests.letter", "da", steward)
    assert "The template is in use from now on." in answer.text
    assert "Vores brev.docx" in answer.text
    assert len(template.stored.sha256) == 64


def test_one_with_a_wrong_field_is_not_taken_and_the_field_is_named_with_its_place(client_for, steward):
    answer = client_for(steward).post(PAGE, {"file": upload("Dear", "Til {{ letter.two }}")})

    assert answer.status_code == 422
    assert "Paragraph 2" in answer.text
    assert "There is no field &quot;letter.two&quot;. Do you mean &quot;letter.to&quot;?" in answer.text
    assert not DocumentTemplate.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.docx", b"not one"), "This is not a Word document"),
        (SimpleUploadedFile("a.docx", b"0" * (word.TEMPLATE_LIMIT + 1)), "The template is too large"),
        (SimpleUploadedFile("a.docx", b""), "The submitted file is empty."),
    ],
)
def test_what_is_no_template_is_refused_in_words(client_for, steward, file, words):
    answer = client_for(steward).post(PAGE, {"file": file})

    assert answer.status_code == 422
    assert words in answer.text


def test_the_page_tells_every_field_with_what_comes_in_its_place(client_for, steward):
    text = client_for(steward).get(PAGE).text

    for words in (
        "{{ letter.subject }}",
        "What it is about",
        "{% for point in letter.points %}",
        "{{ point.what }}",
        "{{ organisation.name }}",
        "{{ today }}",
    ):
        assert words in text


def test_one_goes_back_to_the_built_in_one_and_the_own_one_is_kept(client_for, steward):
    document_templates.replace(kind=LETTER, language="da", file=upload("x"), by=steward)

    answer = client_for(steward).post(reverse("backstage:template_go_back", args=["tests.letter", "da"]), follow=True)

    kept = DocumentTemplate.objects.get()
    assert document_templates.in_use("tests.letter", "da") is None
    assert kept.replaced_by == steward
    assert reverse("backstage:template_earlier", args=[kept.pk]) in answer.text


def test_a_new_one_takes_the_place_of_the_one_before(steward, colleague):
    first = document_templates.replace(kind=LETTER, language="da", file=upload("one"), by=steward)
    second = document_templates.replace(kind=LETTER, language="da", file=upload("two"), by=colleague)

    first.refresh_from_db()
    assert document_templates.in_use("tests.letter", "da") == second
    assert first.replaced_by == colleague


def test_there_is_only_one_in_use(steward):
    DocumentTemplateFactory(uploaded_by=steward)

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentTemplateFactory(uploaded_by=steward)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_replace_it_at_once_one_template_is_in_use(steward):
    document_templates.replace(kind=LETTER, language="da", file=upload("before"), by=steward)

    def put_in_use():
        try:
            return document_templates.replace(kind=LETTER, language="da", file=upload("mine"), by=steward)
        except document_templates.SomebodyWasFaster:
            return None

    made = [one for one in at_once(put_in_use) if one]

    assert made
    assert DocumentTemplate.objects.in_use().get() in made
    assert not DocumentTemplate.objects.filter(replaced_at=None).exclude(pk__in=[one.pk for one in made]).exists()


def test_a_document_is_made_by_the_template_in_use_of_its_language(steward):
    Organisation(name="Jobcenter Ærø", street="Havnen 1", postcode="5970", town="Ærøskøbing").save()
    document_templates.replace(
        kind=LETTER, language="da", file=upload("Vores: {{ letter.to }}, {{ today }}"), by=steward
    )
    context = {"letter": {"subject": "S", "to": "Bødker", "remark": "", "points": []}}

    made = {
        language: docx.Document(
            BytesIO(document_templates.make("tests.letter", context, language=language, on=date(2026, 11, 24)))
        )
        for language in ("da", "en")
    }

    assert [paragraph.text for paragraph in made["da"].paragraphs] == ["Vores: Bødker, 24. november 2026"]
    assert "S" in [paragraph.text for paragraph in made["en"].paragraphs]
    assert "Jobcenter Ærø" in made["en"].sections[0].header.tables[0].rows[0].cells[1].text


def test_one_that_asks_for_what_there_is_no_more_is_said_to_need_a_look(client_for, steward):
    template = document_templates.replace(kind=LETTER, language="da", file=upload("x"), by=steward)
    template.fields.append("letter.gone")
    template.save()

    listed, page = (client_for(steward).get(url).text for url in ("/documents/", PAGE))

    assert "Check it: it may use fields that there are no more." in listed
    assert "These fields are no longer there: letter.gone." in page


@pytest.mark.parametrize("own", [False, True])
def test_the_template_in_use_and_an_example_can_be_taken_down(client_for, steward, own):
    if own:
        document_templates.replace(kind=LETTER, language="da", file=upload("Til {{ letter.to }}"), by=steward)
    client = client_for(steward)

    template = client.get(f"{PAGE}file/")
    example = client.get(f"{PAGE}example/")

    for answer in (template, example):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
    # Read to its end, an answer closes its file.
    assert "{{ letter.to }}" in _all_text(docx.Document(BytesIO(template.getvalue())))
    assert "Bødker & Væver ApS" in _all_text(docx.Document(BytesIO(example.getvalue())))


def _all_text(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_an_example_of_a_template_that_is_broken_or_gone_says_so(client_for, steward):
    template = DocumentTemplateFactory(uploaded_by=steward)
    client = client_for(steward)

    broken = client.get(f"{PAGE}example/", follow=True)
    template.stored.file.storage.delete(template.stored.file.name)
    gone = client.get(f"{PAGE}file/")

    assert "This is not a Word document" in broken.text
    assert gone.status_code == 404


@pytest.mark.parametrize(
    "url", ["/documents/nothing/da/", "/documents/tests.letter/xx/", "/documents/tests.letter/xx/file/"]
)
def test_there_is_no_page_for_what_does_not_exist(client_for, steward, url):
    assert client_for(steward).get(url).status_code == 404


@pytest.mark.parametrize("n", [0, 5])
def test_the_pages_ask_the_same_questions_however_many_there_were(
    client_for, steward, n, django_assert_num_queries, today
):
    for _n in range(n):
        document_templates.replace(kind=LETTER, language="da", file=upload("x"), by=steward)
    client = client_for(steward)

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/documents/")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(PAGE)


# Session, user, rights and organisation come first; then one question for the list, and two for the page.
LIST_QUERIES, PAGE_QUERIES = 6, 7

"""The papers of an agreement on its pages: fetched, added, handed out, erased, and noted as filed in the case system."""

import hashlib
import re
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import docx
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from structlog.testing import capture_logs

from contacts.actions import NotNow
from jobcenter_crm.backstage.models import StoredFile
from partnerships import documents, drafting
from partnerships.models import Document, Filing, Review
from tests.backstage.documents.test_pdf import picture
from tests.backstage.documents.test_text import pdf_with, scan, word_with
from tests.factories import AgreementFactory, DocumentFactory, DocumentTemplateFactory, active_agreement

NUMBER = "010190-1234"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 09:00+01:00", tick=False):
        yield


@pytest.fixture
def agreement(owner):
    return active_agreement(owner=owner, purpose="Hænder til køkkenet", title="køkkenet")


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


def url(name, thing, **asked):
    return reverse(f"partnerships:{name}", args=[thing.pk], query=asked)


def got(answer):
    """The bytes that were handed out."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def read(data):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


def add(client, agreement, name, data, **facts):
    facts = {"kind": "minutes", "title": "", "file": SimpleUploadedFile(name, data)} | facts
    return client.post(url("add_document", agreement), facts)


def test_the_agreement_is_fetched_in_the_reader_s_language_or_the_one_asked_for(client, agreement):
    ours = client.get(url("agreement_pdf", agreement))
    danish = got(client.get(url("agreement_pdf", agreement, lang="da")))
    odd = got(client.get(url("agreement_pdf", agreement, lang="<x>")))

    made = got(ours)
    assert "Partnership agreement" in read(made)
    assert made == odd
    assert danish != made
    assert ours["Content-Type"] == "application/pdf"
    assert ours["Cache-Control"] == "private, no-store"
    assert "attachment" in ours["Content-Disposition"]


def test_a_company_with_a_stroke_in_its_name_gives_the_file_its_whole_name(client, agreement):
    agreement.company.name = "Bådværft Ærling A/S"
    agreement.company.save()
    drafting.change(agreement=agreement, by=agreement.owner, people=3, note="Tre")

    named = client.get(url("agreement_pdf", agreement)).headers["Content-Disposition"]

    assert unquote(named).endswith("Partnership agreement, køkkenet, Bådværft Ærling A-S, version 2.pdf")


def test_an_earlier_version_is_fetched_by_its_number(client, agreement):
    first = got(client.get(url("agreement_pdf", agreement)))
    drafting.change(agreement=agreement, by=agreement.owner, purpose="Noget andet", note="Nyt formål")

    assert got(client.get(url("agreement_pdf", agreement, version=1))) == first
    assert "Noget andet" in read(got(client.get(url("agreement_pdf", agreement))))
    for odd in ("3", "0", "x", "", "9" * 30):
        assert client.get(url("agreement_pdf", agreement, version=odd)).status_code == 404


def test_a_draft_is_fetched_as_word_to_be_edited(client, owner):
    draft = AgreementFactory(owner=owner, purpose="Hænder til køkkenet")

    answer = client.get(url("agreement_word", draft))

    text = "\n".join(one.text for one in docx.Document(BytesIO(got(answer))).paragraphs)
    assert "Hænder til køkkenet" in text
    assert answer["Cache-Control"] == "private, no-store"


def test_a_word_template_that_can_t_be_filled_in_is_said_in_words(client, agreement):
    stored = StoredFile.keep(SimpleUploadedFile("a.docx", word_with(lambda d: d.add_paragraph("{{ gone }}"))), by=None)
    DocumentTemplateFactory(kind="agreement", language="en", stored=stored)

    answer = client.get(url("agreement_word", agreement), follow=True)

    assert answer.redirect_chain[0][0] == agreement.get_absolute_url()
    assert "A data steward can put it right." in answer.text


def test_a_held_review_is_fetched_and_an_open_one_is_not_there(client, agreement):
    open_one = agreement.reviews.get()
    held = Review.objects.create(
        agreement=agreement, due_on=date(2026, 9, 1), held_on=date(2026, 9, 3), held_by=agreement.owner,
        decision="continue", we_found="Det går godt", written_at=timezone.now(),
    )  # fmt: skip

    assert "Det går godt" in read(got(client.get(url("review_pdf", held))))
    assert client.get(url("review_pdf", open_one)).status_code == 404


def test_a_file_is_kept_with_its_checksum_and_shown_with_what_was_read_of_it(client, agreement):
    data = pdf_with("Referat af mødet på Ærø")

    answer = add(client, agreement, "Referat.pdf", data, title="Referat 3. september")

    kept = Document.objects.get(kind="minutes")
    assert answer.url == agreement.get_absolute_url()
    assert (kept.sha256, kept.scanned, kept.added_by) == (hashlib.sha256(data).hexdigest(), "clean", agreement.owner)
    card = client.get(agreement.get_absolute_url()).text
    assert "Referat 3. september" in card
    assert "Read: no CPR number in it" in card
    assert got(client.get(url("document", kept))) == data


@pytest.mark.parametrize(("name", "data"), [("scan.pdf", scan()), ("foto.png", picture())])
def test_what_can_t_be_read_is_kept_and_said_to_be_unread(client, agreement, name, data):
    add(client, agreement, name, data)

    assert Document.objects.get(kind="minutes").scanned == "unreadable"
    assert "Could not be read for CPR numbers" in client.get(agreement.get_absolute_url()).text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", pdf_with(f"Borger {NUMBER}"), "holds a CPR number"),
        ("a.docx", word_with(lambda d: d.add_paragraph(f"Borger {NUMBER}")), "holds a CPR number"),
        ("a.pdf", b"MZ programme", "This kind of file is not taken"),
        ("a.pdf", b"", "The submitted file is empty"),
        ("a.docx", pdf_with("x"), "its name does not end in .pdf"),
    ],
)
def test_a_file_that_may_not_be_kept_is_refused_beside_its_field(client, agreement, name, data, said):
    before = StoredFile.objects.count()

    answer = add(client, agreement, name, data)

    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["file"])
    assert "010190" not in answer.text
    assert "1234" not in answer.context["form"].errors.as_text()
    assert StoredFile.objects.count() == before


def test_ten_digits_that_may_be_a_cpr_number_are_asked_about_once(client, agreement):
    data = pdf_with("Nummer 0202901234")

    asked = add(client, agreement, "a.pdf", data)
    kept = add(client, agreement, "a.pdf", data, not_cpr="on")

    assert asked.status_code == 422
    assert 'name="not_cpr"' in asked.text
    assert kept.status_code == 302
    assert Document.objects.filter(kind="minutes").count() == 1


def test_a_title_with_a_cpr_number_is_refused(client, agreement):
    answer = add(client, agreement, "a.pdf", pdf_with("x"), title=f"Om {NUMBER}")

    assert answer.status_code == 422
    assert "title" in answer.context["form"].errors


@pytest.mark.parametrize("role", ["Case worker", "Data steward"])
def test_who_may_not_see_documents_sees_none_of_them(client_for, person_in, agreement, role):
    reader = client_for(person_in(role))

    card = reader.get(agreement.get_absolute_url()).text

    assert 'id="documents"' not in card
    assert agreement.signed_document.name not in card
    assert reader.get(url("document", agreement.signed_document)).status_code == 403
    assert reader.get(url("file", agreement)).status_code == 403


def test_who_fetched_what_is_logged_by_its_number_only(client, agreement):
    with capture_logs() as lines:
        got(client.get(url("document", agreement.signed_document)))
        got(client.get(url("agreement_pdf", agreement)))

    assert [line for line in lines if line["event"].endswith("handed_out")] == [
        {
            "event": "document_handed_out", "log_level": "info", "document": agreement.signed_document_id,
            "agreement": agreement.pk, "by": agreement.owner_id,
        },
        {
            "event": "paper_handed_out", "log_level": "info", "agreement": agreement.pk, "version": 1,
            "by": agreement.owner_id,
        },
    ]  # fmt: skip


def test_an_erased_file_is_gone_from_the_disk_and_why_it_went_stays(
    client, agreement, django_capture_on_commit_callbacks
):
    wrong = DocumentFactory(agreement=agreement, kind="other", name="forkert.pdf")
    path, stored = wrong.stored.file.name, wrong.stored_id

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("erase_document", wrong), {"why": "Forkert fil"})

    assert answer.url == agreement.get_absolute_url()
    wrong.refresh_from_db()
    assert (wrong.is_erased, wrong.erased_by, wrong.erased_why) == (True, agreement.owner, "Forkert fil")
    assert not default_storage.exists(path)
    assert not StoredFile.objects.filter(pk=stored).exists()
    gone = client.get(url("document", wrong))
    assert gone.status_code == 404
    assert "forkert.pdf was erased by Olga Owner on 24 November 2026" in gone.text
    assert "Forkert fil" in gone.text
    assert "Forkert fil" in client.get(agreement.get_absolute_url()).text


def test_a_file_stays_on_the_disk_until_its_erasing_is_committed(agreement):
    wrong = DocumentFactory(agreement=agreement, kind="other")
    path = wrong.stored.file.name

    documents.erase(document=wrong, by=agreement.owner, why="Forkert")

    assert default_storage.exists(path)


def test_erasing_says_why_and_happens_once(client, agreement):
    wrong = DocumentFactory(agreement=agreement, kind="other")

    assert client.post(url("erase_document", wrong), {"why": ""}).status_code == 422
    assert client.post(url("erase_document", wrong), {"why": f"Stod {NUMBER}"}).status_code == 422
    client.post(url("erase_document", wrong), {"why": "Forkert"})
    again = client.post(url("erase_document", wrong), {"why": "Igen"})

    assert "Olga Owner has erased it already." in again.text
    assert client.get(url("erase_document", wrong)).url == agreement.get_absolute_url()


def test_the_signed_file_of_an_agreement_that_holds_goes_only_where_another_takes_its_place(client, agreement):
    first = agreement.signed_document

    refused = client.post(url("erase_document", first), {"why": "Forkert side"})
    assert refused.status_code == 422
    assert "Add the right one as a signed agreement first" in refused.text
    add(client, agreement, "rigtig.pdf", pdf_with("x"), kind="signed")
    client.post(url("erase_document", first), {"why": "Forkert side"})

    agreement.refresh_from_db()
    assert agreement.signed_document.name == "rigtig.pdf"
    assert agreement.history.first().history_user == agreement.owner
    first.refresh_from_db()
    assert first.is_erased
    with pytest.raises(NotNow):
        documents.erase(document=agreement.signed_document, by=agreement.owner, why="x")


def file(client, agreement, paper, **facts):
    facts = {"paper": paper, "language": "da", "on": "2026-11-24", "number": "26/01417"} | facts
    return client.post(url("file", agreement), facts)


def test_a_version_is_noted_as_filed_with_the_checksum_of_what_was_handed_out(client, agreement):
    version = agreement.versions.get()
    handed_out = got(client.get(url("agreement_pdf", agreement, version=1, lang="da")))

    answer = file(client, agreement, f"version-{version.pk}", number=" 26/01417  ")

    filing = Filing.objects.get()
    assert answer.url == agreement.get_absolute_url()
    assert (filing.version, filing.number, filing.by) == (version, "26/01417", agreement.owner)
    assert filing.filed_on == date(2026, 11, 24)
    assert filing.sha256 == hashlib.sha256(handed_out).hexdigest()
    assert "Version 1 is in the records as 26/01417" in client.get(agreement.get_absolute_url()).text
    assert "26/01417" in client.get(url("file", agreement)).text
    now = PdfReader(BytesIO(got(client.get(url("agreement_pdf", agreement))))).metadata
    assert "Case no. 26/01417" in now["/Keywords"]


def test_a_review_and_an_uploaded_file_are_filed_too(client, agreement):
    review = Review.objects.create(
        agreement=agreement, due_on=date(2026, 9, 1), held_on=date(2026, 9, 3), held_by=agreement.owner,
        decision="continue", written_at=timezone.now(),
    )  # fmt: skip
    handed_out = got(client.get(url("review_pdf", review, lang="da")))

    file(client, agreement, f"review-{review.pk}")
    file(client, agreement, f"document-{agreement.signed_document_id}")

    of_review, of_file = Filing.objects.order_by("pk")
    assert of_review.sha256 == hashlib.sha256(handed_out).hexdigest()
    assert of_file.sha256 == agreement.signed_document.sha256


def test_a_paper_that_has_been_filed_is_filed_again_only_when_it_is_said_to_be_so(client, agreement):
    paper = f"version-{agreement.versions.get().pk}"
    file(client, agreement, paper)

    asked = file(client, agreement, paper, number="26/99")
    again = file(client, agreement, paper, number="26/99", again="on")

    assert asked.status_code == 422
    assert "It was filed on 24 November 2026 by Olga Owner, as 26/01417" in asked.text
    assert 'name="again"' in asked.text
    assert again.status_code == 302
    assert Filing.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"paper": ""}, "paper"),
        ({"paper": "version-999999"}, "paper"),
        ({"number": "  "}, "number"),
        ({"number": NUMBER}, "number"),
        ({"on": "2026-11-25"}, "on"),
        ({"on": "1900-01-01"}, "on"),
    ],
)
def test_a_filing_that_says_too_little_is_refused_beside_its_field(client, agreement, facts, field):
    answer = file(client, agreement, **({"paper": f"version-{agreement.versions.get().pk}"} | facts))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Filing.objects.exists()


def test_a_draft_has_nothing_to_file(client, owner):
    assert "Nothing to file yet" in client.get(url("file", AgreementFactory(owner=owner))).text


def test_a_paper_of_another_agreement_can_t_be_filed_here(client, agreement, owner):
    other = active_agreement(owner=owner)

    answer = file(client, agreement, f"version-{other.versions.get().pk}")

    assert answer.status_code == 422


def test_pages_of_papers_are_kept_by_no_cache(client, agreement):
    for page in (url("file", agreement), url("add_document", agreement), url("document", agreement.signed_document)):
        answer = client.get(page)
        list(answer.streaming_content if answer.streaming else ())
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("rows", [1, 12])
def test_the_pages_of_papers_ask_the_same_questions_however_many_there_are(
    client, agreement, rows, django_assert_num_queries
):
    for n in range(rows):
        kept = DocumentFactory(agreement=agreement, kind="other")
        documents.note_filing(
            agreement=agreement, document=kept, filed_on=date(2026, 11, 1), number=f"26/{n}", sha256="",
            by=agreement.owner,
        )  # fmt: skip
    client.get("/")

    with django_assert_num_queries(10):
        client.get(url("file", agreement))


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_paper_with_a_large_number_is_named_by_it_in_every_link(client, owner, language):
    agreement = active_agreement(pk=1234567, owner=owner)
    kept = DocumentFactory(pk=2234567, agreement=agreement, kind="other")
    Review.objects.create(
        pk=3234567, agreement=agreement, due_on=date(2026, 9, 1), held_on=date(2026, 9, 3), held_by=owner,
        decision="continue", written_at=timezone.now(),
    )  # fmt: skip

    for page in (agreement.get_absolute_url(), url("file", agreement), url("erase_document", kept)):
        text = client.get(page, headers={"accept-language": language}).text
        named = re.findall(r'(?:href|value|action|id|for)="([^"]*)"', text)
        assert [one for one in named if re.search(r"[1-3][.,]234[.,]567", one)] == []
        assert [one for one in named if "1234567" in one]

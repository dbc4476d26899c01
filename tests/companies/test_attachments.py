"""What is attached is read for CPR numbers; what can't be read is kept and said to be so."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from companies import attachments
from companies.attachments import AttachmentField, Scanned
from jobcenter_crm.backstage.documents import uploads
from jobcenter_crm.backstage.documents.text import Reading
from tests.backstage.documents.test_pdf import picture
from tests.backstage.documents.test_text import changed, pdf_with, scan, word_with
from tests.factories import WorkplaceFactory

pytestmark = pytest.mark.django_db


class Attach(forms.Form):
    file = AttachmentField(required=False)


def attached(name, data):
    form = Attach({}, {"file": SimpleUploadedFile(name, data)})
    assert form.is_valid(), form.errors
    return form.cleaned_data["file"]


def errors(name, data):
    form = Attach({}, {"file": SimpleUploadedFile(name, data)})
    assert not form.is_valid()
    return form.errors.as_data()["file"]


def test_a_clean_file_is_read_and_can_be_kept():
    upload = attached("aftale.pdf", pdf_with("Vi aftaler to pladser."))

    assert (upload.scanned, upload.why_not, upload.maybe_cpr) == (Scanned.CLEAN, "", False)
    assert upload.kind is uploads.PDF
    assert upload.tell() == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", lambda number: pdf_with(f"Borger: {number}")),
        ("a.docx", lambda number: word_with(lambda document: document.add_paragraph(f"Borger: {number}"))),
        ("a.docx", lambda number: word_with(lambda document: setattr(document.core_properties, "subject", number))),
    ],
)
def test_a_cpr_number_is_refused_and_never_repeated(name, data):
    [error] = errors(name, data("010190-1234"))

    assert error.code == "cpr"
    assert "010190" not in str(error)
    assert "1234" not in str(error)


def test_a_cpr_number_in_the_name_of_the_file_is_refused():
    [error] = errors("010190-1234.pdf", pdf_with("x"))

    assert error.code == "cpr"


def test_ten_digits_that_may_be_one_are_asked_about_and_a_known_p_number_passes():
    WorkplaceFactory(p_number="0101901234")

    known = attached("a.pdf", pdf_with("P-nummer 0101901234"))
    unknown = attached("a.pdf", pdf_with("Nummer 0202901234"))

    attachments.refuse_maybe_cpr(known)
    attachments.refuse_maybe_cpr(None)
    with pytest.raises(forms.ValidationError) as asked:
        attachments.refuse_maybe_cpr(unknown)
    assert asked.value.code == "maybe_cpr"
    assert "0202901234" not in str(asked.value)


def test_a_file_may_hold_more_numbers_than_one_statement_takes(monkeypatch):
    numbers = " ".join(f"010190{n:04}" for n in range(1500)) + " " + " ".join(f"010191{n:04}" for n in range(9000))
    monkeypatch.setattr(attachments.text, "read", lambda *args: Reading("read", numbers))
    monkeypatch.setattr(
        attachments.cpr, "known_p_numbers", lambda some: set(some) if len(some) <= 500 else pytest.fail("many")
    )

    assert attached("a.pdf", pdf_with("x")).maybe_cpr is True


@pytest.mark.parametrize(
    ("name", "data", "scanned"),
    [
        ("scan.pdf", scan(), Scanned.UNREADABLE),
        ("foto.png", picture(), Scanned.UNREADABLE),
        (
            "låst.pdf",
            changed(pdf_with("x"), lambda writer: writer.encrypt("k", algorithm="RC4-128")),
            Scanned.UNREADABLE,
        ),
        ("brudt.pdf", b"%PDF-1.7 nonsense", Scanned.UNREADABLE),
    ],
)
def test_what_can_not_be_read_is_kept_and_said_to_be_so(name, data, scanned):
    upload = attached(name, data)

    assert upload.scanned == scanned
    assert upload.why_not


def test_a_file_of_a_wrong_kind_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(attachments.text, "read", lambda *args: pytest.fail("read"))

    [error] = errors("a.exe", b"MZ")

    assert error.code == "kind"


def test_the_browser_is_told_what_may_be_chosen():
    assert 'accept=".pdf,.docx,.png,.jpg,.jpeg"' in str(Attach()["file"])


def test_nothing_chosen_is_nothing():
    form = Attach({}, {})

    assert form.is_valid()
    assert form.cleaned_data["file"] is None

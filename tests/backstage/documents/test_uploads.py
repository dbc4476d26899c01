"""A file's kind is told by its content, and its name must not say another."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from jobcenter_crm.backstage.documents import uploads
from tests.backstage.documents.test_pdf import picture
from tests.backstage.documents.test_text import pdf_with, word_with


def packed(*names, data=b""):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, data)
    return out.getvalue()


WORD = word_with(lambda document: document.add_paragraph("x"))


def code_of(name, data, **bounds):
    with pytest.raises(ValidationError) as refused:
        uploads.kind_of(SimpleUploadedFile(name, data), **bounds)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("Aftale.PDF", pdf_with("x"), "pdf"),
        ("aftale.docx", WORD, "docx"),
        ("foto.png", picture("PNG"), "png"),
        ("foto.jpeg", picture("JPEG"), "jpeg"),
        ("foto.JPG", picture("JPEG"), "jpeg"),
    ],
)
def test_the_kinds_that_are_taken(name, data, kind):
    upload = SimpleUploadedFile(name, data)

    assert uploads.kind_of(upload).name == kind
    assert upload.tell() == 0


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ a program", "kind"),
        ("a.html", b"<script>alert(1)</script>", "kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("a.png", b"\x89PNG\r\n\x1a\nnonsense", "kind"),
        ("a.docx", packed("a.txt"), "kind"),
        ("a.docm", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "kind"),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "kind"),
        ("a.docx", b"PK\x03\x04nonsense", "kind"),
        ("a.docx", pdf_with("x"), "name"),
        ("a.pdf.exe", pdf_with("x"), "name"),
        ("a", picture(), "name"),
        ("a.docx", packed("[Content_Types].xml", "word/document.xml", data=b"0" * 110_000_000), "bomb"),
    ],
)
def test_what_is_not_taken(name, data, code):
    assert code_of(name, data) == code


def test_what_is_too_large_is_not_read():
    assert code_of("a.pdf", pdf_with("x"), limit=100) == "too_large"


def test_a_form_may_take_only_some_kinds():
    assert code_of("a.docx", WORD, kinds=(uploads.PDF,)) == "kind"


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
    rest=st.binary(min_size=1),
)
def test_no_bytes_break_it(start, rest):
    with suppress(ValidationError):
        uploads.kind_of(SimpleUploadedFile("a.pdf", start + rest))

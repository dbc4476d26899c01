"""The text of files that come in; what can't be read is said to be so, whatever the file does."""

import sys
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from jobcenter_crm.backstage.documents import reader, text
from tests.backstage.documents.test_pdf import document

BOX = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>%s</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""


def pdf_with(*texts):
    letter = document()
    for one in texts:
        letter.paragraph(one)
    return letter.made()


def scan():
    """A PDF with a picture on each of two pages."""
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PDF", save_all=True, append_images=[Image.new("RGB", (60, 80))])
    return out.getvalue()


def changed(data, change):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def word_with(write):
    document = docx.Document()
    write(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_is_read():
    reading = text.read("pdf", pdf_with("Blåbærgrød på Ærø"))

    assert (reading.state, reading.unread, reading.is_whole, reading.why_not) == ("read", 0, True, "")
    assert "Blåbærgrød på Ærø" in reading.text


def test_remarks_and_metadata_of_a_pdf_are_read():
    def remark(writer):
        writer.add_annotation(0, FreeText(text="en bemærkning", rect=(50, 50, 200, 100)))
        writer.add_metadata({"/Subject": "et emne"})

    reading = text.read("pdf", changed(pdf_with("x"), remark))

    assert "en bemærkning" in reading.text
    assert "et emne" in reading.text


def test_a_scan_is_said_to_be_unreadable():
    reading = text.read("pdf", scan())

    assert reading.state == "empty"
    assert "scan" in str(reading.why_not)


def test_pages_that_are_pictures_count_as_unread():
    reading = text.read("pdf", changed(pdf_with("x"), lambda writer: writer.append(BytesIO(scan()))))

    assert (reading.state, reading.unread, reading.is_whole) == ("read", 2, False)


def test_a_file_within_the_file_counts_as_unread():
    reading = text.read("pdf", changed(pdf_with("x"), lambda writer: writer.add_attachment("a.txt", b"hidden")))

    assert (reading.state, reading.unread) == ("read", 1)


def test_a_locked_pdf_is_said_to_be_locked_and_one_that_opens_by_itself_is_read():
    locked = changed(pdf_with("x"), lambda writer: writer.encrypt("secret", algorithm="RC4-128"))
    signed = changed(pdf_with("æble"), lambda writer: writer.encrypt("", "owner", algorithm="RC4-128"))

    assert text.read("pdf", locked).state == "encrypted"
    assert "æble" in text.read("pdf", signed).text


def test_every_part_of_a_word_document_is_read():
    def write(document):
        document.add_paragraph("i brødteksten")
        document.add_table(rows=1, cols=2).rows[0].cells[0].text = "i en tabel"
        document.sections[0].header.paragraphs[0].text = "i hovedet"
        document.sections[0].footer.paragraphs[0].text = "i foden"
        document.add_paragraph()._p.append(parse_xml(BOX % "i en boks"))
        document.core_properties.comments = "i egenskaberne"

    reading = text.read("docx", word_with(write))

    assert reading.state == "read"
    for words in ("i brødteksten", "i en tabel", "i hovedet", "i foden", "i en boks", "i egenskaberne"):
        assert words in reading.text


def test_what_spans_several_runs_or_cells_stays_together():
    def write(document):
        paragraph = document.add_paragraph("010190")
        paragraph.add_run("-").bold = True
        paragraph.add_run("1234")
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        cells[0].text, cells[1].text = "020280", "4321"

    reading = text.read("docx", word_with(write))

    assert "010190-1234" in reading.text
    assert "020280\t4321" in reading.text


def test_a_word_document_with_only_a_picture_is_said_to_be_unreadable():
    def write(document):
        out = BytesIO()
        Image.new("RGB", (20, 20)).save(out, "PNG")
        document.add_picture(BytesIO(out.getvalue()))
        for name in ("author", "comments"):
            setattr(document.core_properties, name, "")

    assert text.read("docx", word_with(write)).state == "empty"


def test_pictures_have_no_text():
    reading = text.read("png", b"whatever")

    assert reading.state == "picture"
    assert reading.why_not


@pytest.mark.parametrize(
    ("kind", "data"), [("pdf", b""), ("pdf", b"%PDF-1.7 nonsense"), ("docx", b"PK nonsense"), ("docx", b"")]
)
def test_what_is_broken_is_said_to_be_so(kind, data):
    assert text.read(kind, data).state == "broken"


def test_a_document_that_unfolds_without_end_is_given_up():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * (reader.MOST_XML + 1) + b"</a>")

    assert text.read("docx", out.getvalue()).state == "too_much"


def test_entities_that_multiply_are_not_followed():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a><p><t>&l11;</t></p></a>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", xml)

    assert text.read("docx", out.getvalue()).state in ("empty", "broken", "too_much")


def test_files_of_the_machine_are_not_fetched(tmp_path):
    (tmp_path / "secret").write_text("the secret of the machine")
    xml = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><a><p><t>&x;</t></p></a>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", xml)

    assert "secret of" not in text.read("docx", out.getvalue()).text


def test_one_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    sleepy = tmp_path / "sleepy.py"
    sleepy.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(text, "READER", sleepy)

    assert text.read("pdf", b"", patience=0.5).state == "too_slow"


def test_one_that_takes_all_memory_ends_only_its_reader(tmp_path, monkeypatch):
    greedy = tmp_path / "greedy.py"
    greedy.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(text, "READER", greedy)

    assert text.read("pdf", b"x" * 1_000_000).state == "too_much"


def test_the_reader_imports_nothing_of_ours():
    source = text.READER.read_text()

    assert "jobcenter_crm" not in source
    assert "django" not in source
    assert sys.executable


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 4000), noise=st.binary(max_size=80), kind=st.sampled_from(["pdf", "docx"]))
def test_no_mangled_file_raises(cut, noise, kind):
    whole = {"pdf": WHOLE_PDF, "docx": WHOLE_WORD}[kind]
    where = cut % len(whole)
    mangled = whole[:where] + noise + whole[where + len(noise) :]

    answer = reader.main(kind, mangled)

    assert answer["state"] in ("read", *text.WHY_NOT)


WHOLE_PDF = pdf_with("Blåbærgrød")
WHOLE_WORD = word_with(lambda document: document.add_paragraph("Blåbærgrød"))

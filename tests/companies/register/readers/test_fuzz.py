"""Files that were cut off, damaged or made to do harm: each is read, or refused with a reason, and quickly.

Made from small good files by chance, but the same each time.
"""

import gzip
import io
import json
import random
import struct
import time
import warnings
import zipfile
import zlib

import pytest
import xlsxwriter

from companies.register.readers import Unusable, open_file
from companies.register.reasons import REJECTED, UNUSABLE
from tests.companies.register.readers.documents import answer, company, person, workplace

pytestmark = pytest.mark.slow

SEED = 20261124
# Longer than any of them takes on a busy machine, and far shorter than one that does not end.
LONGEST = 20
HEADINGS = ["cvrnr", "pnr", "navn", "adresse", "postnr", "telefon"]
ROWS = [["99000007", f"99000000{n:02}", f"Prøve {n} ApS", f"Vej {n}", "4600", "10203040"] for n in range(12)]
DOCUMENTS = [company(), workplace(), person(), workplace(9900000002)]
HOSTILE = [
    b"\x00", b"\x00\x00\x00\x00", b'"', b'"";"', b"\r", b"\n", b";" * 300, b"(u\xc3\xa6ndret)", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xc3", b"9" * 400, b"-1e99999", b"1E400", b"NaN", b"{", b"}", b"[" * 3000, b'{"a":' * 2000, b"]]]]", b"null", b"\\ud800",
    b'"\\ud800"', b'"cvrNummer": 1, "cvrNummer": [],', b'{"hits": {"hits": 7}}\n', b'{"_source": 1}\n', b"<!ENTITY a '&b;&b;'>",
    b'<c r="XFD1048576"><v>1</v></c>', b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"../" * 40,
    b"=cmd|' /C calc'!A0", b"010190-1234", b"\xe2\x80\xae", b"x" * 100_001,
]  # fmt: skip


def csv_file(chance):
    delimiter, ending = chance.choice(";,\t|"), chance.choice(["\n", "\r\n", "\r"])
    encoding = chance.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    return ending.join(delimiter.join(row) for row in [HEADINGS, *ROWS]).encode(encoding)


def json_file(chance):
    shape = chance.choice([DOCUMENTS, answer(*DOCUMENTS), DOCUMENTS[0], [answer(*DOCUMENTS)]])
    return json.dumps(shape, indent=chance.choice([None, 1])).encode()


def ndjson_file(chance):
    return b"\n".join(json.dumps(chance.choice([one, answer(one)])).encode() for one in DOCUMENTS * 2)


def gzip_file(chance):
    return gzip.compress(chance.choice([csv_file, ndjson_file])(chance), chance.choice([0, 6]), mtime=0)


def zip_file(chance):
    target = io.BytesIO()
    method = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as archive:
        warnings.simplefilter("ignore")  # one name twice is a thing to try
        for make in chance.sample([csv_file, json_file, ndjson_file], 2):
            name = chance.choice(
                ["a.csv", "../../a.csv", "/etc/a", "a\x00b", "ø.json", "", "." * 300, "010190-1234.csv"]
            )
            archive.writestr(zipfile.ZipInfo(name), make(chance), method)
    return target.getvalue()


def workbook_parts():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name in ("Firmaer", "Steder"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([HEADINGS, *ROWS]):
                sheet.write_row(number, 0, row)
                sheet.write_number(number, 7, number)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def damaged(content, chance):
    """The bytes cut off, flipped, doubled, spliced or with something hostile put in; often several of these."""
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(data) + 1)
        act = chance.randrange(6)
        if act == 0:
            del data[at:]
        elif act == 1:
            for _ in range(chance.choice([1, 3, 30])):
                if data:
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif act == 2:
            data[at:at] = chance.choice(HOSTILE)
        elif act == 3:
            other = chance.randrange(len(data) + 1)
            data[at:at] = data[min(at, other) : max(at, other)][:5000]
        elif act == 4:
            del data[at : at + chance.choice([1, 4, 50])]
        elif data:
            size = chance.choice([1, 2, 4, 8])
            data[at : at + size] = chance.choice([b"\x00", b"\xff", b"\x7f"]) * size
    return bytes(data)


def holds_of(path):
    """Read to the end or refused with a known reason; anything else is the failure that is looked for."""
    began = time.perf_counter()
    try:
        reader = open_file(path)
        lines = []
        for row in reader.rows():
            lines.append(row.line)
            assert not row.problem or row.problem in REJECTED
            assert row.problem or all(isinstance(cell, str) for cell in row.values.values())
        assert lines == sorted(set(lines))
        assert len(reader.headings) > max(reader.columns.values())
        outcome = "read"
    except Unusable as unusable:
        outcome = unusable.reason
    assert outcome == "read" or outcome in UNUSABLE
    assert time.perf_counter() - began < LONGEST
    return outcome


CASES = {
    "csv": (csv_file, 3400),
    "json": (json_file, 2200),
    "ndjson": (ndjson_file, 2000),
    "gzip": (gzip_file, 1100),
    "zip": (zip_file, 1100),
}


@pytest.mark.parametrize("kind", CASES)
def test_damaged_files_are_read_or_refused(tmp_path, kind):
    make, number = CASES[kind]
    chance = random.Random(f"{SEED} {kind}")
    path = tmp_path / "any"
    outcomes = set()

    for _ in range(number):
        path.write_bytes(damaged(make(chance), chance))
        outcomes.add(holds_of(path))

    assert "read" in outcomes
    assert len(outcomes) > 2


@pytest.mark.parametrize("part", range(2))
def test_damaged_workbooks_are_read_or_refused(tmp_path, part):
    """The sheets within are damaged, so that the library meets it and not only the checksum before it."""
    chance = random.Random(f"{SEED} workbook {part}")
    parts = workbook_parts()
    path = tmp_path / "any"
    outcomes = set()

    for _ in range(75):
        name = chance.choice([name for name in parts if name.startswith("xl/") or chance.random() < 0.1])
        path.write_bytes(packed(parts | {name: damaged(parts[name], chance)}))
        outcomes.add(holds_of(path))

    assert {"read", "workbook_broken"} <= outcomes


def test_workbooks_damaged_from_outside_are_read_or_refused(tmp_path):
    chance = random.Random(f"{SEED} outside")
    content = packed(workbook_parts())
    path = tmp_path / "any"
    outcomes = set()

    for _ in range(50):
        path.write_bytes(damaged(content, chance))
        outcomes.add(holds_of(path))

    assert "packed_broken" in outcomes


def lying_zip(size):
    """A zip that says of its one file, deflated zeros, that it unpacks to `size` bytes."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = compressor.compress(bytes(40_000_000)) + compressor.flush()
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(content), size, 1, 0)
    entry = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 0, 0, len(content), size, 1, 0, 0, 0, 0, 0, 0)
    local = b"PK\x03\x04" + head + b"a" + content
    listed = b"PK\x01\x02" + entry + b"a"
    return local + listed + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(listed), len(local), 0)


HARMFUL = {
    "lists in lists": (b"[" * 5_000_000, {"json_broken", "no_documents"}),
    "objects in objects": (b'{"a":' * 1_000_000, {"json_broken", "no_documents"}),
    "lists in lists to the end": (b"[" * 1_000_000 + b"]" * 1_000_000, {"json_broken", "no_documents"}),
    "a long number": (b'[{"Vrvirksomhed": {"cvrNummer": ' + b"9" * 1_000_000 + b"}}]", {"json_broken"}),
    "a large number": (b'[{"Vrvirksomhed": {"cvrNummer": 1e' + b"9" * 100_000 + b"}}]", {"json_broken", "read"}),
    "one key again and again": (
        b'[{"Vrvirksomhed": {' + b'"cvrNummer": 1, ' * 200_000 + b'"cvrNummer": 2}}]',
        {"read"},
    ),
    "quotes": (b"cvr;navn\n" + b'"' * 2_000_000, {"read"}),
    "quotes and delimiters": (b"cvr;navn\n" + b'";"\n' * 100_000, {"read"}),
    "delimiters": (b";" * 3_000_000, {"one_column"}),
    "thousands of columns": (b"cvr;navn" + b";x" * 40_000 + b"\n1;a" + b";1" * 40_000, {"read", "no_headings"}),
    "nothing but NULs": (b"\x00" * 3_000_000, {"utf16"}),
    "gzip in gzip": (gzip.compress(gzip.compress(bytes(10_000_000))), {"archive_nested"}),
    "zeros in gzip": (gzip.compress(bytes(100_000_000), 1), {"bomb", "utf16"}),
    "a zip that lies": (lying_zip(10), {"bomb", "packed_broken", "utf16"}),
    "a zip of the large kind that lies": (lying_zip(0xFFFFFFFF), {"bomb", "packed_broken", "utf16"}),
    "the end of a zip": (b"PK\x05\x06" + b"\xff" * 18, {"many_files", "packed_broken"}),
    "no workbook": (
        packed({"xl/workbook.xml": b"<a>" * 1_000_000, "[Content_Types].xml": b""}),
        {"workbook_broken", "workbook_large"},
    ),
    "no ods": (
        packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a" * 100_000}),
        {"workbook_broken"},
    ),
    "no xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000_000, {"workbook_broken", "workbook_large"}),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_files_made_to_do_harm_are_refused_or_read_at_no_great_cost(tmp_path, name):
    content, reasons = HARMFUL[name]
    path = tmp_path / "any"
    path.write_bytes(content)

    assert holds_of(path) in reasons

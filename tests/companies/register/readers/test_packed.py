"""Packed files: unpacked once, never beyond reason, and gone afterwards."""

import gc
import io
import os
import zipfile

import pytest

from companies.register.lines import SHEET
from companies.register.readers import Unusable, open_file, packed, sheets

CSV = "cvr;navn\n99000007;Prøve\n"
WORKPLACES = "cvr;pnr;navn\n99000007;9900000001;Prøve\n"


def refused(path):
    with pytest.raises(Unusable) as error:
        list(open_file(path).rows())
    return error.value.reason


def test_gzip_is_unpacked_and_its_lines_are_those_of_the_file_in_it(gzipped):
    reader = open_file(gzipped(CSV))

    assert [(row.line, row.values["name"]) for row in reader.rows()] == [(2, "Prøve")]
    assert reader.sheets == [""]


def test_each_file_of_a_zip_is_read_whatever_kind_it_is(zipped, workbook, gzipped):
    book = workbook({"A": [["cvr", "navn"], [99000015, "Bog"]], "B": [["cvr", "navn"], [99000023, "Bog 2"]]})
    reader = open_file(zipped({"a/b.csv": CSV, "book.xlsx": book.read_bytes()}))

    found = list(reader.rows())

    assert [row.values["name"] for row in found] == ["Prøve", "Bog", "Bog 2"]
    assert [row.line // SHEET for row in found] == [1, 2, 3]
    assert reader.sheets == ["a/b.csv", "book.xlsx: A", "book.xlsx: B"]


def test_a_workbook_may_be_packed_by_gzip(gzipped, workbook):
    path = gzipped(workbook({"A": [["cvr", "navn"], [99000015, "Bog"]]}).read_bytes())

    assert [row.values["name"] for row in open_file(path).rows()] == ["Bog"]


def test_files_that_tell_nothing_are_left_out_and_told_of_and_hidden_ones_are_not(zipped):
    reader = open_file(
        zipped(
            {"x.csv": CSV, "readme.txt": "hello", "pic.png": b"\x89PNG\r\n", ".DS_Store": b"x", "__MACOSX/x.csv": "x"}
        )
    )

    assert len(list(reader.rows())) == 1
    assert [told.details["sheet"] for told in reader.left_out] == ["readme.txt", "pic.png"]


def test_names_in_a_zip_are_only_names(zipped, tmp_path):
    before = sorted(os.listdir(tmp_path.parent))

    reader = open_file(zipped({"../../evil.csv": CSV, "/etc/evil.csv": WORKPLACES, "C:\\evil\x01.csv": CSV}))

    assert len(list(reader.rows())) == 3
    assert sorted(os.listdir(tmp_path.parent)) == before
    assert not any("\x01" in name for name in reader.sheets)


def test_a_name_that_looks_like_somebody_s_number_is_not_kept(zipped):
    reader = open_file(zipped({"010190-1234.csv": CSV, "b.csv": CSV}))

    assert reader.sheets == ["#1", "b.csv"]


def test_a_packed_file_within_a_packed_file_is_refused(zipped, gzipped):
    inner = gzipped(CSV).read_bytes()

    assert refused(gzipped(inner)) == "archive_nested"
    assert refused(zipped({"a.csv": CSV, "b.gz": inner})) == "archive_nested"
    assert refused(zipped({"a.zip": zipped({"a.csv": CSV}, name="b.zip").read_bytes()})) == "archive_nested"


@pytest.mark.parametrize(
    "start", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh91AY", b"\xfd7zXZ\x00", b"\x00" * 257 + b"ustar"]
)
def test_other_archives_are_refused_with_what_to_do(file, start):
    assert refused(file(start + b"rest")) == "archive_other"


def test_a_locked_zip_says_so(zipped):
    path = zipped({"a.csv": CSV})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + at] |= 1
    path.write_bytes(content)

    assert refused(path) == "password"


@pytest.mark.parametrize("make", [lambda content: content[:-30], lambda content: content[: len(content) // 2]])
def test_a_packed_file_that_is_cut_off_is_refused(zipped, gzipped, make):
    for path in (zipped({"a.csv": CSV * 50}), gzipped(CSV * 50)):
        path.write_bytes(make(path.read_bytes()))
        assert refused(path) == "packed_broken"


def test_a_wrong_checksum_is_refused(zipped, gzipped):
    path = gzipped(CSV)
    path.write_bytes(path.read_bytes()[:-8] + bytes(4) + path.read_bytes()[-4:])
    assert refused(path) == "packed_broken"

    path = zipped({"a.csv": CSV})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        content[content.find(mark) + at] ^= 255
    path.write_bytes(content)
    assert refused(path) == "packed_broken"


def test_what_unpacks_to_more_than_can_be_right_is_refused(zipped, gzipped):
    bomb = bytes(packed.UNWATCHED * 2)

    assert refused(gzipped(bomb)) == "bomb"
    assert refused(zipped({"a.csv": CSV, "b.csv": bomb})) == "bomb"


def test_what_unpacks_to_more_than_is_read_is_refused(zipped, gzipped, monkeypatch):
    monkeypatch.setattr(packed, "MOST_UNPACKED", 40)

    assert refused(gzipped(CSV * 10)) == "unpacked_large"
    assert refused(zipped({"a.csv": CSV, "b.csv": CSV})) == "unpacked_large"


def test_a_zip_of_thousands_of_files_is_refused_before_they_are_looked_at(tmp_path, monkeypatch):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(201):
            archive.writestr(f"{number}.csv", CSV)
    assert refused(path) == "many_files"

    monkeypatch.setattr(packed, "_MOST_LISTED", 5000)
    monkeypatch.setattr(packed.zipfile, "ZipFile", None)
    assert refused(path) == "many_files"


def test_the_long_list_of_a_zip_of_the_large_kind_is_found_as_well():
    end = packed._END + bytes(18)
    record = packed._END_64 + bytes(36) + (10**9).to_bytes(8, "little") + bytes(8)
    locator = packed._LOCATOR_64 + bytes(4) + bytes(8) + bytes(4)

    with pytest.raises(Unusable) as error:
        packed._refuse_long_list(io.BytesIO(record + locator + end))

    assert error.value.reason == "many_files"


def test_what_was_unpacked_is_gone_when_nobody_reads_it_any_more(zipped):
    def mine():
        return len(os.listdir("/proc/self/fd"))

    path = zipped({"a.csv": CSV, "b.csv": CSV})
    gc.collect()
    before = mine()
    reader = open_file(path)
    assert mine() > before

    list(reader.rows())
    del reader
    gc.collect()

    assert mine() == before


def test_a_file_of_more_rows_than_can_be_numbered_is_refused(zipped, monkeypatch):
    monkeypatch.setattr(sheets, "SHEET", 3)

    assert refused(zipped({"a.csv": CSV, "b.csv": CSV + "99000015;b\n"})) == "many_rows"

"""Small files, the codes they use, and the import in one line."""

import gzip
import json
import zipfile
from datetime import date

import pytest
import xlsxwriter

from companies.models import Branch, CompanyForm, Municipality, Postcode
from companies.register import runs
from companies.register.importer import Reading, compare

TODAY = date(2026, 11, 24)


@pytest.fixture
def codes(db):
    """The codes that the tests write, whatever else the lists hold."""
    branches = [
        ("DB25", "433200", "Tømrer- og bygningssnedkeraktiviteter"),
        ("DB07", "433200", "Tømrer- og bygningssnedkervirksomhed"),
        ("DB25", "011100", "Dyrkning af korn (undtagen ris), bælgfrugter og olieholdige frø"),
        ("DB07", "960210", "Frisørsaloner"),
    ]
    Branch.objects.bulk_create(
        [Branch(scheme=scheme, code=code, title=title, level=4, section="F") for scheme, code, title in branches],
        ignore_conflicts=True,
    )
    towns = [("4600", "Køge"), ("2670", "Greve"), ("4030", "Tune"), ("0555", "Scanning"), ("2690", "Karlslunde")]
    Postcode.objects.bulk_create([Postcode(code=code, town=town) for code, town in towns], ignore_conflicts=True)
    places = [("0259", "Køge"), ("0101", "København"), ("0253", "Greve")]
    Municipality.objects.bulk_create(
        [Municipality(code=code, name=name, sort_name=name.lower()) for code, name in places], ignore_conflicts=True
    )
    forms = [("80", "Anpartsselskab"), ("60", "Aktieselskab"), ("250", "Primærkommune")]
    CompanyForm.objects.bulk_create([CompanyForm(code=code, name=name) for code, name in forms], ignore_conflicts=True)
    CompanyForm.objects.filter(code="250").update(is_public=True)


@pytest.fixture
def file(tmp_path):
    """Writes a file: `file("cvr;navn", "12345678;Prøve")`, or bytes as they are; returns its path."""

    def write(*lines, name="register.csv", encoding="utf-8"):
        path = tmp_path / name
        content = lines[0] if isinstance(lines[0], bytes) else ("\n".join(lines) + "\n").encode(encoding)
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """Writes a workbook: `workbook({"Sheet": [[cell, ...], ...]})`, hidden where the name is in `hidden`; its path."""

    def write(sheets, name="register.xlsx", hidden=()):
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy"}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                if title in hidden:
                    sheet.hide()
                for number, cells in enumerate(rows):
                    sheet.write_row(number, 0, cells)
        return path

    return write


@pytest.fixture
def zipped(tmp_path):
    """Packs `{name: text or bytes}` as a zip; returns its path."""

    def write(files, name="register.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in files.items():
                archive.writestr(entry, content)
        return path

    return write


@pytest.fixture
def gzipped(tmp_path):
    def write(content, name="register.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content if isinstance(content, bytes) else content.encode()))
        return path

    return write


@pytest.fixture
def as_json(tmp_path):
    """Writes a value as JSON, or, with `a_line`, each value of a list on a line of its own; returns its path."""

    def write(value, a_line=False, name="register.json"):
        path = tmp_path / name
        path.write_text("\n".join(map(json.dumps, value)) + "\n" if a_line else json.dumps(value, indent=1))
        return path

    return write


@pytest.fixture
def take_in(file, codes):
    """Takes in the lines of a file, or a path; returns the `RegisterImport`."""

    def take(*lines, today=TODAY):
        path = file(*lines) if not hasattr(lines[0], "open") else lines[0]
        with Reading(path, today=today) as reading:
            return runs.take_in_at_once(reading, name=path.name)

    return take


@pytest.fixture
def look(file, codes):
    """What taking in the lines of a file, or a path, would do; returns the `Counts`."""

    def take(*lines, today=TODAY):
        path = file(*lines) if not hasattr(lines[0], "open") else lines[0]
        with Reading(path, today=today) as reading:
            return compare(reading)[0]

    return take


def figures(register_import):
    """new, changed, ceased, unchanged, repeated, rejected"""
    return tuple(
        getattr(register_import, f"rows_{kind}")
        for kind in ("new", "changed", "ceased", "unchanged", "repeated", "rejected")
    )


def reasons(register_import, kind="rejected"):
    """(line, reason) of each remark of that kind."""
    return list(register_import.remarks.filter(kind=kind).values_list("line", "reason"))

"""An employer, a colleague, and a file of our own past in one line."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection

from companies.register import runs
from contacts.past.reading import PastReading
from contacts.past.taking_in import compare
from tests.companies.register.conftest import figures
from tests.factories import CompanyFactory, UserFactory, WorkplaceFactory

TODAY = date(2026, 11, 24)
CVR, P_NUMBER = "25052943", "1002664349"
HEADINGS = "P-nummer;Ansvarlig konsulent;Gruppe;Kontaktperson;Rolle;Telefon;E-mail;Kontaktdato;Kontaktform;Formål;Note"


@pytest.fixture
def place(db):
    """The one workplace of its company."""
    company = CompanyFactory(cvr_number=CVR, name="Prøve Byg ApS")
    return WorkplaceFactory(company=company, p_number=P_NUMBER, street="Vej 1", postcode="4600")


@pytest.fixture
def mette(db):
    return UserFactory(username="mette", first_name="Mette", last_name="Holm", email="mette@kommune.example")


@pytest.fixture
def steward(db):
    return UserFactory(username="lone", first_name="Lone", last_name="Data")


@pytest.fixture
def file(tmp_path):
    def write(*lines, name="past.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def take_in(file):
    """Takes in the lines of a file, or a path; returns the `RegisterImport`."""

    def take(*lines, by=None, today=TODAY):
        path = file(*lines) if not hasattr(lines[0], "open") else lines[0]
        with PastReading(path, today=today) as reading:
            return runs.take_in_at_once(reading, name=path.name, by=by, kind="history")

    return take


@pytest.fixture
def look(file):
    """What taking in the lines of a file would do: `(Counts, Sample)`."""

    def take(*lines, today=TODAY):
        with PastReading(file(*lines), today=today) as reading:
            return compare(reading)

    return take


@pytest.fixture
def row(take_in):
    """Takes in one row about the workplace: `row(Gruppe="2")`; returns the `RegisterImport`."""

    def take(by=None, **cells):
        cells = {"P-nummer": P_NUMBER} | {heading.replace("_", " "): cell for heading, cell in cells.items()}
        return take_in(";".join(cells), ";".join(cells.values()), by=by)

    return take


@pytest.fixture
def statements():
    """Notes every statement in its `with` block; an import forgets what Django has noted."""

    @contextmanager
    def noted():
        asked = []

        def note(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield asked

    return noted


def outcomes(register_import):
    """new, changed, unchanged, repeated, rejected"""
    new, changed, _ceased, *rest = figures(register_import)
    return (new, changed, *rest)


def told(register_import, kind):
    """The codes of the reasons of that kind, in the order of the file."""
    return list(register_import.remarks.filter(kind=kind).values_list("reason", flat=True))

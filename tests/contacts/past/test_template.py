"""The workbook to fill in: that it can be, that it is understood, and that its explanation is not taken for rows."""

import io
import re
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import pytest
import python_calamine
from django.urls import reverse
from django.utils import translation
from xlsxwriter.utility import xl_col_to_name

from contacts.models import FollowUp, Interaction
from contacts.past.columns import LABELS, PAST
from contacts.past.template import choices, workbook
from jobcenter_crm.staff.roles import STEWARD
from tests.contacts.past.conftest import P_NUMBER, outcomes, told
from tests.factories import UserFactory


def sheets(content):
    """{name: rows of cells}"""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("language", ["da", "en"])
def test_its_headings_are_understood_and_nothing_else_is(language):
    with translation.override(language):
        first, *others = sheets(workbook(["mette@kommune.example"])).values()

    assert list(PAST.understand(first[0])) == list(LABELS)
    assert len(first) == 1
    for row in (row for sheet in others for row in sheet):
        assert PAST.lacking(PAST.understand([str(cell) for cell in row]))


def test_every_column_is_explained():
    told = " ".join(str(cell) for row in sheets(workbook([]))["Explanation"] for cell in row)

    assert all(f": {label}" in told for label in LABELS.values())
    assert "Visit, Call, E-mail, Meeting with us, Letter, Event" in told


def test_the_colleagues_to_choose_among_are_those_who_work_here(client_for, person_in):
    UserFactory(email="gone@kommune.example", is_active=False)
    steward = person_in(STEWARD)

    answer = client_for(steward).get(reverse("contacts:past_template"))

    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == 'attachment; filename="our-own-past.xlsx"'
    assert sheets(answer.content)["Colleagues"] == [[steward.email]]


def test_a_house_without_colleagues_gets_a_workbook_too(db):
    assert sheets(workbook([]))["Colleagues"] == []


def filled_in(content, cells):
    """The workbook with one row written below its headings, as a spreadsheet saves it: {our column: text or date}."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    sheet = source.read("xl/worksheets/sheet1.xml").decode()
    styles = re.findall(r'<col min="([0-9]+)" max="([0-9]+)" [^>]*style="([0-9]+)"', sheet)
    row = ""
    for column, value in cells.items():
        at = list(LABELS).index(column)
        where = f"{xl_col_to_name(at)}2"
        style = next(style for first, last, style in styles if int(first) <= at + 1 <= int(last))
        if isinstance(value, date):
            row += f'<c r="{where}" s="{style}"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        else:
            row += f'<c r="{where}" s="{style}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    with zipfile.ZipFile(target, "w") as book:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = sheet.replace("</sheetData>", f'<row r="2">{row}</row></sheetData>').encode()
            book.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_can_be_filled_in_and_taken_in_as_it_is(place, mette, take_in, tmp_path, language):
    path = tmp_path / "past.xlsx"
    with translation.override(language):
        words = choices()
        cells = {
            "p_number": P_NUMBER,
            "owner": "mette@kommune.example",
            "tier": "2",
            "do_not_contact": words["do_not_contact"][1],
            "person": "Anna Prøve",
            "role": words["role"][1],
            "on": date(2026, 1, 5),
            "channel": words["channel"][0],
            "note": "Vil gerne være med",
            "outcome": words["outcome"][1],
            "next_step": "Ring",
            "next_on": date(2026, 12, 1),
        }
        path.write_bytes(filled_in(workbook(["mette@kommune.example"]), cells))

    brought = take_in(path)

    contact, promised = Interaction.objects.get(), FollowUp.objects.get()
    assert outcomes(brought) == (1, 0, 0, 0, 0)
    assert (contact.on, contact.channel, contact.outcome) == (date(2026, 1, 5), "visit", "interested")
    assert (promised.due_on, promised.owner, promised.person.role) == (date(2026, 12, 1), mette, "hr")
    assert told(brought, "rejected") == told(brought, "warning") == []

"""The workbook to fill in: that it can be, that it is understood, and that its explanation is not taken for rows."""

import io

import pytest
import python_calamine
from django.urls import reverse
from django.utils import translation

from contacts.past.columns import LABELS, PAST
from contacts.past.template import workbook
from jobcenter_crm.staff.roles import STEWARD
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

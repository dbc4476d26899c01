"""Figures from files: what a row may say, which workplace it means, what comes of it, and that twice is once."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from companies.figures.rows import amount
from companies.models import RegisterImport, RejectedRow, WorkplaceFigure
from companies.register.cells import CellError
from jobcenter_crm.backstage import jobs
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import CompanyFactory, WorkplaceFactory, WorkplaceFigureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CVR, P_NUMBER = "25052943", "1002664349"
SAID = ["--figure", "sickness_absence", "--on", "2026-06-30", "--source", "Survey 2026"]
HEADINGS = "P-nummer;Værdi;Nøgletal;Opgjort den;Kilde"


@pytest.fixture
def place():
    return WorkplaceFactory(company=CompanyFactory(cvr_number=CVR), p_number=P_NUMBER)


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "figures.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def run(*arguments):
    """(exit code, what was printed)"""
    said = StringIO()
    try:
        call_command("import_figures", *map(str, arguments), stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


def counts():
    rows = WorkplaceFigure.objects.order_by("pk")
    return list(rows.values_list("workplace", "figure__code", "counted_on", "value", "source"))


def reasons():
    return list(RejectedRow.objects.order_by("line").values_list("line", "kind", "reason"))


# --- One row ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12", "12"), ("12,5", "12.5"), ("12.5", "12.5"), ("1.234,5", "1234.5"), ("1 234", "1234"), ("0.125", "0.13"),
        ("1,234", "1.23"), ("1.234.567", "1234567"), ("0", "0"), ("7.25000001", "7.25"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_danes_and_spreadsheets_write_it(raw, value):
    assert amount(raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "amount_missing"), ("–", "amount_missing"), ("1.234", "amount_two_ways"), ("mange", "amount_form"),
        ("-5", "amount_form"), ("1e9", "amount_form"), ("9" * 30, "amount_form"), ("1,234.5", "amount_form"), ("²", "amount_form"),
        ("9999999999,999", "amount_form"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(raw, reason):
    with pytest.raises(CellError) as refused:
        amount(raw)
    assert refused.value.reason == reason


def test_the_answers_hold_for_the_whole_file_and_a_column_goes_before_them(place, file):
    other = WorkplaceFactory(p_number="1002664350")

    code, _said = run(
        file(
            HEADINGS,
            f"{P_NUMBER};12,5;;;",
            f"{other.p_number};40;Job til folk med kort uddannelse;31-12-2025;Own count",
        ),
        *SAID,
    )

    assert code == 0
    assert counts() == [
        (place.pk, "sickness_absence", date(2026, 6, 30), Decimal("12.5"), "Survey 2026"),
        (other.pk, "short_education_jobs", date(2025, 12, 31), Decimal(40), "Own count"),
    ]
    assert {count.register_import for count in WorkplaceFigure.objects.all()} == {RegisterImport.objects.get()}


def test_what_a_row_lacks_is_said(place, file):
    code, _said = run(file(HEADINGS, f"{P_NUMBER};12;;;"))

    assert code == 1
    assert [reason for _line, _kind, reason in reasons()] == ["figure_missing", "counted_on_missing", "source_missing"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{P_NUMBER};12;Fritid;;", "figure_unknown"),
        (f"{P_NUMBER};12;;25-11-2026;", "counted_on_later"),
        (f"{P_NUMBER};12;;31-12-1901;", "day_long_ago"),
        (f"{P_NUMBER};12;;soon;", "day_form"),
        (f"{P_NUMBER};12;;;{'x' * 201}", "text_long"),
        (f"{P_NUMBER};12;;;0101901234", "maybe_cpr_refused"),
        (f"{P_NUMBER};12;;;010190-1234", "cpr"),
        ("1000000001;12;;;", "place_unknown"),
        (";12;;;", "place_missing"),
        ("123;12;;;", "p_number_digits"),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_and_says_why(place, file, row, reason):
    code, _said = run(file(HEADINGS, row, f"{P_NUMBER};8;;;"), *SAID)

    assert code == 1
    assert reasons() == [(2, "rejected", reason)]
    assert [value for *_rest, value, _source in counts()] == [8]


def test_a_cvr_number_is_enough_only_where_the_company_has_one_workplace(place, file):
    path = file("CVR-nummer;Antal", f"{CVR};12")

    assert run(path, *SAID)[0] == 0
    WorkplaceFactory(company=place.company)
    assert run(path, *SAID)[0] == 1

    assert [reason for _line, _kind, reason in reasons()] == ["several_places"]
    assert len(counts()) == 1


# --- A file ----------------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_replaces(place, file):
    run(file(HEADINGS, f"{P_NUMBER};12;;;"), *SAID)
    before = list(WorkplaceFigure.objects.values())

    _code, said = run(file(HEADINGS, f"{P_NUMBER};12;;;"), *SAID)
    assert list(WorkplaceFigure.objects.values()) == before
    assert "1  unchanged" in said
    _code, said = run(file(HEADINGS, f"{P_NUMBER};13;;;"), *SAID)

    assert "1  changed" in said
    assert [value for *_rest, value, _source in counts()] == [13]


def test_of_rows_about_one_count_the_last_holds(place, file):
    run(
        file(HEADINGS, f"{P_NUMBER};12;;;", f"{P_NUMBER};9;;;", f"{P_NUMBER};9;;;", f"{P_NUMBER};9;;31-12-2025;"), *SAID
    )

    assert reasons() == [(2, "repeated", "repeated_other"), (3, "repeated", "repeated_same")]
    assert {(day, value) for _pk, _code, day, value, _source in counts()} == {
        (date(2026, 6, 30), 9),
        (date(2025, 12, 31), 9),
    }


def test_a_dry_run_changes_nothing(place, file):
    code, said = run(file(HEADINGS, f"{P_NUMBER};12;;;"), *SAID, "--dry-run")

    assert code == 0
    assert "1  new" in said
    assert counts() == []


@pytest.mark.parametrize(
    "wrong", [["--figure", "leisure"], ["--on", "2030-01-01"], ["--on", "x"], ["--source", "010190-1234"]]
)
def test_an_option_that_makes_no_sense_stops_it(place, file, wrong):
    with pytest.raises(CommandError) as stopped:
        call_command("import_figures", str(file(HEADINGS, f"{P_NUMBER};12;;;")), *SAID, *wrong)

    assert stopped.value.returncode == 2
    assert counts() == []


def test_a_file_without_values_is_unusable(file):
    with pytest.raises(CommandError, match="No column has a heading for the value"):
        call_command("import_figures", str(file("P-nummer;Navn", f"{P_NUMBER};Shop")), *SAID)


# --- In the browser --------------------------------------------------------------------------


def test_a_steward_is_asked_previews_takes_in_and_brings_a_corrected_row_again(client_for, person_in, place):
    client = client_for(person_in(STEWARD))
    page = reverse("companies:imports") + "?kind=figures"
    assert 'name="counted_on"' in client.get(page).text
    content = f"P-nummer;Sygefravær\n{P_NUMBER};12,5\n1000000001;9\n"
    upload = SimpleUploadedFile("absence.csv", content.encode())
    answers = {"figure": "sickness_absence", "counted_on": "2026-06-30", "source": "Survey 2026"}

    shown = client.post(page, answers | {"file": upload}, follow=True)
    assert "Sickness absence, counted on 30 June 2026, source: Survey 2026" in shown.text
    assert "12.5 days per employee a year, 30 June 2026, Survey 2026" in shown.text
    assert counts() == []
    first = RegisterImport.objects.get()
    client.post(reverse("companies:import_apply", args=[first.pk]))
    first.refresh_from_db()
    jobs.run(first.job.pk)
    rejected = RejectedRow.objects.get()
    assert rejected.reason == "place_unknown"
    client.post(reverse("companies:import_row", args=[rejected.pk]), {"cell_0": P_NUMBER, "cell_1": "14"})
    client.post(reverse("companies:import_again", args=[first.pk]))

    again = RegisterImport.objects.exclude(pk=first.pk).get()
    assert (again.kind, again.answers, again.rows_changed, again.rows_rejected) == ("figures", first.answers, 1, 0)
    assert [value for *_rest, value, _source in counts()] == [Decimal("12.5")]


def test_a_day_to_come_is_an_error_beside_the_field(client_for, person_in):
    upload = SimpleUploadedFile("absence.csv", b"P-nummer;Tal\n1;2\n")
    answer = client_for(person_in(STEWARD)).post(
        reverse("companies:imports") + "?kind=figures", {"file": upload, "counted_on": "2026-11-25", "source": "Us"}
    )

    assert answer.status_code == 422
    assert "Write a day that has been." in answer.text
    assert 'value="Us"' in answer.text
    assert not RegisterImport.objects.exists()


def test_the_newest_count_stands_on_the_card_with_its_day_and_source(client_for, owner, place):
    WorkplaceFigureFactory(workplace=place, value=30, counted_on=date(2025, 6, 30), source="Old survey")
    WorkplaceFigureFactory(workplace=place, value="12.5", source="New survey")

    card = client_for(owner).get(reverse("desk:about", args=[place.pk])).text

    assert "12.5 days per employee a year" in card
    assert "New survey" in card
    assert "Old survey" not in card


def test_rejected_rows_are_handed_out(place, file, tmp_path):
    target = tmp_path / "rejects.csv"
    run(file(HEADINGS, "1000000001;12;;;"), *SAID, "--rejects", target)

    rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1][4:] == ["1000000001", "12", "", "", ""]

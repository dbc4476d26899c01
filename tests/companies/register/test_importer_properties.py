"""What holds of every file, whatever is in it and whatever came before it."""

from contextlib import suppress
from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Workplace
from companies.register import runs
from companies.register.importer import Reading, compare
from companies.register.readers import Unusable
from tests.companies.register.conftest import TODAY, figures

CELLS = {
    "cvr": st.sampled_from(["25052943", "47458714", "34213585", "1", ""]),
    "navn": st.sampled_from(["Shop", "Café", "Store A/S", ""]),
    "pnr": st.sampled_from(["1002664349", "1007256945", "1003007261", "", "", "12", "(uændret)", "(uændret)"]),
    "adresse": st.sampled_from(["Vej 1", "Vej 2", "Gade 3", "", "C/O X, C/O X - Vej 1 - 4600 Køge"]),
    "postnr": st.sampled_from(["4600", "2670", "", "4699"]),
    "ophørsdato": st.sampled_from(["", "", "2020-01-01", "2030-01-01", "no day"]),
    "telefon": st.sampled_from(["", "10203040", "50607080", "(uændret)"]),
    "ansatte": st.sampled_from(["", "5-9", "12", "many"]),
    "reklamebeskyttet": st.sampled_from(["Ja", "Nej", ""]),
}


@st.composite
def files(draw):
    """A file with some of the columns and a few rows, as text."""
    more = [heading for heading in CELLS if heading not in ("cvr", "navn") and draw(st.booleans())]
    headings = ["cvr", "navn", *more]
    rows = draw(st.lists(st.tuples(*(CELLS[heading] for heading in headings)), min_size=1, max_size=7))
    return "\n".join(";".join(row) for row in [headings, *rows])


class Undone(Exception):
    """Takes an example's rows out of the database again."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(files(), min_size=1, max_size=3), st.booleans())
def test_every_file_does_what_the_look_said_and_the_second_time_nothing(
    codes, tmp_path, monkeypatch, sequence, is_small
):
    monkeypatch.setattr("companies.register.importer.BATCH", 2 if is_small else 1000)
    path = tmp_path / "any.csv"
    with suppress(Undone), transaction.atomic():
        for content in sequence:
            path.write_text(content)
            with suppress(Unusable):
                _holds_of(path)
        raise Undone


def _holds_of(path):
    first, looked = _look_and_take_in(path)
    again, _looked = _look_and_take_in(path)
    assert figures(first) == looked
    assert sum(figures(first)) == first.rows_read
    assert figures(again)[:3] == (0, 0, 0)
    assert again.rows_repeated == first.rows_repeated
    assert again.rows_rejected == first.rows_rejected
    _derived_columns_are_right()


def _look_and_take_in(path):
    with Reading(path, today=TODAY) as reading:
        counts, _sample = compare(reading)
    looked = (counts.new, counts.changed, counts.ceased, counts.unchanged, counts.repeated, counts.rejected)
    with Reading(path, today=TODAY) as reading:
        return runs.take_in_at_once(reading, name="any.csv"), looked


def _derived_columns_are_right():
    for place in Workplace.objects.select_related("company"):
        kept = place.sort_name, place.search_text, place.address_key
        place.derive()
        assert kept == (place.sort_name, place.search_text, place.address_key)
        assert place.register_date == date(2026, 11, 24)

"""Large files: taken in batch by batch, gone on with after a break, and no question more for more rows."""

from datetime import date
from itertools import islice

import pytest
from django.db import connection

from bench.rows import cvr_numbers
from companies.models import RegisterImport, Workplace
from companies.register import importer, runs
from companies.register.importer import Reading
from tests.companies.register.conftest import figures

WORKPLACES = "cvrnr;pnr;navn;adresse;postnr;by"
CVRS = "25052943", "47458714", "34213585"


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr("companies.register.importer.BATCH", 3)


def many(number, name="Place"):
    return [
        f"{CVRS[serial % 3]};{1_009_900_000 + serial};{name} {serial};Vej {serial};4600;Køge"
        for serial in range(number)
    ]


def test_a_file_of_many_batches_is_taken_in_whole(take_in, small_batches):
    done = take_in(WORKPLACES, *many(20))

    assert figures(done) == (20, 0, 0, 0, 0, 0)
    assert figures(take_in(WORKPLACES, *many(20, "New"))) == (0, 20, 0, 0, 0, 0)


def test_an_import_goes_on_behind_the_last_batch_that_was_written(codes, file, small_batches, monkeypatch):
    path = file(WORKPLACES, *many(20))
    real, calls = importer.take_in_batch, []

    def dies_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(importer, "take_in_batch", dies_at_the_second)
    begun = RegisterImport.objects.create(name="many.csv", state="applying")
    with Reading(path, today=date(2026, 11, 24)) as reading, pytest.raises(KeyboardInterrupt):
        importer.take_in(reading, begun)
    half = Workplace.objects.count()
    begun.refresh_from_db()
    assert 0 < half < 20
    assert begun.tally["new"] == half

    with Reading(path, today=date(2026, 11, 24)) as reading:
        counts = importer.take_in(reading, RegisterImport.objects.get())

    assert counts.new == Workplace.objects.count() == 20


@pytest.fixture
def rows_at_once(monkeypatch):
    """How many rows each batch had."""
    real, sizes = importer.take_in_batch, []

    def counted(walk, batch, *args):
        sizes.append(sum(len(rows) for _cvr, rows in batch))
        return real(walk, batch, *args)

    monkeypatch.setattr(importer, "take_in_batch", counted)
    return sizes


def firms(number, name="Place"):
    cvrs = enumerate(islice(cvr_numbers(), number))
    return [f"{cvr};{1_009_900_000 + at};{name} {at};Vej {at};4600;Køge" for at, cvr in cvrs]


def test_where_little_changes_several_batches_are_looked_through_as_one(take_in, small_batches, rows_at_once):
    take_in(WORKPLACES, *firms(40))
    assert max(rows_at_once) == 3
    del rows_at_once[:]

    done = take_in(WORKPLACES, *firms(20), *firms(40, "New")[20:])

    assert figures(done) == (0, 20, 0, 20, 0, 0)
    assert rows_at_once[:2] == [3, 15]
    # The third had thirteen rows that changed, and what follows comes a batch at a time again.
    assert rows_at_once[2:5] == [15, 3, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="Only PostgreSQL can end a transaction ahead of the disk."
)
def test_only_the_last_word_of_an_import_waits_for_the_disk(take_in, small_batches, monkeypatch):
    waits = []

    def watched(place, name):
        real = getattr(place, name)

        def asks(*args, **kwargs):
            done = real(*args, **kwargs)
            with connection.cursor() as cursor:
                cursor.execute("SHOW synchronous_commit")
                waits.append((name, cursor.fetchone()[0]))
            return done

        monkeypatch.setattr(place, name, asks)

    watched(importer.Walk, "write")
    watched(runs, "_save_without_file")
    with connection.cursor() as cursor:
        # As a database is set up; that of the tests waits for no disk at all.
        cursor.execute("SET synchronous_commit TO ON")

    try:
        take_in(WORKPLACES, *many(6))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")

    assert waits == [("write", "off"), ("write", "off"), ("write", "off"), ("_save_without_file", "on")]


@pytest.mark.parametrize("rows", [3, 300])
def test_the_number_of_questions_does_not_grow_with_the_rows_of_a_batch(
    codes, file, rows, django_assert_max_num_queries
):
    path = file(WORKPLACES, *many(rows))

    with Reading(path, today=date(2026, 11, 24)) as reading, django_assert_max_num_queries(30):
        runs.take_in_at_once(reading, name="many.csv")

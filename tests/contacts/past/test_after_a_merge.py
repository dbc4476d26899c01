"""The same past taken in again after records were merged, and what is forgotten of a file that was dropped."""

import pytest
from django.core.files.base import ContentFile

from companies import merging
from companies.models import RegisterImport
from companies.register import importer, runs
from contacts.models import Interaction, Person
from contacts.past import taking_in
from contacts.past.reading import PastReading
from jobcenter_crm.backstage.models import StoredFile
from tests.contacts.past.conftest import P_NUMBER, TODAY, told
from tests.factories import CompanyFactory, PersonFactory, WorkplaceFactory, cvr_number

pytestmark = pytest.mark.django_db

HEADINGS = "P-nummer;Kontaktperson;Kontaktdato;Kontaktform;Formål"
OTHER = "1002664357"


@pytest.fixture
def other(place):
    """Another workplace of the same company."""
    return WorkplaceFactory(company=place.company, p_number=OTHER, street="Vej 2")


def merge(kept, merged, by):
    merging.merge(kept=kept, merged=merged, choices=set(), by=by)


def stored(name, content, by):
    kept = StoredFile.keep(ContentFile(content.encode()), by=by, name=name)
    return RegisterImport.objects.create(kind="history", name=name, file=kept, sha256=kept.sha256, by=by)


def test_a_contact_that_moved_along_is_not_written_again(place, other, steward, take_in):
    lines = HEADINGS, f"{OTHER};Anna Holm;2025-03-01;besøg;Praktik"
    take_in(*lines)
    merge(place, other, steward)

    take_in(*lines)

    assert Interaction.objects.get().workplace == place


def test_somebody_who_was_merged_is_not_made_again(place, steward, take_in):
    take_in(HEADINGS, f"{P_NUMBER};Anna H.;2025-03-01;besøg;Praktik")
    anna = PersonFactory(workplace=place, name="Anna Holm")
    merge(anna, Person.objects.get(name="Anna H."), steward)

    take_in(HEADINGS, f"{P_NUMBER};Anna H.;2025-04-01;besøg;Praktik")

    assert Person.objects.get() == anna
    assert anna.interactions.count() == 2


def test_the_two_numbers_of_a_merged_workplace_of_another_company_still_fit(place, steward, take_in):
    away = WorkplaceFactory(company=CompanyFactory(cvr_number=cvr_number(700)), p_number=OTHER)
    merge(place, away, steward)

    done = take_in(f"CVR-nummer;{HEADINGS}", f"{cvr_number(700)};{OTHER};Anna Holm;2025-03-01;besøg;Praktik")

    assert told(done, "rejected") == []
    assert Interaction.objects.get().workplace == place


def test_a_run_that_died_comes_to_its_end_although_its_company_was_merged(place, steward, file, monkeypatch):
    monkeypatch.setattr(importer, "BATCH", 1)
    home = WorkplaceFactory(p_number=OTHER)
    path = file(HEADINGS, f"{P_NUMBER};Anna;2025-03-01;besøg;P", f"{OTHER};Bo;2025-03-01;besøg;P")
    begun = RegisterImport.objects.create(kind="history", name="past.csv", state="applying", sha256="x")
    with PastReading(path, today=TODAY) as reading:
        importer.take_in_batch(reading.walk(), next(importer.batches(reading)), begun, importer.Quietly())
    merge(home.company, place.company, steward)

    with PastReading(path, today=TODAY) as reading:
        counts = taking_in.take_in(reading, RegisterImport.objects.get())

    assert (counts.read, counts.new, counts.rejected) == (2, 2, 0)
    assert Interaction.objects.count() == 2


@pytest.mark.parametrize("merges", ["companies", "workplaces"])
def test_a_run_that_died_takes_in_what_has_come_to_a_company_that_it_had_done(
    merges, place, steward, file, monkeypatch
):
    monkeypatch.setattr(importer, "BATCH", 1)
    away = WorkplaceFactory(p_number=OTHER)
    path = file(
        HEADINGS,
        f"{P_NUMBER};Anna;2025-03-01;besøg;P",
        f"{OTHER};Bo;2025-03-01;besøg;P",
        f"{OTHER};Bo;;;",
        "9999999999;Bo;2025-03-01;besøg;P",
    )
    begun = RegisterImport.objects.create(kind="history", name="past.csv", state="applying", sha256="x")
    with PastReading(path, today=TODAY) as reading:
        importer.take_in_batch(reading.walk(), next(importer.batches(reading)), begun, importer.Quietly())
    assert begun.reached == str(place.company_id)
    merge(*((place.company, away.company) if merges == "companies" else (place, away)), steward)

    for _time in range(2):
        with PastReading(path, today=TODAY) as reading:
            counts = taking_in.take_in(reading, RegisterImport.objects.get())

        assert (counts.read, counts.new, counts.unchanged, counts.rejected) == (4, 2, 1, 1)
        assert Interaction.objects.count() == 2
        assert RegisterImport.objects.get().reached == str(place.company_id)


def test_a_file_that_was_dropped_leaves_nobody_s_name(place, steward):
    dropped = stored("past.csv", f"{HEADINGS}\n{P_NUMBER};Anna Holm;2025-03-01;besøg;Praktik\n", steward)
    runs.preview(dropped, today=TODAY)
    assert "Anna" in str(dropped.sample)

    runs.cancel(dropped)

    dropped.refresh_from_db()
    assert (dropped.state, "Anna" in str(dropped.sample)) == ("cancelled", False)


def test_a_first_row_with_somebody_s_number_is_not_kept_as_headings(steward):
    bare = stored("past.csv", "Foo 010190-1234;Hans 0101901234;Køge\nabc;def;Greve\n", steward)

    runs.preview(bare, today=TODAY)

    assert bare.headings == ["#1", "#2", "Køge"]
    assert "010190" not in str((bare.sample, bare.problem_details, bare.mapping))

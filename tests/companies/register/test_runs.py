"""An import from its file to its end: previewed, taken in, cancelled, broken off."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from companies.models import RegisterImport, Workplace
from companies.register import runs
from companies.register.readers import Unusable
from jobcenter_crm.backstage.models import Job, StoredFile
from tests.companies.register.conftest import TODAY, figures
from tests.factories import UserFactory, WorkplaceFactory

GOOD = "cvrnr;pnr;navn;adresse;postnr;by;note\n25052943;1002664349;Shop;Vej 1;4600;Køge;x\n47458714;;Café;Vej 2;4600;Køge;y\n1;;z;;;;\n"
State = RegisterImport.State


@pytest.fixture
def upload(codes):
    """A file that somebody has chosen, not yet read."""

    def keep(content=GOOD):
        person = UserFactory()
        stored = StoredFile.keep(ContentFile(content.encode(), name="register.csv"), by=person)
        return RegisterImport.objects.create(file=stored, name=stored.name, sha256=stored.sha256, by=person)

    return keep


def previewed(register_import):
    runs.preview(register_import, today=TODAY)
    return RegisterImport.objects.get(pk=register_import.pk)


def applied(register_import, today=TODAY):
    RegisterImport.objects.filter(pk=register_import.pk).update(state=State.APPLYING)
    register_import.refresh_from_db()
    runs.apply(register_import, today=today)
    return RegisterImport.objects.get(pk=register_import.pk)


def test_a_preview_tells_what_would_happen_and_changes_nothing(upload):
    done = previewed(upload())

    assert done.state == State.PREVIEWED
    assert (done.rows_read, figures(done)) == (3, (2, 0, 0, 0, 0, 1))
    assert done.headings == ["cvrnr", "pnr", "navn", "adresse", "postnr", "by", "note"]
    assert done.columns["cvrnr"] == "cvr"
    assert done.ignored_headings == ["note"]
    assert not Workplace.objects.exists()


def test_a_preview_keeps_a_sample_of_what_would_change(upload):
    WorkplaceFactory(
        company__cvr_number="25052943",
        p_number="1002664349",
        name="Old",
        street="Vej 1",
        postcode="4600",
        town="Køge",
        tier=2,
    )

    sample = previewed(upload()).sample

    [changed] = sample["rows"]["changed"]
    assert (changed["name"], changed["tier"], changed["line"]) == ("Old", 2, 2)
    assert (changed["before"], changed["after"]) == ({"name": "Old"}, {"name": "Shop"})
    [new] = sample["rows"]["new"]
    assert new["after"]["street"] == "Vej 2"
    assert sample["fields"] == {"name": 1}


def test_a_preview_run_again_by_another_worker_tells_the_same(upload):
    begun = upload()
    previewed(begun)
    RegisterImport.objects.update(state=State.READING)

    again = previewed(RegisterImport.objects.get())

    assert figures(again) == (2, 0, 0, 0, 0, 1)
    assert again.remarks.count() == 1


def test_a_previewed_file_is_taken_in_and_then_forgotten(upload):
    begun = upload()

    done = applied(previewed(begun))

    assert done.state == State.APPLIED
    assert done.applied_at is not None
    assert figures(done) == (2, 0, 0, 0, 0, 1)
    assert Workplace.objects.count() == 2
    assert done.file is None
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_file_that_was_taken_in_are_deleted(upload):
    begun = upload()
    path = begun.file.file.name
    assert default_storage.exists(path)

    applied(previewed(begun))

    assert not default_storage.exists(path)


def test_a_file_is_taken_in_only_when_somebody_has_said_so(upload):
    begun = previewed(upload())

    runs.apply(begun, today=TODAY)

    assert RegisterImport.objects.get().state == State.PREVIEWED
    assert not Workplace.objects.exists()


def test_what_is_told_in_the_end_is_what_was_done_if_the_register_has_changed_since_the_preview(upload):
    begun = previewed(upload())
    WorkplaceFactory(
        company__cvr_number="25052943", p_number="1002664349", name="Shop", street="Vej 1", postcode="4600", town="Køge"
    )

    done = applied(begun)

    assert figures(done) == (1, 0, 0, 1, 0, 1)


def test_an_import_that_has_ended_is_not_taken_in_again(upload):
    done = applied(previewed(upload()))
    Workplace.objects.all().delete()

    runs.apply(done, today=date(2027, 1, 1))

    assert not Workplace.objects.exists()


def test_a_file_that_is_gone_can_not_be_taken_in(upload):
    begun = previewed(upload())
    begun.file.file.delete(save=False)

    with pytest.raises(Unusable) as error:
        applied(begun)

    assert error.value.reason == "gone"


def test_another_file_than_the_one_that_was_previewed_is_not_taken_in(upload):
    begun = previewed(upload())
    RegisterImport.objects.update(sha256="0" * 64)

    with pytest.raises(Unusable):
        applied(begun)

    assert not Workplace.objects.exists()


def test_an_unusable_file_is_remembered_with_its_reason_and_forgotten(upload):
    done = previewed(upload("cvr;navn\n"))

    assert (done.state, done.problem) == (State.UNUSABLE, "no_rows")
    assert done.file is None
    assert done.rows_read == 0


def test_a_file_whose_columns_are_not_known_waits_for_their_names(upload):
    begun = previewed(upload("navn;by\nShop;Køge\n"))

    assert (begun.state, begun.problem) == (State.UNNAMED, "no_cvr_heading")
    assert (begun.headings, begun.sample["columns"]) == (["navn", "by"], [["Shop"], ["Køge"]])
    assert begun.file is not None

    assert runs.name_columns(begun, {"navn": "name", "by": "cvr"})
    assert not runs.name_columns(begun, {"navn": "name", "by": "cvr"})
    begun.refresh_from_db()
    assert (begun.state, begun.problem, begun.problem_details) == (State.READING, "", {})


def test_a_previewed_file_may_be_cancelled_and_is_forgotten(upload):
    begun = previewed(upload())

    assert runs.cancel(begun)

    done = RegisterImport.objects.get()
    assert (done.state, done.file) == (State.CANCELLED, None)
    assert not StoredFile.objects.exists()


def test_it_is_too_late_to_cancel_what_is_being_taken_in(upload):
    begun = previewed(upload())
    RegisterImport.objects.update(state=State.APPLYING)

    assert not runs.cancel(begun)
    assert RegisterImport.objects.get().state == State.APPLYING


def test_what_a_command_left_behind_is_broken_off_and_what_a_job_does_is_not(upload):
    left = RegisterImport.objects.create(name="a.csv", state=State.APPLYING)
    working = upload()
    working.job = Job.objects.create(kind="tests.nothing")
    working.state = State.APPLYING
    working.save()

    runs.give_up_the_dead()

    left.refresh_from_db()
    working.refresh_from_db()
    assert (left.state, working.state) == (State.BROKEN_OFF, State.APPLYING)


def test_values_that_look_like_cpr_numbers_are_not_kept(upload):
    done = previewed(upload("cvrnr;navn;note\n25052943;Shop;born 010190-1234\n0101901234;Café;\n"))

    kept = str(list(done.remarks.values())) + str(done.sample)
    assert done.rows_rejected == 2
    assert "0101" not in kept
    assert done.remarks.get(line=2).raw == ["25052943", "Shop", ""]

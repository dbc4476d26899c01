"""The rules for one row: what is read, what is refused, what is warned of; and that no CPR number gets in."""

import pytest

from companies.models import RejectedRow, Workplace
from contacts.models import FollowUp, Interaction, Person
from tests.contacts.past.conftest import CVR, P_NUMBER, outcomes, told
from tests.factories import UserFactory, WorkplaceFactory

CONTACT = {"Kontaktdato": "05-01-2026", "Kontaktform": "besøg"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"P-nummer": "", "Gruppe": "2"}, "place_missing"),
        ({"P-nummer": "12"}, "p_number_digits"),
        ({"P-nummer": "", "CVR": "1234"}, "cvr_digits"),
        ({"Kontaktdato": "25-11-2026", "Kontaktform": "besøg"}, "day_future"),
        ({"Kontaktdato": "9999-12-31", "Kontaktform": "besøg"}, "day_form"),
        ({"Kontaktdato": "sidste år", "Kontaktform": "besøg"}, "day_form"),
        ({"Kontaktdato": "0026-01-05", "Kontaktform": "besøg"}, "day_long_ago"),
        ({"Kontaktdato": "05-01-2026", "Kontaktform": "røgsignal"}, "channel_unknown"),
        ({"Kontaktdato": "05-01-2026"}, "channel_missing"),
        ({"Kontaktform": "besøg"}, "contact_no_day"),
        ({"Note": "De vil gerne høre mere"}, "contact_no_day"),
        (CONTACT | {"Formål": "x" * 201}, "text_long"),
        (CONTACT | {"Note": "x" * 4001}, "cell_long"),
        ({"Kontaktperson": "x" * 151}, "text_long"),
        ({"Næste skridt": "x" * 201, "Frist": "2026-12-01"}, "text_long"),
        ({"Frabedt kontakt": "ja", "Hvad de sagde": "x" * 201}, "text_long"),
        ({"Kontaktperson": "Anna\0"}, "nul"),
    ],
)
def test_a_row_that_can_not_be_taken_is_rejected_with_its_reason(place, row, cells, reason):
    brought = row(**cells)

    assert reason in told(brought, "rejected")
    assert brought.rows_rejected == 1
    assert not Interaction.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Ansvarlig": "ingen@kommune.example"}, "colleague_unknown"),
        ({"Gruppe": "5"}, "tier_form"),
        ({"Kontaktperson": "Anna", "Rolle": "trapezkunstner"}, "role_unknown"),
        ({"Kontaktperson": "Anna", "E-mail": "anna at firma"}, "email_form"),
        ({"Kontaktperson": "Anna", "Telefon": "1" * 31}, "fact_long"),
        ({"Telefon": "10 20 30 40"}, "person_no_name"),
        (CONTACT | {"Udfald": "det gik vel"}, "outcome_unknown"),
        (CONTACT | {"Vores deltagere": "en tidligere kollega"}, "staff_unknown"),
        ({"Næste skridt": "Ring"}, "next_no_day"),
        ({"Næste skridt": "Ring", "Frist": "snart"}, "next_day_form"),
        ({"Næste skridt": "Ring", "Frist": "1066-10-14"}, "next_day_form"),
        ({"Næste skridt": "Ring", "Frist": "2026-12-01"}, "next_nobody"),
        ({"Frist": "2026-12-01"}, "next_no_words"),
        ({"Arbejdskonflikt": "måske"}, "yes_or_no_form"),
        ({"Frabedt kontakt": "ja"}, "mark_without_why"),
    ],
)
def test_what_is_doubtful_is_warned_of_and_the_row_taken(place, row, cells, reason):
    brought = row(**cells)

    assert told(brought, "warning") == [reason]
    assert brought.rows_rejected == 0


@pytest.mark.parametrize(
    "heading",
    ["Note", "Formål", "Kontaktperson", "Næste skridt", "Hvad de sagde", "Frabedt kontakt", "En anden kolonne"],
)
def test_a_cpr_number_rejects_the_row_and_is_nowhere_kept(place, row, heading):
    brought = row(**CONTACT, **{heading: "Taler med 010190-1234 om det", "Frist": "2026-12-01"})

    assert told(brought, "rejected") == ["cpr"]
    remark = RejectedRow.objects.get()
    assert remark.details == {"hidden": True}
    assert "1234" not in f"{remark.value} {remark.raw} {remark.details}"
    assert not Interaction.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize("heading", ["Note", "Formål", "Kontaktperson", "Telefon", "Hvad de sagde"])
def test_ten_plain_digits_that_may_be_one_are_refused_too(place, row, heading):
    brought = row(**CONTACT, **{heading: "0101901234"})

    assert told(brought, "rejected") == ["maybe_cpr_refused"]
    remark = RejectedRow.objects.get()
    assert (remark.column, remark.value, remark.details) == (heading, "", {"hidden": True})
    assert "0101901234" not in str(remark.raw)
    assert not Interaction.objects.exists()


def test_a_known_p_number_in_a_note_passes(place, row):
    WorkplaceFactory(p_number="0101901234")

    brought = row(**CONTACT, Note="Flyttet fra 0101901234")

    assert outcomes(brought) == (1, 0, 0, 0, 0)
    assert Interaction.objects.get().note == "Flyttet fra 0101901234"


def test_p_numbers_in_notes_are_looked_up_together(place, take_in, statements):
    lines = [f"{P_NUMBER};05-01-2026;besøg;Note {number} om 010190{number:04}" for number in range(150)]

    with statements() as asked:
        brought = take_in("P-nummer;Dato;Kanal;Note", *lines)

    assert brought.rows_rejected == 150
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 4


def test_words_where_a_yes_belongs_mark_the_workplace(place, row):
    brought = row(Frabedt_kontakt="Vil ikke ringes op")

    place.refresh_from_db()
    assert (place.do_not_contact, place.do_not_contact_why) == (True, "Vil ikke ringes op")
    assert told(brought, "warning") == ["mark_from_words"]


def test_why_they_want_no_contact_marks_the_workplace_by_itself(place, row):
    brought = row(Hvad_de_sagde="Har nok at se til")

    place.refresh_from_db()
    assert (place.do_not_contact, place.do_not_contact_why) == (True, "Har nok at se til")
    assert told(brought, "warning") == ["mark_from_why"]


def test_a_no_marks_nothing(place, row):
    row(Frabedt_kontakt="nej", Hvad_de_sagde="Tidligere: ring efter maj", Arbejdskonflikt="nej")

    place.refresh_from_db()
    assert (place.do_not_contact, place.do_not_contact_why, place.labour_conflict) == (False, "", False)


def test_a_note_keeps_its_lines(place, take_in):
    take_in("P-nummer;Dato;Kanal;Note", f'{P_NUMBER};05-01-2026;telefon;"Først  dette.\n\n\nSå det."')

    assert Interaction.objects.get().note == "Først dette.\n\nSå det."


@pytest.mark.parametrize("said", ["mette@kommune.example", "METTE@kommune.example", "mette", "Mette Holm"])
def test_a_colleague_is_known_by_e_mail_log_in_or_name(place, row, mette, said):
    row(Ansvarlig=said)

    place.refresh_from_db()
    assert place.owner == mette


def test_one_of_two_colleagues_with_the_same_name_is_nobody(place, row, mette):
    UserFactory(first_name="Mette", last_name="Holm")

    assert told(row(Ansvarlig="Mette Holm"), "warning") == ["colleague_unknown"]


def test_a_colleague_who_has_left_is_not_responsible_but_was_there(place, row, mette):
    mette.is_active = False
    mette.save()

    brought = row(**CONTACT, Ansvarlig="mette@kommune.example")

    place.refresh_from_db()
    contact = Interaction.objects.get()
    assert place.owner is None
    assert list(contact.staff.all()) == [mette]
    assert contact.created_by == mette
    assert told(brought, "warning") == ["colleague_gone"]


def test_a_next_step_whose_day_has_passed_is_taken_and_warned_of(place, row, mette):
    brought = row(Ansvarlig="mette", Næste_skridt="Ring", Frist="2026-11-01")

    assert told(brought, "warning") == ["next_passed"]
    assert FollowUp.objects.overdue(brought.created_at.date()).count() == 1


def test_a_row_with_only_its_number_tells_nothing(place, row):
    assert outcomes(row(Note="")) == (0, 0, 1, 0, 0)


def test_a_cvr_number_as_a_spreadsheet_writes_it_is_read(place, take_in):
    take_in("CVR;Gruppe", f"{CVR}.0;Gruppe 2")

    assert Workplace.objects.get().tier == 2


def test_all_that_is_wrong_with_a_row_is_told(place, row):
    brought = row(**{"P-nummer": "12", "Kontaktdato": "i går", "Kontaktform": "røgsignal"})

    assert told(brought, "rejected") == ["p_number_digits", "day_form", "channel_unknown"]

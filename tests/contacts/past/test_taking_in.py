"""What a file of our own past does to the CRM, and what it leaves alone."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from companies.models import RegisterImport, TierChange, Workplace
from companies.register import runs
from contacts import actions
from contacts.models import FollowUp, Interaction, Person
from contacts.past import taking_in
from contacts.past.reading import PastReading
from contacts.past.taking_in import PastWalk
from tests.contacts.past.conftest import CVR, HEADINGS, P_NUMBER, TODAY, outcomes, told
from tests.factories import InteractionFactory, PersonFactory, UserFactory, WorkplaceFactory

FULL = (
    f"{P_NUMBER};mette@kommune.example;Gruppe 2;Anna Prøve;HR-chef;10 20 30 40;anna@firma.example;"
    "05-01-2026;besøg;Fortæl om praktik;De er med på to pladser"
)


def test_all_that_a_row_tells_comes_in(place, mette, steward, take_in):
    brought = take_in(HEADINGS, FULL, by=steward)

    place.refresh_from_db()
    assert outcomes(brought) == (1, 0, 0, 0, 0)
    assert (place.owner, place.tier, place.tier_by_hand, place.tier_since) == (mette, 2, True, TODAY)
    assert place.last_contact_on == date(2026, 1, 5)
    anna = Person.objects.get()
    assert (anna.name, anna.role, anna.phone, anna.email) == ("Anna Prøve", "hr", "10 20 30 40", "anna@firma.example")
    assert (anna.company, anna.workplace, anna.created_by) == (place.company, place, steward)
    contact = Interaction.objects.get()
    assert (contact.state, contact.channel, contact.on) == ("held", "visit", date(2026, 1, 5))
    assert (contact.purpose, contact.note) == ("Fortæl om praktik", "De er med på to pladser")
    assert list(contact.persons.all()) == [anna]
    assert list(contact.staff.all()) == [mette]
    assert contact.created_by == mette
    assert contact.logged_at == datetime(2026, 1, 4, 23, tzinfo=UTC)
    assert not contact.note_is_open_to(mette, datetime(2026, 1, 6, tzinfo=UTC))


def test_who_did_it_and_from_which_file_is_remembered(place, mette, steward, take_in):
    take_in(HEADINGS, FULL, by=steward)

    change = TierChange.objects.get()
    assert (change.from_tier, change.to_tier, change.by, change.why) == (None, 2, steward, "From the file past.csv")
    for trail in (place.history.first(), Person.objects.get().history.get(), Interaction.objects.get().history.get()):
        assert (trail.history_user, trail.history_change_reason) == (steward, "From the file past.csv")
    assert (place.history.first().owner, place.history.first().history_type) == (mette, "~")


def test_on_the_command_line_nobody_did_it(place, take_in):
    take_in("P-nummer;Gruppe;Dato;Kanal;Kontaktperson", f"{P_NUMBER};2;05-01-2026;telefon;Anna")

    contact = Interaction.objects.get()
    assert (contact.created_by, list(contact.staff.all())) == (None, [])
    assert TierChange.objects.get().by is None
    assert Person.objects.get().created_by is None


def test_in_the_browser_a_contact_of_nobody_is_written_by_whoever_brought_it(place, steward, take_in):
    take_in("P-nummer;Dato;Kanal", f"{P_NUMBER};05-01-2026;telefon", by=steward)

    contact = Interaction.objects.get()
    assert (contact.created_by, list(contact.staff.all())) == (steward, [])


def test_what_people_have_decided_is_left(place, mette, take_in):
    colleague = UserFactory(first_name="Ali", last_name="Demir")
    actions_before = {"owner": colleague, "tier": 1, "tier_since": date(2026, 2, 2), "do_not_contact": True}
    Workplace.objects.filter(pk=place.pk).update(**actions_before, do_not_contact_why="Nej", labour_conflict=True)
    anna = PersonFactory(workplace=place, name="Anna Prøve", phone="99", email="a@b.example", role="director")

    brought = take_in(
        HEADINGS + ";Frabedt kontakt;Arbejdskonflikt",
        f"{P_NUMBER};mette@kommune.example;2;anna prøve;HR;10 20 30 40;anna@firma.example;;;;;nej;nej",
    )

    place.refresh_from_db()
    anna.refresh_from_db()
    assert outcomes(brought) == (0, 0, 1, 0, 0)
    assert (place.owner, place.tier, place.do_not_contact, place.labour_conflict) == (colleague, 1, True, True)
    assert (anna.phone, anna.email, anna.role) == ("99", "a@b.example", "director")
    assert told(brought, "warning") == [
        "owner_other", "tier_other", "mark_other", "conflict_other", "role_other", "phone_other", "email_other",
    ]  # fmt: skip
    assert brought.remarks.get(reason="owner_other").details == {"who": "Ali Demir"}
    assert place.history.count() == 1


def test_what_is_missing_about_somebody_known_is_filled_in(place, take_in):
    anna = PersonFactory(workplace=place, name="Anna Prøve", phone="", email="", role="other")

    brought = take_in(HEADINGS, f"{P_NUMBER};;;ANNA PRØVE;mentor;10 20 30 40;anna@firma.example;;;;")

    anna.refresh_from_db()
    assert outcomes(brought) == (0, 1, 0, 0, 0)
    assert (anna.name, anna.phone, anna.email, anna.role) == (
        "Anna Prøve",
        "10 20 30 40",
        "anna@firma.example",
        "mentor",
    )
    assert "10203040" in anna.search_text
    assert anna.history.first().history_type == "~"


def test_somebody_is_known_at_another_workplace_of_the_company(place, take_in):
    sister = WorkplaceFactory(company=place.company)
    PersonFactory(workplace=sister, name="Anna Prøve")

    take_in("P-nummer;Kontaktperson;Dato;Kanal", f"{P_NUMBER};Anna Prøve;05-01-2026;besøg")

    assert Interaction.objects.get().persons.get().workplace == sister


@pytest.mark.parametrize(
    ("told_of", "is_same"),
    [
        ("Anna;;anna@firma.example", True),
        ("Anna Prøve Holm;;ANNA@firma.example", True),
        (";;anna@firma.example", True),
        ("Anna;+45 10203040;", True),
        (";10 20 30 40;", True),
        ("Bo;10 20 30 40;", False),
        ("Anna;;", False),
        ("Anna;50 60 70 80;", False),
    ],
)
def test_another_form_of_the_name_is_the_same_person_if_e_mail_or_telephone_is(place, take_in, told_of, is_same):
    anna = PersonFactory(workplace=place, name="Anna Prøve", phone="10203040", email="anna@firma.example")

    take_in("P-nummer;Kontaktperson;Telefon;E-mail;Dato;Kanal", f"{P_NUMBER};{told_of};05-01-2026;besøg")

    assert (Interaction.objects.get().persons.get() == anna) is is_same
    assert Person.objects.count() == (1 if is_same else 2)


def test_people_of_other_companies_are_others(place, take_in):
    PersonFactory(name="Anna Prøve", email="anna@firma.example")

    take_in("P-nummer;Kontaktperson;E-mail", f"{P_NUMBER};Anna Prøve;anna@firma.example")

    assert Person.objects.count() == 2


def test_a_workplace_may_have_many_rows_in_their_order(place, mette, take_in):
    ali = UserFactory(username="ali")
    brought = take_in(
        "P-nummer;Ansvarlig;Dato;Kanal;Kontaktperson;Rolle",
        f"{P_NUMBER};mette;05-01-2026;besøg;Anna;HR",
        f"{P_NUMBER};ali;06-01-2026;mail;Anna;direktør",
        f"{P_NUMBER};;07-01-2026;mail;Bo;",
    )

    place.refresh_from_db()
    assert outcomes(brought) == (3, 0, 0, 0, 0)
    assert place.owner == mette
    assert place.last_contact_on == date(2026, 1, 7)
    assert Person.objects.get(name="Anna").role == "hr"
    assert told(brought, "warning") == ["owner_other", "role_other"]
    assert [list(contact.staff.all()) for contact in Interaction.objects.order_by("on")] == [[mette], [ali], []]


def test_the_same_row_again_in_a_file_counts_once(place, take_in):
    row = f"{P_NUMBER};05-01-2026;besøg;Hej"
    brought = take_in("P-nummer;Dato;Kanal;Formål", row, row, row.replace("besøg", "Visit"))

    assert outcomes(brought) == (1, 0, 0, 2, 0)
    assert [remark.details for remark in brought.remarks.filter(kind="repeated")] == [{"line": 2}, {"line": 2}]
    assert Interaction.objects.count() == 1


def test_the_same_file_again_adds_nothing(place, mette, take_in):
    lines = HEADINGS + ";Næste skridt;Frist", FULL + ";Ring;2026-12-01"
    take_in(*lines)
    before = _everything()

    again = take_in(*lines)

    assert outcomes(again) == (0, 0, 1, 0, 0)
    assert _everything() == before


def test_a_contact_whose_note_was_changed_since_is_not_added_again(place, mette, take_in):
    take_in(HEADINGS, FULL)
    Interaction.objects.update(note="Rettet", outcome="agreed")

    assert outcomes(take_in(HEADINGS, FULL)) == (0, 0, 1, 0, 0)
    assert Interaction.objects.get().note == "Rettet"


def test_a_form_s_token_is_another_thing(place, take_in):
    InteractionFactory(workplace=place, on=date(2026, 1, 5), token=uuid.uuid4())

    assert outcomes(take_in("P-nummer;Dato;Kanal", f"{P_NUMBER};05-01-2026;besøg")) == (1, 0, 0, 0, 0)


def test_a_next_step_is_a_follow_up_caused_by_its_contact(place, mette, steward, take_in):
    take_in(HEADINGS + ";Næste skridt;Frist", FULL + ";Ring om pladserne;2026-12-01", by=steward)

    promised = FollowUp.objects.get()
    place.refresh_from_db()
    assert (promised.kind, promised.cause) == ("next_step", Interaction.objects.get())
    assert (promised.title, promised.due_on) == ("Ring om pladserne", date(2026, 12, 1))
    assert (promised.owner, promised.created_by) == (mette, steward)
    assert promised.person == Person.objects.get()
    assert promised.history.get().history_user == steward
    assert place.next_contact_on == date(2026, 12, 1)


def test_a_next_step_without_a_contact_stands_by_itself_and_is_not_doubled(place, mette, take_in):
    lines = "P-nummer;Ansvarlig;Næste skridt;Frist", f"{P_NUMBER};mette;Ring;2026-12-01"
    take_in(*lines)
    actions.finish(follow_up=FollowUp.objects.get(), by=mette)

    again = take_in(*lines)

    assert outcomes(again) == (0, 0, 1, 0, 0)
    assert FollowUp.objects.get().kind == "by_hand"


def test_a_next_step_goes_to_whoever_the_file_names_responsible_further_down(place, mette, take_in):
    brought = take_in("P-nummer;Ansvarlig;Næste skridt;Frist", f"{P_NUMBER};;Ring;2026-12-01", f"{P_NUMBER};mette;;")

    assert outcomes(brought) == (1, 1, 0, 0, 0)
    assert FollowUp.objects.get().owner == mette


def test_a_next_step_goes_to_whoever_held_the_contact_if_nobody_is_responsible(place, mette, take_in):
    take_in("P-nummer;Dato;Kanal;Kontaktet af;Næste skridt;Frist", f"{P_NUMBER};05-01-2026;besøg;mette;Ring;2026-12-01")

    assert FollowUp.objects.get().owner == mette


def test_two_next_steps_of_one_contact_are_both_kept(place, mette, take_in):
    row = f"{P_NUMBER};mette;05-01-2026;besøg"
    lines = "P-nummer;Ansvarlig;Dato;Kanal;Næste skridt;Frist", f"{row};Ring;2026-12-01", f"{row};Send brev;2026-12-02"

    assert outcomes(take_in(*lines)) == (2, 0, 0, 0, 0)
    assert outcomes(take_in(*lines)) == (0, 0, 2, 0, 0)
    assert FollowUp.objects.filter(kind="next_step").count() == 2
    assert Interaction.objects.count() == 1


def test_warnings_on_a_workplace_are_taken(place, take_in):
    brought = take_in("P-nummer;Frabedt kontakt;Hvad de sagde;Arbejdskonflikt", f"{P_NUMBER};ja;Ring ikke før maj;x")

    place.refresh_from_db()
    assert outcomes(brought) == (0, 1, 0, 0, 0)
    assert (place.do_not_contact, place.do_not_contact_why) == (True, "Ring ikke før maj")
    assert place.labour_conflict


def test_register_facts_are_never_written(place, mette, take_in):
    before = Workplace.objects.filter(pk=place.pk).values().get()
    company = type(place.company).objects.values().get()

    take_in(
        "P-nummer;CVR;Virksomhed;Adresse;Postnr.;Telefon;E-mail;Gruppe",
        f"{P_NUMBER};{CVR};Et andet navn;Gade 9;9999;11111111;x@y.example;2",
    )

    after = Workplace.objects.filter(pk=place.pk).values().get()
    assert {column for column in before if before[column] != after[column]} == {"tier", "tier_since", "tier_by_hand"}
    assert type(place.company).objects.values().get() == company


def test_the_look_tells_what_would_happen_and_writes_nothing(place, mette, look, statements):
    with statements() as asked:
        counts, sample = look(
            HEADINGS + ";Næste skridt;Frist", FULL + ";Ring;2026-12-01", f"{P_NUMBER};;;;;;;;;;;;", ";;3;;;;;;;;;;"
        )

    assert (counts.read, counts.new, counts.changed, counts.unchanged, counts.rejected) == (3, 1, 0, 1, 1)
    assert len(asked) == 9
    assert all(sql.startswith("SELECT") for sql in asked)
    (shown,) = sample.as_json()["rows"]["new"]
    assert shown["after"] == {
        "owner": "Mette Holm",
        "tier": 2,
        "person": "Anna Prøve",
        "contact": ["2026-01-05", "visit", "Fortæl om praktik"],
        "next_step": ["Ring", "2026-12-01", "Mette Holm"],
    }


@pytest.mark.parametrize("number", [2, 60])
def test_the_statements_do_not_grow_with_the_rows(mette, take_in, number, statements):
    places = WorkplaceFactory.create_batch(number)
    lines = [FULL.replace(P_NUMBER, place.p_number) + ";Ring;2026-12-01" for place in places]

    with statements() as asked:
        brought = take_in(HEADINGS + ";Næste skridt;Frist", *lines)

    # SQLite takes at most so many values in a statement, and divides the larger ones.
    assert 29 <= len(asked) <= 36
    assert outcomes(brought) == (number, 0, 0, 0, 0)


def test_a_run_that_died_goes_on_behind_its_last_batch(mette, file, monkeypatch):
    monkeypatch.setattr("companies.register.importer.BATCH", 1)
    places = WorkplaceFactory.create_batch(3)
    path = file(HEADINGS, *(FULL.replace(P_NUMBER, place.p_number) for place in places), ";;2" + ";" * 8)
    write, seen = PastWalk.write, []

    def dies(walk, plans, register_import):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(plans)
        write(walk, plans, register_import)

    monkeypatch.setattr(PastWalk, "write", dies)
    begun = RegisterImport.objects.create(kind="history", name="past.csv", sha256="0" * 64, state="applying")
    with PastReading(path, today=TODAY) as reading, pytest.raises(KeyboardInterrupt):
        taking_in.take_in(reading, begun)
    begun.refresh_from_db()
    assert begun.tally["new"] == 2

    monkeypatch.setattr(PastWalk, "write", write)
    with PastReading(path, today=TODAY) as reading:
        counts = taking_in.take_in(reading, begun)

    assert (counts.read, counts.new, counts.rejected) == (4, 3, 1)
    assert Interaction.objects.count() == 3


def test_a_register_that_changed_meanwhile_leaves_the_figures_adding_up(mette, file, monkeypatch):
    monkeypatch.setattr("companies.register.importer.BATCH", 1)
    places = WorkplaceFactory.create_batch(2)
    path = file(HEADINGS, *(FULL.replace(P_NUMBER, place.p_number) for place in places))
    begun = RegisterImport.objects.create(
        kind="history", name="past.csv", sha256="0" * 64, state="applying",
        reached=str(places[0].company_id), tally={"new": 1},
    )  # fmt: skip
    Workplace.objects.filter(pk=places[0].pk).update(p_number="1999999999")

    with PastReading(path, today=TODAY) as reading:
        counts = taking_in.take_in(reading, begun)

    assert (counts.read, counts.new, counts.rejected) == (2, 2, 0)


def test_a_workplace_that_was_merged_away_while_it_was_read_is_told_of(place, mette, file):
    with PastReading(file("P-nummer;Gruppe", f"{P_NUMBER};2"), today=TODAY) as reading:
        place.delete()
        brought = runs.take_in_at_once(reading, name="past.csv", kind="history")

    assert outcomes(brought) == (0, 0, 1, 0, 0)
    assert told(brought, "warning") == ["place_gone"]


@pytest.mark.django_db(transaction=True)
def test_another_import_of_the_same_file_at_the_same_time_is_met_by_looking_again(place, mette, take_in, monkeypatch):
    write, tries = PastWalk.write, []

    def meets_another(walk, plans, register_import):
        tries.append(plans)
        if len(tries) == 1:
            raise IntegrityError
        write(walk, plans, register_import)

    monkeypatch.setattr(PastWalk, "write", meets_another)

    assert outcomes(take_in(HEADINGS, FULL)) == (1, 0, 0, 0, 0)
    assert len(tries) == 2
    assert Interaction.objects.count() == 1


def test_what_names_people_is_not_kept_beside_the_cards(place, mette, take_in):
    assert take_in(HEADINGS, FULL).sample == {}


def _everything():
    models = (Workplace, Person, Interaction, FollowUp, TierChange)
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    histories = [model.history.count() for model in models if hasattr(model, "history")]
    return rows, histories

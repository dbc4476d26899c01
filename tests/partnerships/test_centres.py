"""Company centres: what each form holds, who takes part with how many places, and the mentors."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from contacts.actions import NotNow
from partnerships import centres, steps
from partnerships.models import AgreementVersion, CentreMember, CompanyCentre, Mentor
from partnerships.refusals import Refused
from tests.factories import (
    AgreementFactory,
    CentreMemberFactory,
    CompanyCentreFactory,
    MentorFactory,
    PersonFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def write(agreement, **facts):
    facts = {"form": "network", "places": 6, "target_groups": []} | facts
    return centres.write(agreement=agreement, by=agreement.owner, **facts)


def add(centre, workplace=None, **facts):
    agreement = centre.agreement
    facts = {"since": TODAY, "workplace": workplace or WorkplaceFactory()} | facts
    return centres.add_member(agreement=agreement, by=agreement.owner, **facts)


def change(member, **facts):
    facts = {"since": member.since, "places": member.places} | facts
    return centres.change_member(member=member, by=member.centre.agreement.owner, **facts)


# --- The facts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "kept"),
    [("side", "side_production"), ("satellite", "agency"), ("network", None), ("virtual", None)],
)
def test_what_belongs_to_another_form_than_the_one_chosen_is_emptied(form, kept):
    agreement = AgreementFactory(kind="centre")

    centre = write(agreement, form=form, side_production="Bird boxes", agency="They send people out")

    said = {name for name in ("side_production", "agency") if getattr(centre, name)}
    assert said == ({kept} if kept else set())


def test_only_an_agreement_on_a_centre_has_its_facts():
    with pytest.raises(Refused):
        write(AgreementFactory(kind="partnership"))

    assert not CompanyCentre.objects.exists()


def test_of_one_that_holds_a_change_makes_a_version_and_needs_a_word_on_what_changed():
    centre = write(active_agreement(kind="centre"), note="The centre is described")

    with pytest.raises(NotNow):
        write(centre.agreement, places=8)
    write(centre.agreement, places=8, note="Two places more")

    centre.refresh_from_db()
    versions = AgreementVersion.objects.filter(agreement=centre.agreement)
    assert centre.places == 8
    assert [(one.number, one.note, one.wording["centre"].get("places")) for one in versions] == [
        (3, "Two places more", 8),
        (2, "The centre is described", 6),
        (1, "", 4),
    ]


def test_who_changed_the_facts_is_kept():
    centre = write(AgreementFactory(kind="centre"))

    assert centre.history.get().history_user == centre.agreement.owner


def test_nothing_of_one_that_is_over_changes():
    centre = write(AgreementFactory(kind="centre"))
    steps.decline(agreement=centre.agreement, by=centre.agreement.owner, on=TODAY, why="No")

    with pytest.raises(NotNow):
        write(centre.agreement, places=8)
    with pytest.raises(NotNow):
        add(centre)


def test_a_centre_is_not_made_smaller_than_what_those_who_take_part_have():
    member = CentreMemberFactory(places=4, centre__places=6)

    with pytest.raises(Refused, match="4 places") as refused:
        write(member.centre.agreement, places=3)

    assert refused.value.field == "places"
    assert write(member.centre.agreement, places=4).places == 4


def test_one_in_which_others_take_part_does_not_become_a_side_production():
    member = CentreMemberFactory()

    with pytest.raises(Refused) as refused:
        write(member.centre.agreement, form="side")

    assert refused.value.field == "form"


# --- Who takes part ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["network", "virtual", "satellite"])
def test_workplaces_of_other_companies_take_part(form):
    centre = CompanyCentreFactory(form=form)

    member = add(centre, places=2)

    assert member.workplace.company != centre.agreement.company
    assert (member.centre, member.places, member.until) == (centre, 2, None)


def test_nobody_takes_part_in_a_side_production():
    with pytest.raises(Refused, match="at one employer"):
        add(CompanyCentreFactory(form="side"))


def test_members_never_have_more_places_than_the_centre_has():
    centre = CompanyCentreFactory(places=6)
    first = add(centre, places=4)

    with pytest.raises(Refused, match="2 of them are left") as refused:
        add(centre, places=3)
    assert refused.value.field == "places"

    second = add(centre, places=2)
    with pytest.raises(Refused):
        change(second, places=3)
    assert change(first, places=3) == []
    assert change(second, places=3) == []
    assert centres.promised(centre) == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_away_the_last_places_at_once_one_does_and_the_other_is_told():
    centre = CompanyCentreFactory(places=6)
    workplaces = WorkplaceFactory.create_batch(2)
    start, outcomes = threading.Barrier(2), []

    def give(workplace):
        try:
            start.wait(30)
            with translation.override("en"):
                add(centre, workplace, places=4)
            outcomes.append("given")
        except Refused as refused:
            outcomes.append(refused.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=[workplace]) for workplace in workplaces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["given", "places"]
    assert centres.promised(centre) == 4


def test_one_without_places_of_its_own_shares_those_of_the_centre():
    centre = CompanyCentreFactory(places=1)

    add(centre, places=1)
    add(centre)

    assert centre.members.count() == 2


def test_a_workplace_takes_part_once_at_a_time():
    centre = CompanyCentreFactory()
    member = add(centre)
    with pytest.raises(Refused, match="takes part already"):
        add(centre, member.workplace)

    change(member, until=TODAY)
    again = add(centre, member.workplace)

    with pytest.raises(Refused, match="takes part already"):
        change(member, until=None)
    assert CentreMember.objects.filter(until=None).get() == again


@pytest.mark.parametrize(
    ("facts", "why"), [({"labour_conflict": True}, "labour conflict"), ({"ceased_on": TODAY}, "has closed")]
)
def test_a_workplace_that_can_take_nobody_is_refused(facts, why):
    with pytest.raises(Refused, match=why):
        add(CompanyCentreFactory(), WorkplaceFactory(**facts))


def test_the_one_where_the_centre_is_is_no_member():
    centre = CompanyCentreFactory()

    with pytest.raises(Refused, match="at this workplace already"):
        add(centre, centre.agreement.workplace)


def test_before_the_facts_are_written_nobody_takes_part():
    agreement = AgreementFactory(kind="centre")

    with pytest.raises(Refused, match="Write the facts"):
        centres.add_member(agreement=agreement, workplace=WorkplaceFactory(), since=TODAY, by=agreement.owner)


def test_whoever_takes_part_is_in_the_next_version_without_a_word_being_asked_for():
    centre = CompanyCentreFactory(agreement=active_agreement(kind="centre"))

    member = add(centre, places=2)
    change(member, until=TODAY)

    notes = (
        AgreementVersion.objects.filter(agreement=centre.agreement).order_by("number").values_list("note", flat=True)
    )
    assert list(notes) == ["", f"{member.workplace.name} takes part", f"{member.workplace.name} takes part no longer"]


def test_with_a_member_its_mentors_end():
    member = CentreMemberFactory(since=date(2026, 3, 1))
    theirs = MentorFactory(centre=member.centre, person__workplace=member.workplace)
    ours = MentorFactory(centre=member.centre)

    ended = change(member, until=TODAY - timedelta(days=1))

    assert ended == [theirs]
    assert Mentor.objects.get(pk=theirs.pk).until == TODAY - timedelta(days=1)
    assert Mentor.objects.get(pk=ours.pk).until is None


# --- Mentors -------------------------------------------------------------------------------------


def mentor_of(centre, person, **facts):
    facts = {"hours_a_week": Decimal("2.5"), "since": TODAY} | facts
    return centres.add_mentor(agreement=centre.agreement, person=person, by=centre.agreement.owner, **facts)


def test_whoever_works_at_the_employer_or_at_one_that_takes_part_can_be_a_mentor():
    member = CentreMemberFactory()
    agreement = member.centre.agreement
    here, there = PersonFactory(workplace=agreement.workplace), PersonFactory(workplace=member.workplace)
    PersonFactory()
    PersonFactory(workplace=agreement.workplace, left_on=TODAY)

    assert set(centres.people_for(agreement)) == {here, there}


def test_somebody_is_a_mentor_once_at_a_time():
    centre = CompanyCentreFactory()
    mentor = mentor_of(centre, PersonFactory(workplace=centre.agreement.workplace))

    with pytest.raises(Refused, match="already"):
        mentor_of(centre, mentor.person)
    centres.change_mentor(
        mentor=mentor, by=centre.agreement.owner, hours_a_week=mentor.hours_a_week, since=mentor.since, until=TODAY
    )

    assert mentor_of(centre, mentor.person).pk != mentor.pk


def test_a_mentor_of_one_that_holds_is_in_its_wording():
    centre = CompanyCentreFactory(agreement=active_agreement(kind="centre"))

    mentor = mentor_of(centre, PersonFactory(workplace=centre.agreement.workplace))

    last = AgreementVersion.objects.filter(agreement=centre.agreement).first()
    assert last.note == f"{mentor.person} is a mentor"
    assert last.wording["centre"]["mentors"] == [
        {"name": mentor.person.name, "phone": mentor.person.phone, "hours": "2.5"}
    ]


def test_the_hours_of_the_mentors_are_added_up(owner):
    centre = CompanyCentreFactory()
    MentorFactory.create_batch(2, centre=centre, hours_a_week=Decimal("2.5"))
    MentorFactory(centre=centre, trained_on=TODAY, hours_a_week=Decimal(4))
    MentorFactory(centre=centre, until=TODAY)

    shown = centres.for_card(centre.agreement, owner, TODAY)

    assert (shown.hours, shown.untrained, len(shown.earlier_mentors)) == (Decimal(9), 2, 1)

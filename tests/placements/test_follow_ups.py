"""When placements are followed up, and how that moves."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import FollowUp
from jobcenter_crm.frame.working_days import is_working_day
from placements import follow_ups, steps
from placements.models import Placement, Slot
from tests.factories import PlacementFactory, SlotFactory, UserFactory, WorkplaceFactory, active_agreement

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("i uge 2, 6 og 12", [2, 6, 12]),
        ("in weeks 2, 6 and 12", [2, 6, 12]),
        ("Vi mødes i uge 4", [4]),
        ("week 3 & 9, then 2 calls", [3, 9]),
        ("ugerne efter", []),
        ("every 2 weeks", []),
        ("hver anden uge", []),
        ("i uge 0 og 999", []),
        ("", []),
    ],
)
def test_an_agreement_names_weeks_or_it_does_not(text, weeks):
    assert follow_ups.weeks_named(text) == weeks


def running(first, last, **facts):
    return Placement(slot=Slot(), starts_on=first, planned_end=last, **facts)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        # Four weeks: day 3, and a week before the end.
        (date(2026, 11, 2), date(2026, 11, 30), [("first", date(2026, 11, 4)), ("last", date(2026, 11, 23))]),
        # Thirteen weeks: week 1, the middle, and two weeks before the end.
        (
            date(2026, 8, 3),
            date(2026, 11, 2),
            [("first", date(2026, 8, 7)), ("middle", date(2026, 9, 17)), ("last", date(2026, 10, 19))],
        ),
        # On a Friday day 3 is a Sunday.
        (date(2026, 11, 6), date(2026, 12, 4), [("first", date(2026, 11, 9)), ("last", date(2026, 11, 27))]),
        # A week is too short for two.
        (date(2026, 11, 2), date(2026, 11, 6), [("first", date(2026, 11, 4))]),
        (date(2026, 11, 2), date(2026, 11, 3), []),
    ],
)
def test_the_standard_days(first, last, days):
    assert [(one.name, one.day) for one in follow_ups.plan(running(first, last))] == days


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(first=st.dates(date(2024, 1, 1), date(2027, 12, 31)), length=st.integers(0, 400))
def test_no_day_is_off_or_outside_and_none_comes_twice(first, length):
    last = first + timedelta(days=length)

    days = [one.day for one in follow_ups.plan(running(first, last))]

    assert all(is_working_day(day) and first <= day <= last for day in days)
    assert days == sorted(set(days))


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPromises:
    def start(self, last=date(2026, 12, 22), **facts):
        slot = SlotFactory(workplace=WorkplaceFactory(name="Kantinen"), **facts)
        return steps.start(
            slot=slot, by=slot.owner, consultant=slot.owner, case_reference="26/00001", starts_on=TODAY,
            planned_end=last, token=None,
        )  # fmt: skip

    def promised(self, placement):
        rows = FollowUp.objects.open().caused_by(placement).order_by("due_on")
        return [(row.occurrence, row.due_on) for row in rows]

    def test_a_start_promises_them_to_the_consultant_in_their_language_without_the_case(self):
        placement = self.start(owner=UserFactory(language="da"))

        rows = FollowUp.objects.caused_by(placement).order_by("due_on")
        assert self.promised(placement) == [("first", date(2026, 11, 26)), ("last", date(2026, 12, 15))]
        assert {row.owner for row in rows} == {placement.consultant}
        assert all("Kantinen" in row.title and "26/00001" not in row.title for row in rows)
        placement.slot.workplace.refresh_from_db()
        assert placement.slot.workplace.next_contact_on == date(2026, 11, 26)

    def test_titles_say_the_employer_and_the_week(self):
        placement = self.start(owner=UserFactory(language="en"))

        titles = [row.title for row in FollowUp.objects.caused_by(placement).order_by("due_on")]

        assert titles == [
            "Kantinen: how does the placement go in week 1?",
            "Kantinen, week 4: the placement ends on 22 December 2026. What comes after?",
        ]

    def test_the_agreements_own_rhythm_wins(self):
        agreement = active_agreement(followed_up="i uge 2 og 4")

        placement = self.start(agreement=agreement, last=date(2027, 2, 23))

        assert self.promised(placement) == [("week-2", date(2026, 12, 7)), ("week-4", date(2026, 12, 21))]

    def test_an_extension_moves_them_and_twice_is_harmless(self):
        placement = self.start()

        placement = steps.extend(placement=placement, by=placement.consultant, planned_end=date(2027, 3, 23))
        follow_ups.write(placement, today=TODAY)

        assert self.promised(placement) == [
            ("first", date(2026, 11, 30)), ("middle", date(2027, 1, 22)), ("last", date(2027, 3, 9)),
        ]  # fmt: skip

    def test_one_that_somebody_has_put_off_stays_where_the_plan_has_not_moved(self):
        placement = self.start()
        first = FollowUp.objects.caused_by(placement).get(occurrence="first")
        first.due_on = date(2026, 12, 1)
        first.save()

        follow_ups.write(placement, today=TODAY)

        assert ("first", date(2026, 12, 1)) in self.promised(placement)

    def test_after_an_extension_the_last_one_comes_again(self):
        placement = self.start()
        for row in FollowUp.objects.caused_by(placement):
            row.finish(by=placement.consultant)

        placement = steps.extend(placement=placement, by=placement.consultant, planned_end=date(2027, 1, 5))
        follow_ups.write(placement, today=TODAY)

        assert self.promised(placement) == [
            ("middle", date(2026, 12, 15)), ("last-2027-01-05", date(2026, 12, 22)),
        ]  # fmt: skip

    def test_the_end_closes_them(self):
        placement = self.start()

        steps.end(placement=placement, by=placement.consultant, on=TODAY, reason="employer")

        assert self.promised(placement) == []
        assert FollowUp.objects.caused_by(placement).filter(done_by=placement.consultant).count() == 2

    def test_days_that_have_passed_are_not_promised(self):
        placement = PlacementFactory(starts_on=date(2026, 10, 1), planned_end=date(2026, 12, 31))

        follow_ups.write(placement, today=TODAY)

        assert self.promised(placement) == [("last", date(2026, 12, 17))]

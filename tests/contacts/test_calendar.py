"""Calendar objects against RFC 5545 and 5546, the feed, and the file to download."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from contacts import actions
from contacts.calendar import Entry, document
from jobcenter_crm.staff.models import Organisation, User
from tests.factories import FollowUpFactory, InteractionFactory, WorkplaceFactory

HERE = Organisation(name='Lindevig; a, "b" \\ æøå')
THURSDAY = date(2026, 11, 26)


def entry(**facts):
    return Entry(
        **{
            "uid": "1@here",
            "summary": "Visit, Ærø",
            "url": "https://here.example/companies/1/",
            "on": THURSDAY,
            "at": time(10),
        }
        | facts
    )


def event_of(text):
    [event] = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_an_invitation_has_all_that_is_required(settings, today):
    settings.DEFAULT_FROM_EMAIL = "The entrance <entrance@lindevig.example>"

    text = document([entry(where="Gade 1, Køge")], HERE, method="REQUEST", attendee="mette@lindevig.example")

    calendar, event = Calendar.from_ical(text), event_of(text)
    assert (calendar["version"], calendar["method"], bool(calendar["prodid"])) == ("2.0", "REQUEST", True)
    assert (event["uid"], event["sequence"], event["status"], event["transp"]) == ("1@here", 0, "CONFIRMED", "OPAQUE")
    assert event.decoded("dtstamp") == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert event["organizer"] == "mailto:entrance@lindevig.example"
    assert event["attendee"] == "mailto:mette@lindevig.example"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert event["location"] == "Gade 1, Køge"
    assert event["url"] == "https://here.example/companies/1/"


def test_what_is_published_names_no_attendee(today):
    assert "attendee" not in event_of(document([entry()], HERE, method="PUBLISH"))


@pytest.mark.parametrize(
    ("day", "at", "begins"),
    [
        (date(2026, 7, 1), time(10), datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (date(2026, 12, 1), time(10), datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (date(2026, 10, 25), time(9), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (date(2026, 10, 24), time(9), datetime(2026, 10, 24, 7, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_that_of_copenhagen_in_summer_and_in_winter(day, at, begins):
    event = event_of(document([entry(on=day, at=at)], HERE, method="PUBLISH"))

    assert event.decoded("dtstart") == begins
    assert event.decoded("dtend") - begins == timedelta(hours=1)


def test_without_a_time_it_is_the_days_and_makes_nobody_busy():
    event = event_of(document([entry(at=None)], HERE, method="PUBLISH"))

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (THURSDAY, date(2026, 11, 27))
    assert event["transp"] == "TRANSPARENT"


def test_an_empty_calendar_is_still_one():
    text = document([], HERE, method="PUBLISH", name="Lindevig")

    assert [part.name for part in Calendar.from_ical(text).subcomponents] == ["VTIMEZONE"]


@given(st.text(), st.text())
def test_any_name_comes_back_on_lines_that_every_calendar_can_read(name, place):
    text = document([entry(summary=name, where=place)], HERE, method="PUBLISH")

    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()
    event = event_of(text)
    assert str(event["summary"]).split() == "".join(s if s.isprintable() else " " for s in name).split()
    assert str(event.get("location", "")).split() == "".join(s if s.isprintable() else " " for s in place).split()


def test_commas_semicolons_and_line_ends_are_escaped():
    text = document([entry(summary="A, b; c\\d\nBEGIN:VEVENT")], HERE, method="PUBLISH")

    assert "SUMMARY:A\\, b\\; c\\\\d BEGIN:VEVENT\r\n" in text


@pytest.fixture
def feed(client, owner):
    """Reads the feed of the owner, without logging in."""
    owner.language = "en"
    owner.save()
    address = reverse("contacts:feed", args=[owner.open_feed()])
    client.logout()
    return lambda: client.get(address)


def lines(answer):
    """Each entry by its summary: (day or time, sequence, status)."""
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(one["summary"]): (one.decoded("dtstart"), int(one["sequence"]), str(one["status"])) for one in events}


@pytest.mark.usefixtures("today")
def test_the_feed_tells_plans_and_promises_and_nothing_of_what_is_said(feed, owner, colleague):
    place = WorkplaceFactory(name="Ærø Bageri", phone="87654321")
    InteractionFactory(
        workplace=place, state="planned", channel="visit", on=THURSDAY, at=time(10), created_by=owner, purpose="Dismissal",
        note="Secret",
    )  # fmt: skip
    InteractionFactory(workplace=place, state="planned", channel="phone", on=THURSDAY, created_by=owner)
    InteractionFactory(workplace=place, state="planned", channel="visit", on=THURSDAY, created_by=colleague)
    InteractionFactory(workplace=place, on=THURSDAY, created_by=owner)
    FollowUpFactory(workplace=place, owner=owner, title="Call Anna", due_on=date(2026, 11, 30))
    FollowUpFactory(workplace=place, owner=colleague)

    answer = feed()

    assert lines(answer) == {
        "Visit, Ærø Bageri": (datetime(2026, 11, 26, 9, tzinfo=UTC), 0, "CONFIRMED"),
        "Call, Ærø Bageri": (THURSDAY, 0, "CONFIRMED"),
        "Follow-up, Ærø Bageri": (date(2026, 11, 30), 0, "CONFIRMED"),
    }
    for word in ("Dismissal", "Secret", "Anna", "87654321"):
        assert word not in answer.text
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


@pytest.mark.usefixtures("today")
def test_what_was_cancelled_left_or_taken_back_stands_as_cancelled(feed, owner, colleague):
    def plan(by, name, **facts):
        place = WorkplaceFactory(name=name)
        return actions.plan(workplace=place, by=by, channel="visit", on=THURSDAY, purpose="Places", **facts)

    actions.cancel(contact=plan(owner, "Off"), by=owner)
    actions.take_back(contact=plan(colleague, "Gone", staff=[owner]), by=colleague)
    actions.move(contact=plan(owner, "Moved"), by=owner, on=date(2026, 11, 27))
    shared = plan(owner, "Shared")
    actions.swap_staff(contacts=[shared.pk], out=User.objects.filter(pk=owner.pk), to=colleague, by=colleague)
    InteractionFactory(
        workplace=WorkplaceFactory(name="Old"), state="cancelled", on=THURSDAY, created_by=owner, cancelled_by=owner,
        cancelled_at=datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip

    assert lines(feed()) == {
        "Cancelled: Visit, Off": (THURSDAY, 1, "CANCELLED"),
        "Cancelled: Visit, Gone": (THURSDAY, 1, "CANCELLED"),
        "You no longer go: Visit, Shared": (THURSDAY, 1, "CANCELLED"),
        "Visit, Moved": (date(2026, 11, 27), 1, "CONFIRMED"),
        "Cancelled: Call, Old": (THURSDAY, 1, "CANCELLED"),
    }


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_the_feed_reaches_thirty_days_back_and_a_year_ahead(feed, owner, state):
    extra = {"cancelled_by": owner, "cancelled_at": datetime(2026, 11, 20, tzinfo=UTC)} if state == "cancelled" else {}
    days = [date(2026, 10, 24), date(2026, 10, 25), date(2027, 11, 24), date(2027, 11, 25)]
    for day in days:
        InteractionFactory(state=state, on=day, created_by=owner, **extra)

    assert sorted(begins for begins, *_rest in lines(feed()).values()) == days[1:3]


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("rows", [2, 12])
def test_the_feed_costs_the_same_however_much_is_in_it(feed, owner, rows, django_assert_num_queries):
    for _row in range(rows):
        InteractionFactory(state="planned", on=THURSDAY, created_by=owner)
        FollowUpFactory(owner=owner)

    # The organisation, the person, what was told, contacts, promises.
    with django_assert_num_queries(5):
        assert len(lines(feed())) == 2 * rows


@pytest.mark.parametrize("why", ["left", "switched off", "removed", "unknown"])
def test_there_is_no_feed_and_nothing_more_is_said(client, owner, why):
    token = owner.open_feed()
    if why == "left":
        owner.is_active = False
        owner.save()
    elif why == "removed":
        owner.close_feed()
    elif why == "switched off":
        Organisation.objects.create(name="Lindevig", calendar_feeds=False)
    else:
        token = "unknown"

    answer = client.get(reverse("contacts:feed", args=[token]))

    assert (answer.status_code, answer["Cache-Control"]) == (404, "private, no-store")


@pytest.mark.usefixtures("today")
def test_a_planned_contact_can_be_downloaded(client_for, owner, colleague):
    place = WorkplaceFactory(name="Ærø Bageri")
    contact = actions.plan(workplace=place, by=owner, channel="visit", on=THURSDAY, at=time(10), purpose="Dismissal")
    actions.move(contact=contact, by=owner, on=THURSDAY, at=time(11))
    address = reverse("contacts:calendar_file", args=[contact.pk])

    own, other = (client_for(one).get(address) for one in (owner, colleague))

    assert event_of(own.text)["uid"] == event_of(other.text)["uid"]
    assert event_of(own.text)["sequence"] == 1
    assert "Dismissal" not in own.text
    assert own["Content-Disposition"] == 'attachment; filename="2026-11-26.ics"'


def test_what_is_not_planned_is_no_file(client_for, owner):
    held = InteractionFactory(created_by=owner)

    assert client_for(owner).get(reverse("contacts:calendar_file", args=[held.pk])).status_code == 404


@pytest.mark.usefixtures("today")
def test_my_day_and_the_card_offer_the_file(client_for, owner):
    contact = InteractionFactory(state="planned", on=THURSDAY, created_by=owner)
    client, link = client_for(owner), reverse("contacts:calendar_file", args=[contact.pk])

    assert link in client.get("/").text
    assert link in client.get(contact.workplace.get_absolute_url()).text

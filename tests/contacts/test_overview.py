"""The morning overview: who gets one, when, and what stands in it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import IntegrityError

from contacts import overview
from contacts.models import Digest
from jobcenter_crm.backstage import clock
from jobcenter_crm.backstage.models import Message
from tests.backstage.conftest import at_once
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    RegisterChangeFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = pytest.mark.django_db

# A Tuesday; seven and a minute before, in Copenhagen.
TODAY = date(2026, 11, 24)
SEVEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SATURDAY, EASTER_MONDAY = date(2026, 11, 28), date(2027, 3, 29)


@pytest.fixture
def reader(db):
    """Somebody for whom something waits."""
    return waited_for(UserFactory(first_name="Mette", last_name="Holm"))


def waited_for(person, due_on=date(2026, 10, 1)):
    FollowUpFactory(owner=person, due_on=due_on, title=f"Of {person}")
    return person


def written(date=TODAY, until=None, now=SEVEN):
    """To whom the mails went that were written now."""
    before = set(Message.objects.values_list("pk", flat=True))
    overview.write(date, now, until)
    return sorted(Message.objects.exclude(pk__in=before).values_list("to", flat=True))


def to(*people):
    return sorted(person.email for person in people)


# --- When ------------------------------------------------------------------------------------


def test_it_comes_at_the_time_one_has_chosen_and_once(reader):
    early = waited_for(UserFactory(digest_at=time(6, 30)))

    told = []
    for moment in (SEVEN - 31 * MINUTE, SEVEN - 30 * MINUTE, SEVEN - MINUTE, SEVEN, SEVEN + MINUTE):
        overview.write_due(moment)
        told.append(Message.objects.count())

    assert told == [0, 1, 1, 2, 2]
    assert Message.objects.order_by("pk").first().to == early.email


def test_a_machine_that_was_off_at_seven_writes_at_nine_and_never_for_the_day_before(reader):
    overview.write_due(SEVEN + timedelta(days=1, hours=-2))
    assert not Digest.objects.exists()

    overview.write_due(SEVEN + timedelta(days=1, hours=2))

    assert Digest.objects.get().date == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        # Half past two comes twice: at half past midnight and at half past one by the world's clock.
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # It does not come at all: after 1.59 it is 3.00.
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    ],
)
def test_when_the_clocks_are_changed_it_comes_once_all_the_same(day, first):
    reader = waited_for(UserFactory(digest_at=time(2, 30), digest_on_days_off=True))
    moment, end = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1), []

    for minutes in range(0, 8 * 60, 10):
        now = moment + minutes * MINUTE
        with time_machine.travel(now, tick=False):
            overview.write_due(now)
            end += [(now, digest.date) for digest in Digest.objects.filter(date=day)][: 1 - len(end)]

    assert end == [(first, day)]
    assert Message.objects.filter(to=reader.email, key__contains=str(day)).count() == 1


@pytest.mark.parametrize("day", [SATURDAY, EASTER_MONDAY])
def test_on_days_off_it_comes_only_to_those_who_asked(reader, day):
    asked = waited_for(UserFactory(digest_on_days_off=True))

    assert written(day) == to(asked)


# --- Whether ---------------------------------------------------------------------------------


def test_none_comes_when_nothing_urgent_waits_and_nobody_looks_twice(db, django_assert_num_queries):
    idle = UserFactory()
    news = UserFactory()
    RegisterChangeFactory(workplace__owner=news)

    assert written() == []
    assert set(Digest.objects.values_list("user", "message_key")) == {(idle.pk, ""), (news.pk, "")}
    assert Digest.objects.get(user=news).counts == {"news": 1}
    with django_assert_num_queries(2):
        assert overview.write(TODAY, SEVEN) == {}


def test_none_comes_to_those_who_want_none_have_no_address_or_can_not_log_in(reader):
    waited_for(UserFactory(digest_wanted=False))
    waited_for(UserFactory(email=""))
    waited_for(UserFactory(is_active=False))

    assert written() == to(reader)


# --- Absence ---------------------------------------------------------------------------------


def test_the_deputy_gets_it_in_their_own_mail_with_its_own_heading(reader):
    deputy = UserFactory(first_name="Jonas", last_name="Friis", language="en")
    reader.absent_until, reader.deputy = date(2026, 12, 3), deputy
    reader.save()

    assert written() == to(deputy)
    message = Message.objects.get()
    assert "For Mette Holm, absent until 3 December" in message.text
    assert "For Mette Holm, absent until 3 December" in message.html
    assert Digest.objects.get(user=reader).reader == deputy
    assert Digest.objects.get(user=reader).message_key == message.key


def test_the_day_after_the_last_one_away_it_is_ones_own_again(reader):
    reader.absent_until, reader.deputy = date(2026, 11, 23), UserFactory()
    reader.save()

    assert written() == to(reader)


def test_who_falls_ill_after_the_deputy_has_been_told_is_told_in_another_mail(reader):
    deputy = waited_for(UserFactory(digest_at=time(6, 0)))
    reader.digest_at = time(9, 0)
    reader.save()
    assert written(until=time(7)) == to(deputy)
    reader.absent_until, reader.deputy = TODAY, deputy
    reader.save()

    assert written(until=time(8)) == to(deputy)
    assert written(until=time(10)) == []
    latest = Message.objects.order_by("pk").last()
    assert "Of Mette Holm" in latest.text
    assert f"Of {deputy}" not in latest.text


def test_with_nobody_to_stand_in_the_leader_of_the_team_gets_it(reader):
    leader = UserFactory()
    reader.absent_until, reader.team = TODAY, TeamFactory(leader=leader)
    reader.save()

    assert written() == to(leader)


# --- What it says ----------------------------------------------------------------------------


def test_it_says_what_where_and_when_with_links_and_nothing_private(reader):
    reader.language = "en"
    reader.save()
    somebody = PersonFactory(name="Karl Bødker", phone="25 38 05 69")
    place = somebody.workplace
    FollowUpFactory(owner=reader, workplace=place, person=somebody, due_on=date(2026, 11, 20), title="Ring om Ø & Å")
    contact = InteractionFactory(
        state="planned", on=TODAY, at=time(9, 30), channel="visit", purpose="Two places", workplace=place,
        note="They are ill", created_by=reader,
    )  # fmt: skip
    contact.persons.add(somebody)

    overview.write(TODAY, SEVEN)

    message = Message.objects.get()
    assert message.subject == "Morning overview 24 November: 3 things wait"
    assert f"- {place.name}: Ring om Ø & Å (20 Nov.)\n  {settings.SITE_URL}{place.get_absolute_url()}" in message.text
    assert f"- {place.name}: Visit, Two places (at 9:30)\n" in message.text
    assert f'href="{settings.SITE_URL}{contact.get_absolute_url()}"' in message.html
    assert "Ring om Ø &amp; Å" in message.html
    for private in ("Bødker", "25 38 05 69", "25380569", "They are ill"):
        assert private not in message.text + message.html
    assert f"{settings.SITE_URL}/profile/" in message.text


def test_each_reads_their_own_language_and_who_has_not_chosen_the_house_s(reader):
    english = waited_for(UserFactory(language="en"))
    danish = waited_for(UserFactory(language="da"))

    overview.write(TODAY, SEVEN)

    told = dict(Message.objects.values_list("to", "language"))
    assert told == {reader.email: settings.LANGUAGE_CODE, english.email: "en", danish.email: "da"}
    assert '<html lang="da">' in Message.objects.get(to=danish.email).html
    assert "tirsdag" in Message.objects.get(to=danish.email).text


def test_of_many_ten_are_told_and_the_rest_counted(reader):
    reader.language = "en"
    reader.save()
    FollowUpFactory.create_batch(14, owner=reader, due_on=TODAY)

    overview.write(TODAY, SEVEN)

    assert "and 4 more" in Message.objects.get().text


# --- By the clock, and when things break -----------------------------------------------------


def test_a_day_by_hand_writes_for_every_hour_and_sends(reader):
    waited_for(UserFactory(digest_at=time(23, 0)))
    with time_machine.travel(SEVEN - timedelta(hours=3), tick=False):
        done = {one.name: one for one in clock.run_day(TODAY, SEVEN - timedelta(hours=3))}
        again = {one.name: one for one in clock.run_day(TODAY, SEVEN - timedelta(hours=3))}

    assert done["contacts.overview"].result == {"mails": 2, "nothing": 0}
    assert done["backstage.outbox"].result["sent"] == 2
    assert again["contacts.overview"].result == {}
    assert len(mail.outbox) == 2


def test_the_overview_and_its_mail_are_written_together_or_not_at_all(reader, monkeypatch):
    def broken(messages):
        raise OSError("the machine went off")

    with monkeypatch.context() as here, pytest.raises(OSError, match="went off"):
        here.setattr(Message.objects, "bulk_create", broken)
        overview.write(TODAY, SEVEN)
    assert not Digest.objects.exists()

    assert written() == to(reader)


def test_a_mail_that_is_there_already_is_an_error_and_not_a_second_mail(reader):
    overview.write(TODAY, SEVEN)
    Digest.objects.all().delete()

    with pytest.raises(IntegrityError):
        overview.write(TODAY, SEVEN)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_write_one_mail_each():
    people = [waited_for(UserFactory()) for _number in range(3)]

    at_once(lambda: overview.write(TODAY, SEVEN))

    assert sorted(Message.objects.values_list("to", flat=True)) == to(*people)
    assert Digest.objects.count() == 3


# Who is there, who was told, the organisation; in each of two languages what waits, 16; the transaction and its rows.
STATEMENTS = 3 + 2 * 16 + 4


@pytest.mark.parametrize("people", [2, 20])
def test_a_day_takes_as_many_statements_however_many_people_and_rows(people, django_assert_num_queries):
    for number in range(people):
        person = UserFactory(language="da" if number % 2 else "en")
        for _row in range(1 + people // 10):
            place = WorkplaceFactory(owner=person, tier=1, last_contact_on=date(2020, 1, 1))
            FollowUpFactory(owner=person, workplace=place, due_on=date(2026, 11, 20))
            InteractionFactory(state="planned", on=TODAY, created_by=person)
            RegisterChangeFactory(workplace=place)

    with django_assert_num_queries(STATEMENTS):
        assert overview.write(TODAY, SEVEN)["mails"] == people


def test_a_deputy_who_wants_none_of_their_own_gets_that_of_the_one_who_is_away(reader):
    deputy = waited_for(UserFactory(digest_wanted=False))
    reader.absent_until, reader.deputy = TODAY, deputy
    reader.save()

    assert written() == to(deputy)
    assert f"Of {deputy}" not in Message.objects.get().text

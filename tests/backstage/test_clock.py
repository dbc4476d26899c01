from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobcenter_crm.backstage import clock, outbox
from jobcenter_crm.backstage.models import ClockRun, Message
from tests.backstage.conftest import at_once
from tests.factories import MessageFactory

MINUTE = timedelta(minutes=1)
DAY = date(2026, 11, 24)
# 5.59, 6.00 and 9.30 in Copenhagen, which is an hour ahead in winter.
BEFORE_SIX = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
AT_SIX = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
HALF_PAST_NINE = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def bare_clock(monkeypatch):
    """A clock on which no app has put anything."""
    monkeypatch.setattr(clock, "_days", {})
    monkeypatch.setattr(clock, "_ticks", {})


@pytest.fixture
def dates(bare_clock, db):
    """The dates for which the daily work "tests.morning", due at six, was done."""
    done = []

    @clock.every_day("tests.morning", at=time(6, 0))
    def morning(date):
        done.append(date)
        return {"done": len(done)}

    return done


class Trouble:
    """Daily work that fails until it is told not to."""

    def __init__(self):
        self.calls, self.over = 0, False

    def __call__(self, date):
        self.calls += 1
        if not self.over:
            raise ValueError("0102031234")


@pytest.fixture
def trouble(bare_clock, db, today):
    work = Trouble()
    clock.every_day("tests.trouble", at=time(6, 0))(work)
    return work


def test_work_is_done_once_a_day_from_its_hour_on(dates):
    for now in (BEFORE_SIX, AT_SIX, AT_SIX + MINUTE, HALF_PAST_NINE):
        clock.tick(now)

    assert dates == [DAY]
    run = ClockRun.objects.get()
    assert (run.name, run.date, run.result, run.failure) == ("tests.morning", DAY, {"done": 1}, "")
    assert run.ended_at


def test_a_machine_that_was_off_at_six_catches_up_at_half_past_nine_and_only_for_today(dates):
    clock.tick(HALF_PAST_NINE - timedelta(days=4))

    clock.tick(HALF_PAST_NINE)

    assert dates == [DAY - timedelta(days=4), DAY]


def test_the_day_is_the_one_in_copenhagen(dates):
    clock.tick(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    clock.tick(datetime(2026, 7, 2, 4, 30, tzinfo=UTC))

    assert dates == [date(2026, 7, 2)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_days_on_which_the_hour_changes_have_their_work_once(dates, day):
    for hour in range(24):
        clock.tick(datetime(day.year, day.month, day.day, hour, 15, tzinfo=UTC) - timedelta(hours=1))

    assert dates.count(day) == 1


def test_a_second_clock_is_harmless(dates):
    ClockRun.objects.create(name="tests.morning", date=DAY, started_at=HALF_PAST_NINE - MINUTE)

    clock.tick(HALF_PAST_NINE)

    assert dates == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["nothing", "a run whose process died"])
def test_clocks_that_tick_in_the_same_instant_do_the_work_once(dates, before):
    if before != "nothing":
        long_ago = HALF_PAST_NINE - clock.RUN_LIMIT - MINUTE
        ClockRun.objects.create(name="tests.morning", date=DAY, started_at=long_ago)

    at_once(lambda: clock.tick(HALF_PAST_NINE))

    assert dates == [DAY]


def test_work_whose_process_died_is_done_by_the_next_clock(dates):
    long_ago = HALF_PAST_NINE - clock.RUN_LIMIT - MINUTE
    ClockRun.objects.create(name="tests.morning", date=DAY, started_at=long_ago)

    clock.tick(HALF_PAST_NINE)

    run = ClockRun.objects.get()
    assert (dates, run.attempts, bool(run.ended_at)) == ([DAY], 2, True)


def test_a_failure_is_told_without_what_was_in_it_and_keeps_nothing_else_from_being_done(trouble):
    rest = []
    clock.every_day("tests.rest", at=time(6, 0))(rest.append)

    clock.tick(HALF_PAST_NINE)

    failure = ClockRun.objects.get(name="tests.trouble").failure
    assert "ValueError" in failure
    assert "0102031234" not in failure
    assert rest == [DAY]


def test_a_failure_is_tried_again_a_few_times_with_pauses(trouble):
    for minute in range(120):
        clock.tick(HALF_PAST_NINE + minute * MINUTE)

    assert trouble.calls == clock.ATTEMPTS


def test_what_failed_and_then_succeeded_is_done(trouble):
    clock.tick(HALF_PAST_NINE)
    trouble.over = True
    for minute in range(1, 30):
        clock.tick(HALF_PAST_NINE + minute * MINUTE)

    run = ClockRun.objects.get()
    assert (trouble.calls, run.failure, run.attempts) == (2, "", 2)


def test_each_tick_does_its_work_whatever_another_piece_does(bare_clock, db):
    minutes = []

    @clock.every_tick("tests.broken")
    def broken(now):
        raise ValueError

    clock.every_tick("tests.minutes")(minutes.append)

    clock.tick(AT_SIX)
    clock.tick(AT_SIX + MINUTE)

    assert minutes == [AT_SIX, AT_SIX + MINUTE]


@pytest.mark.parametrize("register", [lambda: clock.every_day("tests.morning", at=time(7))(print), lambda: twice()])
def test_a_name_is_taken_once(dates, register):
    with pytest.raises(ValueError, match="registered twice"):
        register()


def twice():
    clock.every_tick("tests.minutes")(print)
    clock.every_tick("tests.minutes")(print)


def test_run_day_treats_the_day_as_passed_and_is_harmless_twice(dates):
    clock.run_day(DAY, BEFORE_SIX)
    clock.run_day(DAY, BEFORE_SIX)
    clock.tick(HALF_PAST_NINE)

    assert dates == [DAY]


def test_what_comes_by_and_by_is_done_as_a_whole_in_a_day_by_hand_and_before_the_mail_is_sent(bare_clock, today, db):
    done = []
    clock.every_tick("tests.mail")(lambda now: done.append(("mail", now)))
    clock.every_tick("tests.by_and_by", whole_day=lambda date, now: done.append(("whole", date)))(
        lambda now: done.append(("minute", now))
    )

    clock.tick(AT_SIX)
    clock.run_day(DAY, HALF_PAST_NINE)

    assert done == [("mail", AT_SIX), ("minute", AT_SIX), ("whole", DAY), ("mail", HALF_PAST_NINE)]


def test_mail_that_the_day_by_hand_writes_is_sent_by_it(bare_clock, db):
    @clock.every_day("tests.morning", at=time(6, 0))
    def morning(date):
        Message.post(key="told", to="mette@example.com", subject="Told", text="Told.")

    clock.every_tick("tests.mail")(outbox.sweep)

    clock.run_day(DAY, timezone.now())

    assert [message.subject for message in mail.outbox] == ["Told"]


def test_run_day_by_hand_tries_again_what_the_clock_has_given_up(trouble):
    for minute in range(60):
        clock.tick(HALF_PAST_NINE + minute * MINUTE)
    trouble.over = True

    clock.run_day(DAY, HALF_PAST_NINE + timedelta(hours=1))

    assert ClockRun.objects.get().failure == ""


def run_day(*arguments):
    out = StringIO()
    call_command("run_day", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_does_the_day_and_sends_the_mail_itself(today, db):
    MessageFactory()
    SessionStore().save()
    Session.objects.update(expire_date=HALF_PAST_NINE - timedelta(days=1))

    first, second = run_day(), run_day()

    assert "The day 2026-11-24" in first
    assert "backstage.sessions: 1 deleted" in first
    assert "backstage.outbox: 1 sent" in first
    assert "backstage.sessions" not in second
    assert "backstage.outbox: 0 sent" in second
    assert len(mail.outbox) == 1


def test_the_command_takes_a_date(today, db):
    assert "The day 2026-11-20" in run_day("--date", "2026-11-20")
    assert ClockRun.objects.filter(date=date(2026, 11, 20)).exists()


@pytest.mark.parametrize("wrong", ["20-11-2026", "2026-02-30", ""])
def test_the_command_refuses_what_is_no_date(wrong, db):
    with pytest.raises(CommandError, match="date"):
        run_day("--date", wrong)


def test_the_command_says_that_something_failed(trouble):
    with pytest.raises(CommandError, match="Run the command again"):
        run_day("--date", "2026-11-24")

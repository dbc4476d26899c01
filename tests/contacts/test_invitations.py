"""What the calendars of those who go are told by mail, whatever happens to a planned contact."""

import uuid
from datetime import date, time

import pytest
from django.utils import timezone
from icalendar import Calendar

from contacts import actions
from contacts.invitations import tell
from contacts.models import Interaction, Invitation
from jobcenter_crm.backstage import outbox
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.staff.models import User
from tests.factories import InteractionFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
TEN, ELEVEN = time(10), time(11)


def plan(by, **facts):
    return actions.plan(
        **{
            "workplace": WorkplaceFactory(),
            "by": by,
            "channel": "visit",
            "on": THURSDAY,
            "at": TEN,
            "purpose": "Places",
        }
        | facts
    )


def written():
    """The mails in the order they were written: to whom, what is asked, the sequence, and the event."""
    found = []
    for message in Message.objects.exclude(thread="").exclude(state="replaced").order_by("pk"):
        [event] = Calendar.from_ical(message.calendar).walk("VEVENT")
        found.append((message.to.partition("@")[0], message.calendar_method, int(event["sequence"]), event))
    return found


def told():
    return [mail[:3] for mail in written()]


def sent():
    """Let all that waits leave."""
    outbox.sweep(timezone.now())


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        ({"channel": "visit"}, 1),
        ({"channel": "visit", "at": None}, 1),
        ({"channel": "meeting"}, 1),
        ({"channel": "event"}, 1),
        ({"channel": "phone"}, 1),
        ({"channel": "phone", "at": None}, 0),
        ({"channel": "letter"}, 0),
        ({"channel": "email"}, 0),
    ],
)
def test_what_people_go_to_is_an_invitation(owner, facts, number):
    plan(owner, **facts)

    assert told() == [("owner", "REQUEST", 0)] * number


def test_all_of_ours_who_go_are_told_each_in_a_mail_of_their_own(owner, colleague):
    plan(owner, staff=[owner, colleague])

    assert sorted(told()) == [("colleague", "REQUEST", 0), ("owner", "REQUEST", 0)]
    assert {str(event["attendee"]) for *_facts, event in written()} == {
        f"mailto:{owner.email}",
        f"mailto:{colleague.email}",
    }


def test_one_that_is_moved_keeps_its_uid_under_a_higher_sequence(owner):
    contact = plan(owner)
    sent()

    actions.move(contact=contact, by=owner, on=FRIDAY, at=ELEVEN)

    assert Message.objects.get(state="waiting").subject.startswith("Ændret: Besøg, ")
    (*first, before), (*second, after) = written()
    assert (first, second) == (["owner", "REQUEST", 0], ["owner", "REQUEST", 1])
    assert before["uid"] == after["uid"]
    assert after.decoded("dtstart").astimezone().date() == FRIDAY


def test_two_quick_moves_leave_only_the_latest_to_be_sent(owner):
    contact = plan(owner)
    actions.move(contact=contact, by=owner, on=FRIDAY, at=TEN)
    actions.move(contact=contact, by=owner, on=FRIDAY, at=ELEVEN)

    sent()

    assert told() == [("owner", "REQUEST", 2)]
    # They have not heard of it before.
    assert Message.objects.get(state="sent").subject.startswith("Besøg, ")


def test_moved_to_where_it_was_says_nothing(owner):
    contact = plan(owner)

    actions.move(contact=contact, by=owner, on=THURSDAY, at=TEN)

    assert told() == [("owner", "REQUEST", 0)]


def test_one_that_is_cancelled_leaves_the_calendar(owner):
    contact = plan(owner)
    sent()

    actions.cancel(contact=contact, by=owner)

    assert told() == [("owner", "REQUEST", 0), ("owner", "CANCEL", 1)]
    assert written()[1][3]["status"] == "CANCELLED"


def test_one_that_is_taken_back_after_the_mail_has_left_is_cancelled(owner):
    contact = plan(owner)
    sent()

    actions.take_back(contact=contact, by=owner)

    assert not Interaction.objects.exists()
    assert told() == [("owner", "REQUEST", 0), ("owner", "CANCEL", 1)]


def test_one_that_is_taken_back_before_the_mail_has_left_says_nothing_at_all(owner):
    actions.take_back(contact=plan(owner), by=owner)
    sent()

    assert told() == []
    assert [message.state for message in Message.objects.all()] == [Message.State.REPLACED]


@pytest.mark.parametrize(
    ("facts", "method"),
    [
        ({"state": "sending"}, ["CANCEL"]),
        ({"state": "in_doubt"}, ["CANCEL"]),
        ({"state": "waiting", "resent": True}, ["CANCEL"]),
        ({"state": "failed"}, []),
    ],
)
def test_what_may_have_left_is_cancelled_and_what_was_refused_is_not(owner, facts, method):
    contact = plan(owner)
    mail = Message.objects.get()
    mail.state, mail.claimed_at = facts["state"], mail.next_try_at
    if facts.get("resent"):
        mail.resent_at, mail.resent_by = mail.next_try_at, owner
    mail.save()

    actions.cancel(contact=contact, by=owner)

    assert list(Message.objects.exclude(pk=mail.pk).values_list("calendar_method", flat=True)) == method


def test_who_joins_is_invited_and_who_leaves_again_is_told(owner, colleague):
    User.objects.update(language="en")
    contact = plan(owner, token=uuid.uuid4())
    sent()

    planned, joined = actions.plan_several(
        wanted=[{"workplace": contact.workplace, "join": contact, "token": uuid.uuid4()}], by=colleague
    )
    sent()
    actions.take_back_several(planned=[one.pk for one in planned], joined=[one.pk for one in joined], by=colleague)

    assert told() == [("owner", "REQUEST", 0), ("colleague", "REQUEST", 0), ("colleague", "CANCEL", 1)]
    mail = Message.objects.get(calendar_method="CANCEL")
    assert mail.subject.startswith(f"You no longer go: Visit, {contact.workplace.name}, ")
    assert mail.text.startswith(f"You no longer go: Visit, {contact.workplace.name}\n")
    assert "It takes place, and your colleagues go without you." in mail.text
    assert f"SUMMARY:You no longer go: Visit\\, {contact.workplace.name}" in mail.calendar


def test_joining_one_by_one_invites_too_and_only_who_joins(owner, colleague):
    contact = plan(owner)

    actions.join(contact=contact, by=colleague)
    actions.join(contact=contact, by=colleague)

    assert told() == [("owner", "REQUEST", 0), ("colleague", "REQUEST", 0)]


def test_a_hand_over_tells_who_takes_over_and_who_no_longer_goes_and_so_does_its_undoing(owner, colleague):
    contact = plan(owner)
    sent()

    swapped = actions.swap_staff(
        contacts=[contact.pk], out=User.objects.filter(pk=owner.pk), to=colleague, by=colleague
    )
    assert sorted(told()[1:]) == [("colleague", "REQUEST", 0), ("owner", "CANCEL", 1)]
    sent()
    actions.swap_staff_back(swapped=swapped, to=colleague, by=colleague)

    assert sorted(told()[3:]) == [("colleague", "CANCEL", 1), ("owner", "REQUEST", 2)]


def test_several_at_once_are_all_told_and_the_same_form_again_says_nothing(owner):
    wanted = [
        {"workplace": WorkplaceFactory(), "channel": "visit", "on": THURSDAY, "at": time(9 + hour), "purpose": "Places",
         "token": uuid.uuid4()}
        for hour in range(3)
    ]  # fmt: skip

    planned, _joined = actions.plan_several(wanted=wanted, by=owner)
    actions.plan_several(wanted=wanted, by=owner)

    assert told() == [("owner", "REQUEST", 0)] * 3
    sent()
    actions.take_back_several(planned=[one.pk for one in planned], joined=[], by=owner)
    assert [method for _to, method, _sequence in told()[3:]] == ["CANCEL"] * 3


@pytest.mark.parametrize("rows", [2, 9])
def test_telling_costs_the_same_however_many_there_are(owner, colleague, rows, django_assert_num_queries):
    contacts = [
        InteractionFactory(state="planned", channel="visit", on=THURSDAY, created_by=owner, staff=[owner, colleague])
        for _row in range(rows)
    ]

    # Who goes, what was told; what is told now, where it is, whose house it is, the mails.
    with django_assert_num_queries(6):
        tell(contacts, by=owner)
    assert len(told()) == 2 * rows


def log_as_held(contact, by):
    actions.log(
        workplace=contact.workplace, by=by, planned=contact, channel="visit", on=date(2026, 11, 24), at=ELEVEN,
        purpose="Places", outcome="interested",
    )  # fmt: skip


def test_held_on_its_day_says_nothing(owner):
    contact = plan(owner, on=date(2026, 11, 24))
    sent()

    log_as_held(contact, owner)

    assert told() == [("owner", "REQUEST", 0)]


def test_held_before_its_day_is_taken_out_of_the_calendars_and_undone_stands_there_again(owner):
    contact = plan(owner)
    sent()

    log_as_held(contact, owner)
    assert told()[-1] == ("owner", "CANCEL", 1)
    actions.take_back(contact=contact, by=owner)

    contact.refresh_from_db()
    assert (contact.state, contact.on, contact.at) == ("planned", THURSDAY, TEN)
    assert told()[-1] == ("owner", "REQUEST", 2)


def test_closing_a_workplace_cancels_and_opening_it_again_invites_again(owner):
    contact = plan(owner)
    sent()

    at = actions.close(workplace=contact.workplace, follow_ups=[], contacts=[contact], by=owner)
    sent()
    actions.undo_close(workplace=contact.workplace, at=at, by=owner)

    assert told() == [("owner", "REQUEST", 0), ("owner", "CANCEL", 1), ("owner", "REQUEST", 2)]


def test_a_call_that_loses_its_time_stays_an_entry_of_the_day(owner):
    contact = plan(owner, channel="phone")
    sent()

    actions.move(contact=contact, by=owner, on=FRIDAY, at=None)

    *facts, event = written()[1]
    assert facts == ["owner", "REQUEST", 1]
    assert event.decoded("dtstart") == FRIDAY


@pytest.mark.parametrize(
    ("wants", "by_me", "by_others"), [("all", True, True), ("others", False, True), ("none", False, False)]
)
def test_a_person_says_which_come_by_mail(owner, colleague, wants, by_me, by_others):
    owner.invitations = wants
    owner.save()

    plan(owner)
    assert bool(told()) == by_me
    Message.objects.all().delete()
    plan(colleague, staff=[owner])
    assert bool(told()) == by_others


def test_who_was_invited_is_told_that_it_is_off_whatever_they_have_chosen_since(owner):
    contact = plan(owner)
    sent()
    User.objects.update(invitations="none")

    actions.cancel(contact=contact, by=owner)

    assert [method for _to, method, _sequence in told()] == ["REQUEST", "CANCEL"]


def test_who_was_never_invited_by_mail_is_not_told_that_it_is_off(owner):
    owner.invitations = "none"
    owner.save()
    contact = plan(owner)

    actions.move(contact=contact, by=owner, on=FRIDAY)
    actions.cancel(contact=contact, by=owner)

    assert told() == []
    assert Invitation.objects.get().sequence == 2


def test_who_has_left_the_house_or_has_no_address_gets_none(owner, colleague):
    colleague.is_active = False
    colleague.save()

    plan(owner, staff=[colleague, UserFactory(email="")])

    assert told() == []


def test_the_mail_says_where_and_when_and_nothing_else(owner):
    owner.language = "en"
    owner.save()
    workplace = WorkplaceFactory(
        name="Bødker & Væver", street="Ålborggade 4", postcode="4600", town="Køge", phone="12345678"
    )
    plan(owner, workplace=workplace, purpose="The dismissed apprentice")

    message = Message.objects.get()

    assert message.subject == "Visit, Bødker & Væver, Thursday 26 November at 10:00"
    assert "Ålborggade 4, 4600 Køge" in message.text
    assert f"/companies/{workplace.pk}/#contact-" in message.text
    for words in (message.text, message.calendar):
        assert "apprentice" not in words
        assert "12345678" not in words


def test_it_is_written_in_the_language_of_who_gets_it(owner):
    owner.language = "en"
    owner.save()

    plan(owner)

    assert Message.objects.get().subject.startswith("Visit, ")


def test_a_contact_that_was_planned_before_there_were_invitations_is_told_of_when_it_changes(owner):
    contact = InteractionFactory(state="planned", channel="visit", on=THURSDAY, at=TEN, created_by=owner)

    actions.move(contact=contact, by=owner, on=FRIDAY, at=TEN)

    assert told() == [("owner", "REQUEST", 0)]

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.utils import timezone, translation

from jobcenter_crm.backstage import outbox
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.backstage.querysets import CLAIM_LIMIT
from tests.backstage.conftest import at_once
from tests.backstage.post_office import PostOffice
from tests.factories import MessageFactory, UserFactory

State = Message.State
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def post_office(settings):
    """A real mail server, to which all mail goes."""
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 2
    yield office
    office.close()


def words_in(settings, tmp_path, **files):
    """Templates of a mail called "mail/hello"."""
    folder = tmp_path / "mail"
    folder.mkdir()
    for name, words in files.items():
        (folder / f"hello{name.replace('__', '.')}").write_text(words)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]


def test_the_same_thing_is_said_once(db):
    first = Message.post(key="handover:17", to="a@example.org", subject="First", text="One")
    second = Message.post(key="handover:17", to="a@example.org", subject="Second", text="Two")

    assert first == second
    assert Message.objects.get().subject == "First"


def test_a_colleague_is_written_to_in_the_language_they_chose(settings, tmp_path, db):
    words_in(settings, tmp_path, _subject__txt="{% translate 'Yes' %}\n", __txt="{% translate 'Yes' %}, {{ name }}")

    with translation.override("en"):
        danish = Message.post(key="1", to=UserFactory(language=""), template="mail/hello", context={"name": "Å & Ø"})
        english = Message.post(key="2", to=UserFactory(language="en"), template="mail/hello", context={"name": "Å & Ø"})

    assert (danish.language, danish.subject, danish.text) == ("da", "Ja", "Ja, Å & Ø")
    assert (english.language, english.subject, english.text, english.html) == ("en", "Yes", "Yes, Å & Ø", "")


def test_a_template_in_html_is_escaped(settings, tmp_path, db):
    words_in(settings, tmp_path, _subject__txt="S", __txt="T", __html="<p>{{ name }}</p>")

    message = Message.post(key="1", to="a@example.org", template="mail/hello", context={"name": "<b>"})

    assert message.html == "<p>&lt;b&gt;</p>"


def test_a_subject_is_one_line_of_bounded_length(db):
    message = Message.post(key="1", to="a@example.org", subject="One\r\nBcc: b@example.org " + "x" * 300, text="T")

    assert message.subject.startswith("One Bcc: b@example.org x")
    assert len(message.subject) == 200


def test_nobody_is_told_who_has_no_address(db):
    assert Message.post(key="1", to=UserFactory(email=""), subject="S", text="T") is None
    assert not Message.objects.exists()


def test_each_message_has_a_message_id_of_our_own(settings, db):
    settings.DEFAULT_FROM_EMAIL = "The entrance <entrance@lindevig.example>"

    first = Message.post(key="1", to="a@example.org", subject="S", text="T")
    second = Message.post(key="2", to="a@example.org", subject="S", text="T")

    assert first.message_id != second.message_id
    assert first.message_id.endswith("@lindevig.example>")


def test_what_is_due_is_sent_once(db):
    due = MessageFactory(html="<p>Call Example ApS.</p>")
    MessageFactory(next_try_at=NOW + timedelta(minutes=1))

    counts = [outbox.sweep(NOW), outbox.sweep(NOW)]

    due.refresh_from_db()
    assert [count["sent"] for count in counts] == [1, 0]
    assert (due.state, due.attempts) == (State.SENT, 1)
    assert due.sent_at
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == ([due.to], due.subject, due.text)
    assert sent.alternatives[0].content == due.html
    assert sent.message()["Message-ID"] == due.message_id


def test_a_message_that_another_sweep_has_claimed_is_left_to_it(db):
    message = MessageFactory(state=State.SENDING, claimed_at=NOW)

    outbox.sweep(NOW)

    message.refresh_from_db()
    assert (message.state, mail.outbox) == (State.SENDING, [])


@pytest.mark.django_db(transaction=True)
def test_sweeps_in_the_same_instant_send_each_message_once():
    MessageFactory.create_batch(10)

    counts = at_once(lambda: outbox.sweep(NOW))

    assert sum(count["sent"] for count in counts) == 10
    assert len({sent.to[0] for sent in mail.outbox}) == len(mail.outbox) == 10


def test_a_message_whose_sender_died_is_in_doubt_and_stays_so(db):
    message = MessageFactory(state=State.SENDING, claimed_at=NOW - CLAIM_LIMIT - timedelta(seconds=1))

    counts = outbox.sweep(NOW)
    outbox.sweep(NOW + timedelta(days=30))

    message.refresh_from_db()
    assert counts["in_doubt"] == 1
    assert (message.state, mail.outbox) == (State.IN_DOUBT, [])
    assert message.problem


def test_a_sender_that_was_only_slow_can_still_tell_that_it_was_sent(db):
    message = MessageFactory(state=State.SENDING, claimed_at=NOW - CLAIM_LIMIT * 2, attempts=1)

    outbox.sweep(NOW)
    outbox.deliver(message)

    message.refresh_from_db()
    assert (message.state, message.problem) == (State.SENT, "")


def test_a_server_that_cannot_be_reached_is_tried_again_later_for_a_day(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = MessageFactory()
    waits = []

    for _attempt in range(20):
        message.refresh_from_db()
        if message.state != State.WAITING:
            break
        before = timezone.now()
        outbox.sweep(message.next_try_at)
        message.refresh_from_db()
        waits.append(message.next_try_at - before)

    assert message.state == State.FAILED
    assert message.attempts == len(outbox.WAITS) + 1
    assert "ConnectionRefusedError" in message.problem
    assert timedelta(hours=22) < sum(waits[:-1], timedelta()) < timedelta(hours=26)


def test_a_real_server_gets_the_message_with_its_own_id(post_office, db):
    message = MessageFactory(html="<p>Æ</p>", text="Æ")

    counts = outbox.sweep(NOW)

    assert counts["sent"] == 1
    assert post_office.received == [message.message_id]


@pytest.mark.parametrize(
    ("refusal", "went", "state"),
    [("550 no such mailbox", "given_up", State.FAILED), ("451 come back later", "later", State.WAITING)],
)
def test_a_refusal_for_good_ends_it_and_one_for_now_does_not(post_office, refusal, went, state, db):
    post_office.refusal = refusal
    message = MessageFactory()

    counts = outbox.sweep(NOW)

    message.refresh_from_db()
    assert counts[went] == 1
    assert (message.state, post_office.received) == (state, [])
    assert refusal in message.problem


def test_an_answer_that_never_came_leaves_the_message_in_doubt(post_office, db):
    post_office.hang_up = True
    message = MessageFactory()

    counts = outbox.sweep(NOW)
    outbox.sweep(NOW + timedelta(days=1))

    message.refresh_from_db()
    assert counts["in_doubt"] == 1
    assert (message.state, len(post_office.received)) == (State.IN_DOUBT, 1)


def test_a_message_that_cannot_be_written_is_given_up_and_the_next_one_sent(db):
    broken = MessageFactory(subject="One\nBcc: b@example.org")
    sound = MessageFactory()

    counts = outbox.sweep(NOW)

    assert (counts["given_up"], counts["sent"]) == (1, 1)
    assert [Message.objects.get(pk=message.pk).state for message in (broken, sound)] == [State.FAILED, State.SENT]


@pytest.mark.parametrize("state", [State.FAILED, State.IN_DOUBT])
def test_a_person_can_have_an_unsettled_message_sent_again(owner, state):
    message = MessageFactory(state=state, claimed_at=NOW, attempts=9, problem="No answer.")

    assert message.resend(by=owner)
    outbox.sweep(timezone.now())

    message.refresh_from_db()
    assert (message.state, message.attempts, message.resent_by) == (State.SENT, 1, owner)
    assert mail.outbox[0].message()["Message-ID"] == message.message_id


def test_all_of_one_state_are_sent_again_at_once_but_for_those_that_a_later_one_has_replaced(owner):
    doubted = MessageFactory.create_batch(2, state=State.IN_DOUBT)
    overtaken = MessageFactory(state=State.IN_DOUBT, thread="visit:1")
    newest = MessageFactory(state=State.SENT, sent_at=NOW, thread="visit:1")
    refused = MessageFactory(state=State.FAILED)

    assert outbox.settle_all(State.IN_DOUBT, newest=newest.pk, count=3, act="resend", by=owner) == 2

    states = dict(Message.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in doubted] == [State.WAITING, State.WAITING]
    assert (states[overtaken.pk], states[refused.pk]) == (State.REPLACED, State.FAILED)
    assert set(Message.objects.waiting().values_list("resent_by", flat=True)) == {owner.pk}


def test_all_of_one_state_are_dropped_at_once_and_what_is_known_of_them_stays(owner):
    doubted = MessageFactory.create_batch(2, state=State.IN_DOUBT)
    refused = MessageFactory(state=State.FAILED)

    outbox.settle_all(State.IN_DOUBT, newest=refused.pk, count=2, act="drop", by=owner)

    assert list(Message.objects.unsettled()) == [refused]
    assert set(Message.objects.filter(dropped_by=owner, state=State.IN_DOUBT)) == set(doubted)
    assert Message.objects.may_have_left().count() == 2
    assert not doubted[0].resend(by=owner)


@pytest.mark.parametrize("act", ["resend", "drop"])
@pytest.mark.parametrize(("newest", "count"), [(0, 1), (1, 3), (1, 1)])
def test_nothing_is_decided_about_others_than_were_shown(owner, act, newest, count):
    MessageFactory(state=State.IN_DOUBT)
    last = MessageFactory(state=State.IN_DOUBT)

    with pytest.raises(outbox.Changed):
        outbox.settle_all(State.IN_DOUBT, newest=last.pk if newest else 0, count=count, act=act, by=owner)

    assert Message.objects.unsettled().count() == 2


@pytest.mark.parametrize("state", [State.WAITING, State.SENDING, State.SENT])
def test_a_message_that_is_settled_or_under_way_is_never_sent_again(owner, state):
    message = MessageFactory(state=state, claimed_at=NOW, sent_at=NOW)

    assert not message.resend(by=owner)


def test_a_calendar_part_goes_with_the_text_and_says_what_is_asked(db):
    MessageFactory(text="Æ", calendar="BEGIN:VCALENDAR\r\nX:æ\r\nEND:VCALENDAR\r\n", calendar_method="REQUEST")

    outbox.sweep(NOW)

    sent = message_from_bytes(mail.outbox[0].message().as_bytes(linesep="\r\n"), policy=policy.default)
    _text, calendar = sent.iter_parts()
    assert sent.get_content_type() == "multipart/alternative"
    assert calendar.get_content_type() == "text/calendar"
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar.get_payload(decode=True).decode() == "BEGIN:VCALENDAR\r\nX:æ\r\nEND:VCALENDAR\r\n"
    assert "Content-Disposition" not in calendar


def test_of_one_thread_only_the_latest_that_waits_is_sent(db):
    first = MessageFactory(thread="visit:1")
    latest = MessageFactory(thread="visit:1")
    other = MessageFactory(thread="visit:2")

    outbox.sweep(NOW)

    states = [Message.objects.get(pk=one.pk).state for one in (first, latest, other)]
    assert states == [State.REPLACED, State.SENT, State.SENT]
    assert len(mail.outbox) == 2


def test_one_that_was_put_off_does_not_come_after_a_later_one(db):
    first = MessageFactory(thread="visit:1", next_try_at=NOW + timedelta(minutes=5), attempts=2)
    MessageFactory(thread="visit:1")

    outbox.sweep(NOW)
    outbox.sweep(NOW + timedelta(minutes=10))

    first.refresh_from_db()
    assert (first.state, len(mail.outbox)) == (State.REPLACED, 1)


def test_the_next_of_a_thread_waits_until_the_one_before_it_has_left(db):
    leaving = MessageFactory(thread="visit:1", state=State.SENDING, claimed_at=NOW)
    MessageFactory(thread="visit:1")

    waited = outbox.sweep(NOW)
    Message.objects.filter(pk=leaving.pk).update(state=State.SENT, sent_at=NOW)
    then = outbox.sweep(NOW)

    assert (waited["sent"], then["sent"]) == (0, 1)


def test_what_a_later_one_has_overtaken_is_not_sent_again_by_hand(owner):
    overtaken = MessageFactory(thread="visit:1", state=State.FAILED)
    MessageFactory(thread="visit:1", state=State.SENT, sent_at=NOW)

    assert not overtaken.resend(by=owner)


@pytest.mark.parametrize("state", [State.FAILED, State.IN_DOUBT])
def test_what_a_later_one_has_overtaken_is_settled_as_replaced(state, db):
    overtaken = MessageFactory(thread="visit:1", state=state)
    MessageFactory(thread="visit:1", state=State.SENT, sent_at=NOW)

    assert overtaken.set_aside()

    overtaken.refresh_from_db()
    assert overtaken.state == State.REPLACED


@pytest.mark.parametrize("thread", ["", "visit:1"])
def test_one_of_which_nothing_later_was_said_stays_unsettled(thread, db):
    MessageFactory(thread=thread, state=State.SENT, sent_at=NOW)
    latest = MessageFactory(thread=thread, state=State.IN_DOUBT)

    assert not latest.set_aside()

    latest.refresh_from_db()
    assert latest.state == State.IN_DOUBT


def test_what_has_left_or_is_leaving_is_not_set_aside(db):
    sent = MessageFactory(thread="visit:1", state=State.SENT, sent_at=NOW)
    leaving = MessageFactory(thread="visit:1", state=State.SENDING, claimed_at=NOW)
    MessageFactory(thread="visit:1")

    assert not sent.set_aside()
    assert not leaving.set_aside()

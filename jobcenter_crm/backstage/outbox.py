"""Sending the mail that waits in the database: each message leaves at most once, or is shown to be in doubt."""

import smtplib
from datetime import timedelta

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jobcenter_crm.backstage.models import Message

# Waits after each failed attempt, a day in all; after the last one the message is given up.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 480)]

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The message did not leave; `for_good` if trying again can't help."""

    def __init__(self, problem, *, for_good=False):
        super().__init__(problem)
        self.for_good = for_good


class Changed(Exception):
    """What is to be decided about is no longer what was shown."""


def sweep(now):
    """Send what is due, after setting aside what nobody can account for or a later one has replaced.

    Harmless twice and twice at once.

    Each message is claimed by one UPDATE. Returns counts by how it went.
    """
    counts = {"sent": 0, "later": 0, "given_up": 0, "in_doubt": set_aside_orphans(now)}
    Message.objects.waiting().overtaken().update(state=Message.State.REPLACED)
    for pk in list(Message.objects.due(now).values_list("pk", flat=True)):
        # The time of the claim is the real one: a long sweep must not look orphaned to the next.
        claimed_at = timezone.now()
        claim = Message.objects.due(now).order_by().filter(pk=pk)
        if claim.update(state=Message.State.SENDING, claimed_at=claimed_at, attempts=F("attempts") + 1):
            counts[deliver(Message.objects.get(pk=pk))] += 1
    if any(counts.values()):
        log.info("outbox_swept", **counts)
    return counts


def set_aside_orphans(now):
    """Messages claimed by a process that died: whether they left is unknown, so they are never resent by themselves."""
    return Message.objects.orphaned(now).update(
        state=Message.State.IN_DOUBT,
        problem=_("The process that sent this was broken off: it may have been sent, or not."),
    )


def hold_waiting(database):
    """After a restore: what waited then may have been sent since, so a person decides about it. Returns how many.

    The database may be one of an older version: no other columns are touched.
    """
    leaving = Message.objects.using(database).filter(state__in=[Message.State.WAITING, Message.State.SENDING])
    return leaving.update(
        state=Message.State.IN_DOUBT,
        problem=_("It waited when the backup was made that has been restored: it may have been sent since, or not."),
    )


SAMPLE = 10


class Unsettled:
    """The unsettled mail of one state: how many, how many of them can be sent `again`, from when to when, and the newest few."""

    def __init__(self, state):
        mail = Message.objects.unsettled().filter(state=state)
        told = mail.aggregate(
            count=Count("pk"),
            again=Count("pk", filter=Q(pk__in=mail.current().order_by().values("pk"))),
            newest=Max("pk"),
            since=Min("created_at"),
            until=Max("created_at"),
        )
        self.state, self.count, self.again, self.newest = state, told["count"], told["again"], told["newest"]
        self.since, self.until = told["since"], told["until"]
        self.sample = mail.order_by("-pk")[:SAMPLE]


@transaction.atomic
def settle_all(state, *, newest, count, act, by):
    """Decide about all unsettled mail of a `state` at once, up to the key `newest`; `act` is "resend" or "drop".

    Returns how many are sent again, or dropped. Those that a later one has overtaken are not sent again.

    Exactly those `count` that somebody was shown: raises `Changed`, and leaves all as it was, where there are others now.
    """
    shown = Message.objects.unsettled().filter(state=state, pk__lte=newest)
    if act == "drop":
        replaced, settled = 0, shown.drop(by=by)
    else:
        # Of these a later one says what holds now.
        replaced = shown.overtaken().update(state=Message.State.REPLACED)
        settled = shown.put_back(by=by)
    if replaced + settled != count:
        raise Changed
    return settled


def deliver(message):
    """Send one claimed message and write down how it went: "sent", "later", "given_up" or "in_doubt"."""
    with structlog.contextvars.bound_contextvars(message=message.pk):
        try:
            hand_to_server(message)
        except Refused as refused:
            return put_off(message, refused)
        except Exception as problem:
            # The connection broke in the middle: the server may have taken the message, and only its answer is lost.
            log.warning("message_in_doubt", problem=type(problem).__name__)
            words = _("The connection broke while it was being sent (%(problem)s): it may have been sent, or not.")
            settle(message, Message.State.IN_DOUBT, problem=words % {"problem": type(problem).__name__})
            return "in_doubt"
        # Even if a sweep has set it aside meanwhile: that it was sent is now known.
        settle(message, Message.State.SENT, sent_at=timezone.now(), problem="")
        return "sent"


def put_off(message, refused):
    """Try later, or give it up after a day of attempts."""
    if refused.for_good or message.attempts > len(WAITS):
        settle(message, Message.State.FAILED, problem=str(refused))
        return "given_up"
    later = timezone.now() + WAITS[message.attempts - 1]
    settle(message, Message.State.WAITING, problem=str(refused), next_try_at=later)
    return "later"


def settle(message, state, **facts):
    """Write the outcome, unless somebody has put the message back in the queue in the meantime."""
    Message.objects.filter(
        pk=message.pk, claimed_at=message.claimed_at, state__in=[Message.State.SENDING, Message.State.IN_DOUBT]
    ).update(state=state, **facts)


def hand_to_server(message):
    """Give the message to the mail server.

    Raises `Refused` when it certainly did not leave. Any other exception means that nobody can know.
    """
    try:
        mail = EmailMultiAlternatives(
            message.subject,
            message.text,
            to=[message.to],
            headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        )
        if message.html:
            mail.attach_alternative(message.html, "text/html")
        if message.calendar:
            mail.attach_alternative(message.calendar, f"text/calendar; method={message.calendar_method}")
        mail.message()
    except Exception as problem:
        words = _("The mail could not be written as it stands (%(problem)s).") % {"problem": type(problem).__name__}
        raise Refused(words, for_good=True) from problem

    server = get_connection()
    try:
        server.open()
    except Exception as problem:
        words = _("The mail server could not be reached (%(problem)s).") % {"problem": type(problem).__name__}
        raise Refused(words) from problem
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as problem:
        code, reason = next(iter(problem.recipients.values()))
        raise answered(code, reason) from problem
    except smtplib.SMTPResponseException as problem:
        raise answered(problem.smtp_code, problem.smtp_error) from problem
    except smtplib.SMTPNotSupportedError as problem:
        words = _("The mail server can't take this message (%(problem)s).") % {"problem": type(problem).__name__}
        raise Refused(words, for_good=True) from problem
    finally:
        server.close()


def answered(code, reason):
    """What the server said no with: from 500 up for good (RFC 5321, section 4.2.1)."""
    said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    words = _("The mail server refused it: %(answer)s") % {"answer": f"{code} {said}"[:500]}
    return Refused(words, for_good=code >= 500)

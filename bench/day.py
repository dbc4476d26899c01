"""What the clock does in a day, beside a claim of each mail and nothing else.

Run twice: the second time nothing is left to do. The mail goes to memory, so that no server is measured.
"""

from bench.scratch import told_by
from bench.timing import counted

PARTS = [
    ("floor", "claiming and settling as many mails"),
    ("day", "the day: what waits, mails written and sent"),
    ("again", "the same day again"),
]


def measured():
    """Seconds and statements of each part, and the number of mails."""
    from django.utils import timezone

    from contacts.models import FollowUp
    from jobcenter_crm.backstage import clock
    from jobcenter_crm.backstage.models import Message

    day = timezone.localdate()
    told, promised = {}, FollowUp.objects.count()
    told["day"], outcomes, told["day_statements"] = counted(lambda: clock.run_day(day, timezone.now()))
    assert not [one for one in outcomes if one.failure], outcomes
    told["mails"] = Message.objects.filter(state="sent").count()
    told["again"], _outcomes, told["again_statements"] = counted(lambda: clock.run_day(day, timezone.now()))
    assert Message.objects.count() == told["mails"]
    assert FollowUp.objects.count() >= promised
    told["floor"], _none, told["floor_statements"] = counted(lambda: claim_as_many(told["mails"]))
    return told


def claim_as_many(number):
    """The least that sending takes of the database: each mail claimed by one statement, read, and settled by one."""
    from django.utils import timezone

    from jobcenter_crm.backstage import outbox
    from jobcenter_crm.backstage.models import Message

    now = timezone.now()
    Message.objects.filter(state="sent").update(state="waiting", sent_at=None, next_try_at=now)
    return outbox.sweep(now)


def lines(told):
    """The table, line by line."""
    yield f"  {told['mails']} mails"
    for part, label in PARTS:
        yield f"  {label:<46}{told[part]:>8.1f} s{told[f'{part}_statements']:>8} statements"
    yield f"  statements besides those of the mails: {told['day_statements'] - told['floor_statements']}"


def missed(told):
    """There is no aim for it but that it is done before anybody comes."""
    return []


if __name__ == "__main__":
    told_by(measured)

"""The nightly refresh: what a feed has that is new is taken in, each delivery once, and the stewards are told.

A delivery is ours as soon as its key stands on an import (`RegisterImport.delivery`, unique), so that two
clocks take it once and an unusable one is not tried for ever. The work is a job: it goes on where one
that died has come to.
"""

import tempfile
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from companies.models import RegisterImport, Workplace
from companies.register import runs
from companies.register.feed import DeliveryGone, all_feeds, find
from companies.register.reasons import sentence
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.files import FileTooLarge, plain_name
from jobcenter_crm.backstage.models import Message, StoredFile
from jobcenter_crm.staff.models import Organisation, User
from jobcenter_crm.staff.roles import STEWARD

JOB = "companies.feed"
LARGEST = 4 * 1024**3
# A delivery that would end a larger share of the active workplaces waits for a person: whoever sent it
# may have sent the wrong thing. A handful of closures is never held back.
MOST_CEASED = 0.10
FEW_CEASED = 20
# The stewards are told when all of a night has ended, and at the latest after this.
TOLD_AFTER = timedelta(hours=6)

State = RegisterImport.State
log = structlog.get_logger(__name__)


def order_new():
    """Order a job for each delivery that was never seen. Returns counts; harmless twice, and twice at once."""
    counts, broken = {"found": 0, "new": 0}, []
    for feed in all_feeds():
        try:
            for delivery in feed.deliveries():
                counts["found"] += 1
                counts["new"] += _order(feed, delivery)
        except Exception as problem:
            # One that is out of order keeps nobody from asking the others; the clock shows that it is, and tries again.
            log.exception("feed_broke", feed=feed.name)
            broken.append(problem)
    if counts["new"]:
        log.info("feed_delivered", **counts)
    if broken:
        raise broken[0]
    return counts


def _order(feed, delivery):
    """Whether the delivery was new; then it is ours from here on."""
    if RegisterImport.objects.filter(delivery=delivery.key).exists():
        return False
    try:
        with transaction.atomic():
            taken = RegisterImport.objects.create(name=plain_name(delivery.name), delivery=delivery.key)
            taken.job = jobs.start(JOB, by=None, arguments={"import": taken.pk, "feed": feed.name})
            taken.save(update_fields=["job"])
    except IntegrityError:
        # The other clock was faster.
        return False
    return True


def take(register_import, *, feed, today, progress):
    """Fetch, read and take in one delivery; goes on where a run that died has come to.

    It is left as a preview where a person has to decide, and raises `Unusable` only if it got lost on the way.
    """
    if register_import.state == State.READING and register_import.file is None:
        _fetch(register_import, feed, progress)
    runs.preview(register_import, today=today, progress=progress)
    if register_import.state == State.PREVIEWED and not ends_too_many(register_import):
        with progress.saving():
            # A person may have taken or dropped it just now.
            waiting = RegisterImport.objects.filter(pk=register_import.pk, state=State.PREVIEWED)
            if waiting.update(state=State.APPLYING):
                register_import.state = State.APPLYING
    runs.apply(register_import, today=today, progress=progress)


def _fetch(register_import, feed, progress):
    """Copy the delivery among our own files; one that can't be had is remembered as unusable."""
    with tempfile.TemporaryFile() as spooled:
        try:
            with progress.beating():
                find(feed, register_import.delivery).write(spooled)
            spooled.seek(0)
            with progress.saving():
                stored = StoredFile.keep(File(spooled), by=None, name=register_import.name, limit=LARGEST)
                register_import.file, register_import.sha256 = stored, stored.sha256
                register_import.save(update_fields=["file", "sha256"])
        except DeliveryGone:
            _give_up(register_import, "delivery_gone", progress)
        except FileTooLarge:
            _give_up(register_import, "delivery_large", progress)


def _give_up(register_import, problem, progress):
    with progress.saving():
        register_import.state, register_import.problem = State.UNUSABLE, problem
        register_import.save(update_fields=["state", "problem"])


def ends_too_many(register_import):
    """Whether taking it in would end more workplaces than a night's news can be trusted with."""
    active = Workplace.objects.active().count()
    return _ends(register_import) > max(FEW_CEASED, active * MOST_CEASED)


def _ends(register_import):
    return register_import.sample.get("ends", register_import.rows_ceased)


def report(now):
    """Tell the stewards of deliveries that they have not been told of, once all of them have ended.

    One mail each; none when nothing came. Returns counts. Harmless twice, and twice at once.
    """
    untold = RegisterImport.objects.exclude(delivery=None).filter(reported_at=None)
    found = list(untold.select_related("job").order_by("pk"))
    if not found or any(_is_under_way(one, now) for one in found):
        return {}
    with transaction.atomic():
        if untold.filter(pk__in=[one.pk for one in found]).update(reported_at=now) != len(found):
            transaction.set_rollback(True)
            return {}
        stewards = User.objects.working().filter(groups__name=STEWARD).exclude(email="").order_by("pk")
        for steward in stewards:
            _tell(steward, found)
    return {"told_of": len(found), "stewards": len(stewards)}


def _is_under_way(register_import, now):
    job = register_import.job
    return job is not None and job.is_under_way and register_import.created_at > now - TOLD_AFTER


def _tell(steward, found):
    language = steward.language or settings.LANGUAGE_CODE
    with translation.override(language):
        Message.post(
            key=f"companies.feed:{found[0].pk}-{found[-1].pk}:{steward.pk}",
            to=steward,
            language=language,
            template="companies/mail/feed",
            context={
                "deliveries": [(one, outcome(one), settings.SITE_URL + one.get_absolute_url()) for one in found],
                "waiting": sum(waits_for_a_person(one) for one in found),
                "count": len(found),
                "organisation": Organisation.get(),
            },
        )


def waits_for_a_person(register_import):
    return register_import.state in (State.PREVIEWED, State.UNNAMED)


def outcome(register_import):
    """How a delivery ended, in a sentence."""
    match register_import.state:
        case State.APPLIED:
            return _("Taken in.")
        case State.PREVIEWED:
            return _(
                "Not taken in: it would mark %(ceased)s workplaces as ceased, which is more than usual. "
                "Look at it, and take it in or cancel it."
            ) % {"ceased": _ends(register_import)}
        case State.UNNAMED:
            return _("Not taken in: it is not known what its columns mean. Name them, and take it in.")
        case State.UNUSABLE:
            why = sentence(register_import.problem, register_import.problem_details)
            return _("Unusable, nothing was changed. %(why)s") % {"why": why}
        case State.CANCELLED:
            return _("Cancelled, nothing was changed.")
    job = register_import.job
    if job is None or job.is_under_way:
        return _("Not finished yet.")
    return _("Broken off: %(why)s What it had taken in is whole. Try again from the page.") % {"why": job.failure}

"""Questions about background work and mail."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

# A worker renews its job's heartbeat every few seconds; silence this long means that it is dead.
HEARTBEAT_LIMIT = timedelta(minutes=2)
# A queued job is normally taken within a second; the broker may have lost the word about one that is not.
QUEUE_LIMIT = timedelta(minutes=2)
# Longer than any mail server may take (EMAIL_TIMEOUT), so that a claimed message older than this is orphaned.
CLAIM_LIMIT = timedelta(minutes=5)


class JobQuerySet(models.QuerySet):
    """Which jobs wait, run or were left behind."""

    def waiting(self):
        return self.filter(state="waiting")

    def unheard_of(self, now):
        """Waiting although it was queued more than `QUEUE_LIMIT` before `now`."""
        return self.waiting().filter(queued_at__lt=now - QUEUE_LIMIT)

    def orphaned(self, now):
        """Running, but without a sign of life since `HEARTBEAT_LIMIT` before `now`."""
        return self.filter(state="running", heartbeat_at__lt=now - HEARTBEAT_LIMIT)

    def undoable(self):
        """Ended, having done something, and not taken back yet; whether its kind can is another question."""
        return self.filter(Q(state="done") | Q(state="failed", done__gt=0))

    def visible_to(self, user):
        """Those that `user` ordered; all of them to whoever may see every job."""
        return self if user.has_perm("backstage.view_every_job") else self.filter(created_by=user)

    def for_job_page(self):
        """All that a job's page shows, in one query."""
        return self.select_related("created_by", "undone_by", "undoes", "undone_in")


class MessageQuerySet(models.QuerySet):
    """Which mails wait, and which nobody can account for."""

    def waiting(self):
        return self.filter(state="waiting")

    def due(self, now):
        """Those whose turn it is; one of a thread waits while an earlier one of it is being sent."""
        leaving = self.model.objects.filter(state="sending", thread=OuterRef("thread"), pk__lt=OuterRef("pk"))
        ready = self.waiting().current().filter(Q(thread="") | ~Exists(leaving.order_by()))
        return ready.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def current(self):
        """Without those that a later one of their thread has overtaken."""
        return self.filter(Q(thread="") | ~Exists(self._later()))

    def overtaken(self):
        """Those of which a later one of their thread says what holds now."""
        return self.exclude(thread="").filter(Exists(self._later()))

    def _later(self):
        return self.model.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk")).order_by()

    def never_left(self):
        """Waiting or given up, without ever having been in doubt."""
        return self.filter(state__in=["waiting", "failed"], resent_at=None)

    def may_have_left(self):
        """Sent, on its way, or nobody knows; also what was put in the queue again after such a doubt."""
        return self.filter(Q(state__in=["sending", "sent", "in_doubt"]) | Q(resent_at__isnull=False))

    def orphaned(self, now):
        """Claimed by a sweep that never told how it went."""
        return self.filter(state="sending", claimed_at__lt=now - CLAIM_LIMIT)

    def unsettled(self):
        """Given up or in doubt: a person decides whether they are sent again."""
        return self.filter(state__in=["failed", "in_doubt"], dropped_at=None)

    def put_back(self, *, by):
        """Let those that nothing later has overtaken be sent again; returns how many.

        Their Message-ID stays, so that a mailbox that did get one can tell that it is the same.
        """
        now = timezone.now()
        return self.current().update(
            state="waiting",
            attempts=0,
            next_try_at=now,
            claimed_at=None,
            problem="",
            resent_at=now,
            resent_by=by,
        )

    def drop(self, *, by):
        """Let them never be sent, whatever is known of them; returns how many."""
        return self.update(dropped_at=timezone.now(), dropped_by=by)


class DocumentTemplateQuerySet(models.QuerySet):
    """Which templates word the documents."""

    def in_use(self):
        return self.filter(replaced_at=None)

    def of(self, kind, language):
        """Of that kind of document (its name) in that language."""
        return self.filter(kind=kind, language=language)

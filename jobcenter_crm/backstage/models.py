"""Background work that survives a lost worker, mail that leaves once, and files nobody else can fetch."""

from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import files
from jobcenter_crm.backstage.kinds import kind_or_stand_in
from jobcenter_crm.backstage.querysets import DocumentTemplateQuerySet, JobQuerySet, MessageQuerySet

STORED_FILE_LIMIT = 100 * 1024 * 1024


class StoredFile(models.Model):
    """A file somebody uploaded or a job made: kept under `FILES_DIR`, handed out only by a view that asks permission."""

    file = models.FileField(_("file"), upload_to=files.path_for, max_length=200)
    name = models.CharField(_("name"), max_length=255, help_text=_("As the sender called it."))
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self):
        return self.name

    @classmethod
    def keep(cls, file, *, by, name=None, limit=STORED_FILE_LIMIT):
        """Store `file` (an upload, or any open `django.core.files.File`), read in pieces; `by` may be None.

        `limit` is in bytes. Raises `files.FileTooLarge`, a `ValidationError` in words.
        """
        size, sha256 = files.measure(file, limit)
        kept = cls(name=files.plain_name(name or file.name), size=size, sha256=sha256, created_by=by)
        kept.file.save(kept.name, file, save=False)
        kept.save()
        return kept


class DocumentTemplate(models.Model):
    """The Word template that a steward has put in place of the built-in one, for one kind of document and language.

    `kind` names one of `documents/kinds.py`. Those replaced since are kept: they say how an earlier document came
    to be worded. `fields` are the names it could use when it was checked.
    """

    kind = models.CharField(_("kind"), max_length=50)
    language = models.CharField(_("language"), max_length=2, choices=[("da", _("Danish")), ("en", _("English"))])
    stored = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(_("fields"), default=list, encoder=DjangoJSONEncoder)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("template of documents")
        verbose_name_plural = _("templates of documents")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language"], condition=Q(replaced_at=None), name="documenttemplate_one_in_use"
            ),
            models.CheckConstraint(
                name="documenttemplate_replaced_at_and_by_together",
                condition=Q(replaced_at=None, replaced_by=None)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.language}"

    def lacks(self, names):
        """The fields that it may use and that are no longer among `names`, those there are today."""
        return sorted(set(self.fields) - set(names))


class Job(models.Model):
    """One run of background work, with its progress, its result and, where it can be had, its undo.

    `kind` names work registered by `backstage/kinds.py`; `arguments` is what it gets, as JSON, never
    personal data. A page creates the row in its own transaction and queues it on commit; a worker takes
    it with one UPDATE on the state. `heartbeat_at` is renewed while it runs, so that a job whose worker
    died is put back and resumed: the work of every kind must be harmless when run again. `attempts`
    counts how often it was taken, and is what a worker given up for dead no longer has right.
    `undoes` is the job that this one takes back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    kind = models.CharField(_("kind"), max_length=50)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True, blank=True, help_text=_("Empty while it is not known."))
    counts = models.JSONField(_("counts"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    failure = models.TextField(_("failure"), blank=True, help_text=_("In words for the person who started it."))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undoes = models.OneToOneField(
        "self", verbose_name=_("undoes"), null=True, blank=True, on_delete=models.PROTECT, related_name="undone_in"
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("view_every_job", "Can see the jobs that others ordered")]
        indexes = [models.Index(fields=["state", "heartbeat_at"])]
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(total=None) | Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="job_undone_at_and_by_together",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.CheckConstraint(name="job_failure_is_told", condition=~Q(state="failed") | ~Q(failure="")),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self):
        return reverse("backstage:job", args=[self.pk])

    @property
    def label(self):
        """What the work is called on screen."""
        return kind_or_stand_in(self.kind).label

    @property
    def is_under_way(self):
        """Waiting or running: its page asks again for news."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def figures(self):
        """The counts as (words, number) pairs, in the order its kind gives them; unnamed ones are left out."""
        words = kind_or_stand_in(self.kind).counts
        return [(label, self.counts[key]) for key, label in words.items() if key in self.counts]

    @property
    def result_url(self):
        """The page with the outcome, once there is one; empty otherwise."""
        result = kind_or_stand_in(self.kind).result
        return result(self) if result and not self.is_under_way else ""

    @property
    def origin_url(self):
        """The list that it was ordered from; empty if it was ordered elsewhere."""
        origin = kind_or_stand_in((self.undoes or self).kind).origin
        return reverse(origin) if origin else ""

    @property
    def about(self):
        """In words what was ordered, beyond the label; empty if that says it all."""
        about = kind_or_stand_in(self.kind).about
        return about(self) if about else ""

    @property
    def can_be_undone(self):
        """Ended, having done something, and of a kind that knows the way back."""
        ended = self.state == self.State.DONE or (self.state == self.State.FAILED and self.done > 0)
        return ended and kind_or_stand_in(self.kind).undo is not None

    @property
    def can_be_retried(self):
        return self.state == self.State.FAILED

    def may_be_decided_by(self, user):
        """Undone or tried again: by who ordered it or sees every job, with the permission the work itself needs."""
        permission = kind_or_stand_in(self.undoes.kind if self.undoes else self.kind).permission
        return (self.created_by_id == user.pk or user.has_perm("backstage.view_every_job")) and (
            not permission or user.has_perm(permission)
        )


class JobTarget(models.Model):
    """One row that a job acts on: exactly these, whatever the search would find now.

    `old` and `new` are the values as JSON; undo restores a row only where it still has `new`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Left alone")
        UNDONE = "undone", _("Undone")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="targets")
    object_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey("object_type", "object_id")
    old = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    new = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "object_type", "object_id"], name="jobtarget_once_a_job")]
        indexes = [models.Index(fields=["job", "state"])]

    def __str__(self):
        return f"{self.object_type_id}:{self.object_id}"


class Message(models.Model):
    """A mail of the house, written in the transaction that decides it and sent by a sweep.

    `key` names what it is about, so that nothing is said twice. One found in "sending" after its
    worker died is "in doubt": nobody knows whether it left, so it is shown and never resent by itself. So is one that
    waited when a backup was made that has been restored. A person has it sent again, or drops it: what is known of it
    stays, and nobody is asked again.
    Those of one `thread` are news of the same thing: they leave in the order they were written, and one that
    has not left when a later one is written never does. `calendar` is an iCalendar object that goes with the
    text, and `calendar_method` what the mailbox is asked to do with it (RFC 5546).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        IN_DOUBT = "in_doubt", _("In doubt")
        REPLACED = "replaced", _("Replaced by a later one")

    key = models.CharField(_("key"), max_length=200, unique=True)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, default="da")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    thread = models.CharField(_("thread"), max_length=100, blank=True)
    calendar = models.TextField(_("calendar part"), blank=True)
    calendar_method = models.CharField(_("method of the calendar part"), max_length=10, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    problem = models.TextField(_("last problem"), blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    resent_at = models.DateTimeField(_("sent again"), null=True, blank=True)
    resent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent again by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    dropped_at = models.DateTimeField(_("decided not to send"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided not to send, by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        permissions = [("resend_message", "Can send a message again")]
        indexes = [
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["thread"], condition=~Q(thread=""), name="message_thread"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_calendar_has_method",
                condition=Q(calendar="", calendar_method="") | (~Q(calendar="") & ~Q(calendar_method="")),
            ),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
            ),
            models.CheckConstraint(
                name="message_sending_is_claimed",
                condition=Q(state="sending", claimed_at__isnull=False) | ~Q(state="sending"),
            ),
            models.CheckConstraint(
                name="message_resent_at_and_by_together",
                condition=Q(resent_at=None, resent_by=None) | Q(resent_at__isnull=False, resent_by__isnull=False),
            ),
            models.CheckConstraint(
                name="message_dropped_at_and_by_together",
                condition=Q(dropped_at=None, dropped_by=None) | Q(dropped_at__isnull=False, dropped_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.key

    @classmethod
    def draft(
        cls,
        *,
        key,
        to,
        language="",
        template="",
        context=None,
        subject="",
        text="",
        html="",
        thread="",
        calendar="",
        calendar_method="",
    ):
        """A mail that is not written down yet; None if the member of staff has no address: there is nobody to tell.

        `to` is an address or a member of staff, who also says the language. The words are either given
        or come from `<template>_subject.txt`, `<template>.txt` and, if there is one, `<template>.html`,
        in the recipient's language.
        """
        if isinstance(to, str):
            address = to
        else:
            address, language = to.email, language or to.language
        if not address:
            return None
        language = language or settings.LANGUAGE_CODE
        if template:
            with translation.override(language):
                subject, text, html = render_mail(template, context or {})
        return cls(
            key=key,
            to=address,
            language=language,
            subject=" ".join(str(subject).split())[:200],
            text=str(text),
            html=html,
            thread=thread,
            calendar=calendar,
            calendar_method=calendar_method,
            message_id=new_message_id(),
            next_try_at=timezone.now(),
        )

    @classmethod
    def post(cls, **facts):
        """Write a mail, of which `draft` takes the `facts`, in the caller's transaction.

        Returns the one that has this `key` already, if there is one; None if there is nobody to tell.
        """
        draft = cls.draft(**facts)
        if draft is None:
            return None
        written = {field.attname: getattr(draft, field.attname) for field in cls._meta.concrete_fields}
        message, _created = cls.objects.get_or_create(key=written.pop("key"), defaults=written)
        return message

    def resend(self, *, by):
        """Put a message that was given up, or is in doubt, back in the queue; false if it is neither any more.

        So it is when a later one of its thread says what holds now.
        """
        return bool(Message.objects.unsettled().filter(pk=self.pk).put_back(by=by))

    def set_aside(self):
        """Settle a message that was given up, or is in doubt, of whose thread a later one says what holds; false for others."""
        told = Message.objects.unsettled().overtaken().filter(pk=self.pk)
        return bool(told.update(state=self.State.REPLACED))


def new_message_id():
    """A Message-ID in the name of the address that the house writes from."""
    return make_msgid(domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2])


def render_mail(template, context):
    """Subject, text and HTML of a mail in the language that is active; the HTML is empty without a template for it.

    Plain text is not escaped: "Ø & Å" is not written "Ø &amp; Å".
    """

    def words(name):
        return get_template(name).template.render(Context(context, autoescape=False))

    try:
        html = get_template(f"{template}.html").render(context)
    except TemplateDoesNotExist as missing:
        if str(missing) != f"{template}.html":
            raise
        html = ""
    return words(f"{template}_subject.txt"), words(f"{template}.txt"), html


class ClockRun(models.Model):
    """That one piece of the clock's work was done for one day; unique, so that two clocks are harmless.

    Not ended: running, or its process died. Ended with a failure: tried again, a limited number of times.
    """

    name = models.CharField(_("work"), max_length=50)
    date = models.DateField(_("day"))
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    result = models.JSONField(_("result"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    failure = models.TextField(_("failure"), blank=True)

    class Meta:
        ordering = ["-date", "name"]
        verbose_name = _("run of the clock")
        verbose_name_plural = _("runs of the clock")
        constraints = [models.UniqueConstraint(fields=["name", "date"], name="clockrun_once_a_day")]

    def __str__(self):
        return f"{self.name} {self.date}"


class LastTick(models.Model):
    """When one piece of the clock's work of each minute was last done, how long it took, and what it came to.

    `failing_since` is the first of the failures in a row; empty while it goes well.
    """

    name = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField()
    seconds = models.FloatField()
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    failure = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Pulse(models.Model):
    """When a process last showed that it lives; `/health/` reads it."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

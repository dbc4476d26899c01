"""The people of the job centre, their teams, and the organisation itself."""

import secrets
from datetime import time
from hashlib import sha256

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from jobcenter_crm.staff import logos
from jobcenter_crm.staff.roles import CONSULTANT, JOB_CONSULTANT

# Of fewer people together no figure is told (decision 19).
FEWEST_IN_A_TEAM = 5


class TeamQuerySet(models.QuerySet):
    """Questions about teams."""

    def with_people(self):
        """`people`: how many of the team work here."""
        return self.annotate(people=models.Count("members", filter=Q(members__is_active=True)))

    def told_to_all(self):
        """Those of whose work everybody may see a sum, `with_people`: of five and more."""
        return self.with_people().filter(people__gte=FEWEST_IN_A_TEAM)

    def told_to(self, user):
        """Those of whose work `user` may see a sum, `with_people`: of five and more, and of a team that is only oneself.

        In a smaller team each knows their own part, and so that of the others; its leader knows who did what.
        """
        alone = Q(pk=user.team_id, people__lte=1)
        return self.with_people().filter(Q(people__gte=FEWEST_IN_A_TEAM) | alone)


class Team(models.Model):
    """Colleagues who share employers and a leader."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    leader = models.ForeignKey(
        "staff.User",
        verbose_name=_("team leader"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leads",
    )
    outreach_hours = models.DecimalField(
        _("hours a week for outreach"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("All members together. Empty: nobody has said."),
    )
    objects = TeamQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        permissions = [("set_hours", "Can enter how many hours a team has for outreach")]
        constraints = [
            models.CheckConstraint(
                name="team_outreach_hours_not_negative", condition=Q(outreach_hours=None) | Q(outreach_hours__gte=0)
            )
        ]

    def __str__(self):
        return self.name


class StaffQuerySet(models.QuerySet):
    """Questions about colleagues."""

    def working(self):
        """Those who can log in and be given work."""
        return self.filter(is_active=True)

    def absent(self, today):
        """Those who are away on `today`; the last day of absence counts."""
        return self.filter(absent_until__gte=today)

    def in_order(self):
        return self.order_by("first_name", "last_name", "username")

    def with_leaders(self):
        """Each with those whom `led_by` asks about."""
        return self.select_related("manager", "team__leader")

    def with_feed(self, token):
        """Whose calendar the secret `token` opens: nobody's once they have left."""
        return self.working().filter(feed_hash=feed_hash(token))

    def who_may(self, permission):
        """Those whose roles grant it; whoever runs the system is not among them for that alone."""
        backend = "django.contrib.auth.backends.ModelBackend"
        granted = self.model._default_manager.with_perm(permission, include_superusers=False, backend=backend)
        return self.filter(pk__in=granted.values("pk"))

    def for_choice(self, permission, also=None):
        """Those who work here and whose roles grant it, in order; `also` is the key of one who is chosen already."""
        here = self.working().who_may(permission)
        return (here | self.filter(pk=also)).distinct().in_order() if also else here.in_order()

    def doing_outreach(self):
        """Consultants of the teams that have hours for it; their leaders and case workers are not among them."""
        roles = (CONSULTANT, JOB_CONSULTANT)
        return self.working().filter(team__outreach_hours__gt=0, groups__name__in=roles).distinct()


def feed_hash(token):
    """What is kept of the secret in a calendar's address; it is long and random, so that it needs no salt."""
    return sha256(token.encode()).hexdigest()


class StaffManager(UserManager.from_queryset(StaffQuerySet)):
    pass


# The columns that somebody is called by.
NAME = ("first_name", "last_name", "username")


def names_of(*paths):
    """The same of those to whom `paths` lead from the rows of another table: what `only` needs of who is just named."""
    return [f"{path}__{column}" for path in paths for column in NAME]


class User(AbstractUser):
    """One member of staff. Roles are groups (`staff/roles.py`); telephone and title appear in letters."""

    class Theme(models.TextChoices):
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Language(models.TextChoices):
        DANISH = "da", "Dansk"
        ENGLISH = "en", "English"

    class Invitations(models.TextChoices):
        """Which planned contacts come as an invitation by mail."""

        ALL = "all", _("All")
        OTHERS = "others", _("Those that others plan for me")
        NONE = "none", _("None")

    title = models.CharField(_("title"), max_length=100, blank=True)
    phone = models.CharField(_("direct telephone"), max_length=20, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    manager = models.ForeignKey(
        "self", verbose_name=_("manager"), null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, blank=True, help_text=_("Empty: the browser's language.")
    )
    theme = models.CharField(
        _("colours"), max_length=5, choices=Theme, blank=True, help_text=_("Empty: as the device.")
    )
    invitations = models.CharField(_("invitations by mail"), max_length=6, choices=Invitations, default=Invitations.ALL)
    feed_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    digest_wanted = models.BooleanField(_("morning overview by mail"), default=True)
    digest_at = models.TimeField(_("morning overview at"), default=time(7, 0))
    digest_on_days_off = models.BooleanField(
        _("morning overview also at weekends and on public holidays"), default=False
    )
    absent_until = models.DateField(
        _("absent until"), null=True, blank=True, help_text=_("The last day away; your deputy is shown until then.")
    )
    deputy = models.ForeignKey(
        "self", verbose_name=_("deputy"), null=True, blank=True, on_delete=models.SET_NULL, related_name="deputy_for"
    )

    objects = StaffManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login", "feed_hash"])

    class Meta(AbstractUser.Meta):
        ordering = ["first_name", "last_name", "username"]
        permissions = [("deactivate_user", "Can let a colleague who leaves no longer log in, and let them in again")]
        constraints = [
            models.CheckConstraint(name="user_is_not_own_deputy", condition=Q(deputy=None) | ~Q(deputy=F("id"))),
            models.CheckConstraint(name="user_is_not_own_manager", condition=Q(manager=None) | ~Q(manager=F("id"))),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def initials(self):
        """Two letters for the round mark in the top bar."""
        words = str(self).split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def led_by(self):
        """Who speaks for them to another's management: their manager, or else the leader of the team; None without one."""
        leaders = [self.manager, self.team and self.team.leader]
        return next((leader for leader in leaders if leader and leader.is_active and leader != self), None)

    def open_feed(self):
        """Give the calendar a new secret address, and shut an earlier one; returns the secret, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        self.feed_hash = feed_hash(token)
        self.save(update_fields=["feed_hash"])
        return token

    def close_feed(self):
        """Shut the calendar's address."""
        self.feed_hash = None
        self.save(update_fields=["feed_hash"])

    def is_absent(self, today):
        """Away on `today`; the last day of absence counts."""
        return self.absent_until is not None and today <= self.absent_until


class Organisation(models.Model):
    """This job centre: one row, since one database serves one municipality.

    The name is data because the law no longer prescribes the word "jobcenter" (act no. 1750 of
    29 December 2025): each municipality names its own entrance for employers.
    """

    name = models.CharField(_("name"), max_length=100, help_text=_("What employers know you as."))
    municipality_name = models.CharField(_("municipality"), max_length=100, blank=True)
    municipality_code = models.CharField(
        _("municipality code"), max_length=4, blank=True, help_text=_("Four digits, as in the register.")
    )
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    logo = models.FileField(
        _("logo"),
        upload_to=logos.path_for,
        max_length=100,
        blank=True,
        validators=[logos.check],
        help_text=_("At the head of letters and agreements. PNG or JPEG, at most 500 kB."),
    )
    advertising_position = models.TextField(
        _("legal position on advertising protection"),
        blank=True,
        help_text=_(
            "On what basis you contact advertising-protected workplaces. Until it is written here, a first contact asks."
        ),
    )
    advertising_position_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    advertising_position_on = models.DateField(_("decided on"), null=True, blank=True)
    calendar_feeds = models.BooleanField(
        _("calendars by a secret address"),
        default=True,
        help_text=_(
            "Each colleague may read their planned contacts in Outlook or on the telephone without logging in."
        ),
    )
    staff_figures_since = models.DateField(
        _("figures by colleague are shown to managers from"),
        null=True,
        blank=True,
        help_text=_("Empty: each colleague alone sees their own, and managers see teams."),
    )
    staff_figures_reference = models.CharField(_("by which agreement with the staff"), max_length=200, blank=True)
    staff_figures_by = models.ForeignKey(
        User, verbose_name=_("switched on by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        permissions = [("switch_staff_figures", "Can switch figures by colleague on and off")]
        constraints = [
            models.CheckConstraint(name="organisation_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="organisation_staff_figures_all_or_none",
                condition=Q(staff_figures_since=None, staff_figures_reference="", staff_figures_by=None)
                | (
                    Q(staff_figures_since__isnull=False, staff_figures_by__isnull=False)
                    & ~Q(staff_figures_reference="")
                ),
            ),
            models.CheckConstraint(
                name="organisation_position_has_date_and_person",
                condition=Q(advertising_position="")
                | Q(advertising_position_by__isnull=False, advertising_position_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("admin:staff_organisation_change", args=[self.pk])

    @property
    def address(self):
        """Street, postcode and town on one line."""
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.town}".strip()) if part)

    def shows_staff_figures(self, today):
        """Whether managers see figures by colleague on `today`."""
        return self.staff_figures_since is not None and self.staff_figures_since <= today

    def logo_bytes(self):
        """The picture for a document; empty without one, or when its file is gone."""
        return logos.read(self.logo) if self.logo else b""

    @classmethod
    def get(cls):
        """The one row, or an unsaved one that says so in its name when nobody has written it yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name=str(_("Jobcenter CRM")))

    @classmethod
    def of(cls, request):
        """The same, asked for when somebody first needs it in this request, and once."""
        if not hasattr(request, "_organisation"):
            request._organisation = SimpleLazyObject(cls.get)
        return request._organisation

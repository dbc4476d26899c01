"""The list of follow-ups: whose, of which kind, how late, and in which order."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from companies.among import NAMES, AmongForm, GroupField, in_group, refuse_what_is_of_few, those_of_few
from companies.exports import WARNINGS
from companies.listings import WHICH, Column
from contacts.follow_up_kinds import all_kinds, kind_of
from contacts.models import FollowUp
from contacts.querysets import overdue_by
from jobcenter_crm.frame.strict import words_of
from jobcenter_crm.frame.working_days import end_of_view
from jobcenter_crm.staff.discretion import sees_colleagues, told_of
from jobcenter_crm.staff.models import Team, User

# Each row brings its acts along: twice as many take twice as long to draw.
PAGE = 25
PARTS = {
    "": _("All open"), "overdue": _("Overdue"), "today": _("Today"), "week": _("Rest of the week"), "later": _("Later"),
    "done": pgettext_lazy("follow-ups", "Ticked off in the last 90 days"),
}  # fmt: skip
# How far back the list of those that are done goes.
DONE = "done"
DONE_FOR = timedelta(days=90)
SORTED = {
    "": _("Soonest first"),
    "-day": _("Latest first"),
    "name": _("By workplace"),
    "whose": _("By colleague"),
}
# What has been done is not told by colleague.
OPEN_ONLY = ("whose",)


class WhoseField(forms.ChoiceField):
    """Whose: mine at first, my team's, everybody's, those of colleagues who have left, a team's, or a colleague's."""

    def __init__(self, **kwargs):
        gone = {"invalid_choice": _("There is no such colleague or team here any more.")}
        super().__init__(required=False, error_messages=gone, **kwargs)

    def offer_to(self, user):
        """Offer what `user` may choose."""
        colleagues = User.objects.working().exclude(pk=user.pk).in_order()
        team = [("team", _("My team's"))] if user.team_id else []
        self.choices = [
            ("", _("Mine")), *team, ("all", _("Everybody's")), ("nobody", _("Those of colleagues who have left")),
            (_("A team's"), [(f"team-{one.pk}", one.name) for one in Team.objects.all()]),
            (_("A colleague's"), [(str(colleague.pk), str(colleague)) for colleague in colleagues]),
        ]  # fmt: skip

    def offer_told_to(self, user, today):
        """Offer those of whom `user` may be told what they have done, which is no list to work with (decision 19)."""
        own, others = choices_told_to(user, today, own=_("My team's"), team=_("A team's"), colleague=_("A colleague's"))
        self.choices = [("", _("Mine")), *own, ("all", _("Everybody's")), *others]
        self.error_messages["invalid_choice"] = _(
            "What has been done is not told by colleague, nor of fewer than five people. See everybody's, or what is open."
        )


def list_url(whose, when=""):
    """The address of the list for a choice of `WhoseField`, and for how late if that is said."""
    said = {name: value for name, value in (("whose", whose), ("when", when)) if value}
    return f"{reverse('contacts:follow_ups')}?{urlencode(said)}"


def choices_told_to(user, today, *, own, team, colleague):
    """Of whom `user` may be told what they have done (decision 19): the choice of one's own team, and those of others.

    The words are those of the choice, and of the two headings; what there is nobody for is left out.
    """
    teams, colleagues = told_of(user, today)
    told = list(teams)
    others = [(team, [(f"team-{one.pk}", one.name) for one in told])]
    if named := [(str(one.pk), str(one)) for one in colleagues]:
        others.append((colleague, named))
    return [("team", own)] if any(one.pk == user.team_id for one in told) else [], others


def team_of(whose, user):
    """The key of the team that a choice of one's own team or of another means."""
    return int(whose.removeprefix("team-")) if whose.startswith("team-") else user.team_id


def of_whom(whose, user, column="owner"):
    """The condition that what the choice names has; `column` leads to the colleague."""
    if whose == "all":
        return Q()
    if whose == "nobody":
        return Q(**{f"{column}__is_active": False})
    if whose.startswith("team"):
        return Q(**{f"{column}__team": team_of(whose, user)})
    return Q(**{column: user.pk if whose in ("", "me") else int(whose)})


class FollowUpFilter(AmongForm):
    """What the address of the list may say."""

    BESIDES = frozenset({"page", "at"})
    MANY = frozenset({"at"})
    KEPT = (*NAMES, "tier", "due_before")

    whose = WhoseField(label=_("Whose follow-ups"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        error_messages={"invalid_choice": _("There is no such kind of follow-up.")},
    )
    sort = forms.ChoiceField(
        label=_("Sorted"),
        required=False,
        choices=list(SORTED.items()),
        error_messages={"invalid_choice": _("The list can't be sorted like that.")},
    )
    when = forms.CharField(required=False, widget=forms.HiddenInput)
    tier = GroupField(widget=forms.HiddenInput)
    due_before = forms.DateField(label=_("Due before"), required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        self.week_ends, self.week_is_next = end_of_view(today)
        super().__init__(data, user=user, today=today)
        if self.data.get("when") == DONE:
            self.fields["whose"].offer_told_to(user, today)
            self.fields["sort"].choices = [(name, words) for name, words in SORTED.items() if name not in OPEN_ONLY]
        else:
            self.fields["whose"].offer_to(user)
        self.fields["kind"].choices = [("", _("All kinds")), *[(kind.name, kind.label) for kind in all_kinds()]]

    def clean(self):
        facts = super().clean()
        if facts.get("when") not in ("", DONE, *self.spans):
            # Beside no field: it is chosen by the tabs.
            raise forms.ValidationError(_("There is no such part of the list."), code="unknown")
        if facts.get("when") == DONE:
            refuse_what_is_of_few(self, facts)
            if facts.get("whose", "").isdigit():
                self.of_whom = {*self.of_whom, int(facts["whose"])}
        return facts

    @cached_property
    def tells_what_is_done(self):
        """Whether what was ticked off may be told of those who are chosen."""
        if self.cleaned_data["when"] == DONE or not (self.cleaned_data["whose"] or self.where):
            return True
        whose = self.cleaned_data["whose"]
        if sees_colleagues(self.user, self.today):
            return whose != "nobody"
        teams = Team.objects.told_to(self.user)
        if whose.startswith("team"):
            is_told = teams.filter(pk=team_of(whose, self.user)).exists()
        else:
            is_told = whose in ("", "all")
        return is_told and not those_of_few(self.cleaned_data, teams)

    @cached_property
    def spans(self):
        """How late -> the condition; they come one after the other."""
        week = "due_on__lte", self.week_ends
        return {
            "overdue": overdue_by(self.today),
            "today": Q(due_on=self.today),
            "week": Q(week, due_on__gt=self.today),
            "later": Q(due_on__gt=self.week_ends),
        }

    @property
    def is_narrowed(self):
        """Whether anything but how late was chosen."""
        return any(self.cleaned_data[name] for name in ("whose", "kind", *self.KEPT))

    @property
    def chips(self):
        facts, said = self.cleaned_data, super().chips
        if facts["tier"]:
            said = [*said, {"name": "tier", "text": str(dict(self.fields["tier"].choices)[facts["tier"]])}]
        if facts["due_before"]:
            day = date_format(facts["due_before"], "SHORT_DATE_FORMAT")
            said = [*said, {"name": "due_before", "text": gettext("Due before %(day)s") % {"day": day}}]
        return said

    def _chosen(self):
        facts = self.cleaned_data
        rows = self.at(FollowUp.objects.filter(of_whom(facts["whose"], self.user)))
        rows = in_group(rows, facts["tier"])
        if facts["due_before"]:
            rows = rows.filter(overdue_by(facts["due_before"]))
        return rows.filter(kind=facts["kind"]) if facts["kind"] else rows

    def counts(self):
        """How many are open, and how many of them in each span, in one statement."""
        counted = {name: Count("pk", filter=span) for name, span in self.spans.items()}
        return self._chosen().open().order_by().aggregate(open=Count("pk"), **counted)

    def rows(self):
        """The follow-ups of the list, in order."""
        when, sort = self.cleaned_data["when"], self.cleaned_data["sort"]
        if when == DONE:
            since = datetime.combine(self.today - DONE_FOR, time.min, timezone.get_current_timezone())
            rows = self._chosen().filter(done_at__gte=since)
        else:
            rows = self._chosen().open().filter(self.spans.get(when, Q()))
        if sort == "name":
            return rows.order_by("workplace__sort_name", "due_on", "pk")
        if sort == "whose":
            return rows.order_by("owner__first_name", "owner__last_name", "owner__username", "due_on", "pk")
        if when == DONE:
            return rows.order_by("-done_at", "-pk")
        if sort == "-day":
            return rows.order_by("-due_on", "-pk")
        return rows.order_by(unanswered_first(self.today), "due_on", "pk")

    def words(self):
        """What is chosen, for whoever gets the file."""
        facts = self.cleaned_data
        named = [(self.fields[name], facts[name]) for name in ("whose", "kind")]
        said = [f"{field.label}: {words_of(field, value)}" for field, value in named]
        part = gettext("Until Sunday week") if facts["when"] == "week" and self.week_is_next else PARTS[facts["when"]]
        return ", ".join([str(part), *said, *(str(chip["text"]) for chip in self.chips)])


def unanswered_first(today):
    """To order by: an employer who should have had an answer comes before everything else."""
    late = Q(kind=FollowUp.Kind.MATTER, due_on__lt=today)
    return Case(When(late, then=Value(0)), default=Value(1))


_WHAT_AND_WHERE = (
    Column(_("Kind"), 22, lambda one: str(kind_of(one).label)),
    Column(_("How"), 16, lambda one: str(one.get_channel_display())),
    *(column.of("workplace") for column in WHICH),
)
# Without what is to be done: what somebody has written freely does not leave the house by a list.
OPEN_COLUMNS = (
    Column(_("Due"), 13, lambda one: one.due_on, "date"),
    *_WHAT_AND_WHERE,
    Column(_("Responsible"), 24, lambda one: str(one.owner)),
    WARNINGS.of("workplace"),
)
# Without whose they were, as the page says of each row: a file can be sorted and counted by colleague (decision 19).
DONE_COLUMNS = (
    Column(_("Due"), 13, lambda one: one.due_on, "date"),
    Column(_("Ticked off"), 13, lambda one: timezone.localtime(one.done_at).date(), "date"),
    *_WHAT_AND_WHERE,
    WARNINGS.of("workplace"),
)

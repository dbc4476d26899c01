"""The register's filter: what the URL may say, strictly, and how each part is told back in words."""

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from companies.models import TIERS, Branch, Municipality, TierPlan, Workplace
from jobcenter_crm.staff.models import User

# Value in the URL -> (words, order). The primary key makes each order whole. Towns follow their postcodes,
# which is north to south within a region and the same on both databases.
ORDERS = {
    "name": (_("Name"), ["sort_name"]),
    "town": (_("Town, by postcode"), ["postcode", "sort_name"]),
    "branch": (_("Branch"), [F("branch__code").asc(nulls_last=True), "sort_name"]),
    "-employees": (_("Most employees first"), [F("employees_min").desc(nulls_last=True), "sort_name"]),
    "employees": (_("Fewest employees first"), [F("employees_min").asc(nulls_last=True), "sort_name"]),
    "tier": (_("Group"), [F("tier").asc(nulls_last=True), "sort_name"]),
    "owner": (
        _("Responsible consultant"),
        [F("owner__first_name").asc(nulls_last=True), F("owner__last_name").asc(nulls_last=True), "sort_name"],
    ),
    "last": (_("Longest without contact first"), [F("last_contact_on").asc(nulls_first=True), "sort_name"]),
    "-last": (_("Latest contact first"), [F("last_contact_on").desc(nulls_last=True), "sort_name"]),
    "next": (_("Next step"), [F("next_contact_on").asc(nulls_last=True), "sort_name"]),
}


def order(asked):
    """The columns to order by, for what the URL asks; by name for what it can't ask."""
    return [*ORDERS.get(asked, ORDERS["name"])[1], "pk"]


# Parameters that say how the list is shown, not what is in it.
SHOWN_BY = {"sort", "page", "filter"}


class BrokenSelection(Exception):
    """A search that can't be read as it stands; `problems` says what is wrong, parameter by parameter.

    Dropping what can't be read would widen the search to rows that nobody asked for.
    """

    def __init__(self, problems):
        self.problems = problems
        super().__init__("; ".join(problems))


class BranchField(forms.CharField):
    """A branch by code ("56", "56.10.10", "DB07:4321"), by section letter, or by a part of its title."""

    default_error_messages = {"unknown": _("No branch has this code or these words in its title.")}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = branches_called(text)
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found


def branches_called(text):
    """The highest branches that `text` names; those below them are left out."""
    scheme, colon, rest = text.strip().partition(":")
    known = Branch.objects.filter(scheme=scheme.upper()) if colon else Branch.objects.all()
    wanted = (rest if colon else text).strip()
    code = wanted.split(" ")[0].replace(".", "")
    if code.isdigit() or (len(wanted) == 1 and wanted.isalpha()):
        return list(known.filter(code=code.upper()))
    named = list(known.filter(title__icontains=wanted).order_by("level")[:200])
    codes = {(branch.scheme, branch.code) for branch in named}
    return [
        branch
        for branch in named
        if not any((branch.scheme, branch.code[:n]) in codes for n in range(2, len(branch.code)))
    ]


class BranchFilter(django_filters.Filter):
    field_class = BranchField

    def filter(self, workplaces, branches):
        return workplaces.in_branches(branches) if branches else workplaces


def _owners():
    staff = [(str(person.pk), str(person)) for person in User.objects.working().in_order()]
    return [("me", _("Me")), ("none", _("Nobody")), *staff]


class IntegerFilter(django_filters.Filter):
    field_class = forms.IntegerField


class WorkplaceFilter(django_filters.FilterSet):
    """The register's filter. `today` and `user` are arguments; ceased places are left out unless asked for."""

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=100)
    tier = django_filters.MultipleChoiceFilter(
        method="in_tiers", label=_("Group"), choices=[(str(tier), name) for tier, name in TIERS] + [("none", _("No group"))],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    owner = django_filters.ChoiceFilter(method="owned_by", label=_("Responsible consultant"), empty_label=_("Anybody"))
    branch = BranchFilter(
        label=_("Branch"), max_length=100, help_text=_("A code, at any level, or a word from the title."),
        widget=forms.TextInput(attrs={"list": "branch-options", "autocomplete": "off"}),
    )  # fmt: skip
    employees_from = IntegerFilter(method="nothing", label=_("Employees, from"), min_value=0, max_value=1_000_000)
    employees_to = IntegerFilter(method="nothing", label=_("Employees, to"), min_value=0, max_value=1_000_000)
    municipality = django_filters.ModelChoiceFilter(
        field_name="municipality", label=_("Municipality"), queryset=Municipality.objects.all(), empty_label=_("All")
    )
    sector = django_filters.ChoiceFilter(
        field_name="sector", label=_("Sector"), choices=Workplace.Sector.choices, empty_label=_("Private and public")
    )
    quiet_since = django_filters.DateFilter(
        method="quiet", label=_("Last contact before"), help_text=_("Those never contacted are among them."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    contact = django_filters.ChoiceFilter(
        method="by_contact", label=_("Contact"), empty_label=_("All"),
        choices=[("due", _("Due for contact")), ("never", _("Never contacted"))],
    )  # fmt: skip
    ceased = django_filters.ChoiceFilter(
        method="nothing", label=_("Ceased places"), empty_label=_("Left out"),
        choices=[("only", _("Only the ceased")), ("too", _("Show them too"))],
    )  # fmt: skip

    class Meta:
        model = Workplace
        fields = []

    def __init__(self, data=None, queryset=None, *, today, user):
        self.today, self.user = today, user
        super().__init__(data, queryset)
        # Asked for only where it is needed: by an open panel, or to check an answer.
        self.filters["owner"].extra["choices"] = _owners

    def rows(self):
        """The places found.

        Raises `BrokenSelection` for a parameter that is unknown or can't be read.
        """
        if problems := self.problems():
            raise BrokenSelection(problems)
        return self.qs

    def problems(self):
        """What can't be read, in words; empty when all is well."""
        unknown = set(self.data) - set(self.filters) - SHOWN_BY
        said = [str(_("There is no filter called “%(name)s”.") % {"name": name[:50]}) for name in sorted(unknown)]
        for name, errors in self.form.errors.items():
            said += [f"{self.filters[name].label}: {error}" for error in errors]
        return said

    def chips(self):
        """What is set, for the line above the table: parameter, value and words for each part."""
        chosen = self.form.cleaned_data
        return [
            {"name": name, "value": value, "text": f"{self.filters[name].label}: {text}"}
            for name in self.filters
            for value, text in self._told(name, chosen[name])
            if name != "q"
        ]

    def _told(self, name, value):
        if value in (None, "", []):
            return []
        if name == "tier":
            names = dict(self.filters[name].extra["choices"])
            return [(tier, names[tier]) for tier in value]
        if name == "branch":
            more = f" +{len(value) - 1}" if len(value) > 1 else ""
            return [(self.data[name], f"{value[0]}{more}")]
        if "choices" in self.filters[name].extra:
            return [(value, dict(self.form.fields[name].choices)[value])]
        return [(self.data[name], date_format(value, "SHORT_DATE_FORMAT") if name == "quiet_since" else str(value))]

    def filter_queryset(self, workplaces):
        chosen = self.form.cleaned_data
        if chosen["ceased"] == "only":
            workplaces = workplaces.ceased()
        elif chosen["ceased"] != "too":
            workplaces = workplaces.active()
        workplaces = workplaces.employing(chosen["employees_from"], chosen["employees_to"])
        return super().filter_queryset(workplaces)

    def search(self, workplaces, name, text):
        return workplaces.matching(text)

    def in_tiers(self, workplaces, name, tiers):
        if not tiers:
            return workplaces
        wanted = Q(tier__in=[int(tier) for tier in tiers if tier != "none"])
        if "none" in tiers:
            wanted |= Q(tier=None)
        return workplaces.filter(wanted)

    def owned_by(self, workplaces, name, who):
        if who == "none":
            return workplaces.filter(owner=None)
        return workplaces.filter(owner=self.user.pk if who == "me" else int(who))

    def quiet(self, workplaces, name, day):
        return workplaces.quiet_since(day)

    def by_contact(self, workplaces, name, which):
        if which == "never":
            return workplaces.never_contacted()
        return workplaces.due(self.today, TierPlan.cadences())

    def nothing(self, workplaces, name, value):
        """Read by `filter_queryset`, where two fields are one question."""
        return workplaces

"""The register's filter: what the URL may say, strictly, and how each part is told back in words.

It comes in parts, whose kinds are in `filter_parts`. Those about the register and the groups stand here; an app above adds its own by
`register` in its `apps.ready()`, and the URL, the panel, saved selections and rules then know them too.
"""

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.filter_parts import (
    BLOCKS,
    CONTACT,
    OURS,
    PLACE,
    AreaPart,
    BranchPart,
    ChoicePart,
    ContactPart,
    DatePart,
    LargestPart,
    MainBranchPart,
    MeasurePart,
    ModelPart,
    MonthsPart,
    NearPart,
    NumberPart,
    OwnerPart,
    SearchPart,
    TiersPart,
)
from companies.models import TIERS, Figure, Municipality, TierPlan, Workplace
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.discretion import sees_colleagues
from jobcenter_crm.staff.models import Team, User

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

USUAL_ORDER = "name"

# The groups as an address names them, and what stands for none of them.
NO_GROUP = "none"
GROUPS = [*((str(tier), name) for tier, name in TIERS), (NO_GROUP, _("No group"))]

# Parameters that say how the list is shown, not what is in it.
SHOWN_BY = {"sort", "page", "filter", "selection"}


def order(asked):
    """The columns to order by, for what the URL asks; by name for what it can't ask."""
    return [*ORDERS.get(asked, ORDERS[USUAL_ORDER])[1], "pk"]


class BrokenSelection(Exception):
    """A search that can't be read as it stands; `problems` says what is wrong, parameter by parameter.

    Dropping what can't be read would widen the search to rows that nobody asked for.
    """

    def __init__(self, problems):
        self.problems = [str(problem) for problem in problems]
        super().__init__("; ".join(self.problems))


def _figures():
    return [(figure.code, figure.name) for figure in Figure.objects.all()]


def _owners():
    staff = [(str(person.pk), str(person)) for person in User.objects.working().in_order()]
    return [("me", _("Me")), ("none", _("Nobody")), *staff]


_MOVES_WITH_THE_GROUP = _("A rule changes the group, so it can't depend on it.")


class WorkplaceFilter(django_filters.FilterSet):
    """The register's filter. `today` and `user` are arguments; ceased places are left out unless asked for.

    Without a `user` nobody is "me": so it is for rules and for the clock.
    """

    q = SearchPart(method="search", label=_("Search"), max_length=100)
    branch = BranchPart(
        label=_("Branch"), max_length=300,
        help_text=_("Codes at any level, or words from titles; several with a comma between: 56, 47, rengøring."),
        widget=forms.TextInput(attrs={"list": "branch-options", "autocomplete": "off"}),
    )  # fmt: skip
    main_branch = MainBranchPart(
        label=_("Main branch"), max_length=300, help_text=_("As “Branch”, without secondary branches.")
    )
    employees_from = NumberPart(method="nothing", label=_("Employees, from"), min_value=0, max_value=1_000_000)
    employees_to = NumberPart(method="nothing", label=_("Employees, to"), min_value=0, max_value=1_000_000)
    sector = ChoicePart(
        field_name="sector", label=_("Sector"), choices=Workplace.Sector.choices, empty_label=_("Private and public")
    )
    ceased = ChoicePart(
        method="nothing", label=_("Ceased places"), empty_label=_("Left out"),
        choices=[("only", _("Only the ceased")), ("too", _("Show them too"))],
    )  # fmt: skip
    largest = LargestPart(
        method="nothing", label=_("The largest only, how many"), min_value=1, max_value=100_000,
        help_text=_("Of those that the rest of the filter finds."), companions=["largest_by"],
    )  # fmt: skip
    largest_by = MeasurePart(
        method="nothing", label=_("The largest by"), choices=[], empty_label=_("Employees"),
        error_messages={"invalid_choice": _("There is no such figure any more. Choose another one.")},
    )  # fmt: skip
    municipality = ModelPart(
        field_name="municipality", label=_("Municipality"), queryset=Municipality.objects.all(), empty_label=_("All"),
        block=PLACE,
    )  # fmt: skip
    area = AreaPart(
        label=_("Our municipality"), empty_label=_("Inside and outside"), block=PLACE,
        choices=[
            ("inside", pgettext_lazy("our municipality", "Inside")), ("outside", pgettext_lazy("our municipality", "Outside")),
            ("unknown", _("No municipality")),
        ],
    )  # fmt: skip
    near = NearPart(
        label=_("Around"), max_length=100, help_text=_("A postcode or a town."), block=PLACE, companions=["within"],
    )  # fmt: skip
    within = NumberPart(
        method="nothing", label=_("At most, km"), min_value=1, max_value=500, block=PLACE,
        help_text=_("As the crow flies; 10 when it is left empty."),
    )  # fmt: skip
    tier = TiersPart(
        method="in_tiers", label=_("Group"), choices=GROUPS,
        widget=forms.CheckboxSelectMultiple, block=OURS, never_in_rules=_MOVES_WITH_THE_GROUP,
    )  # fmt: skip
    tier_set = ChoicePart(
        method="by_who_set_it", label=_("Group set"), empty_label=_("By hand or by rule"), block=OURS,
        choices=[("hand", pgettext_lazy("who set the group", "By hand")), ("rule", _("By rule"))], never_in_rules=_MOVES_WITH_THE_GROUP,
    )  # fmt: skip
    owner = OwnerPart(
        method="owned_by", label=_("Responsible consultant"), empty_label=_("Anybody"), block=OURS,
        error_messages={"invalid_choice": _("The colleague no longer works here. Choose another one.")},
    )  # fmt: skip
    team = ModelPart(
        field_name="owner__team", label=_("Team of the responsible"), queryset=Team.objects.all(), empty_label=_("All"),
        block=OURS, error_messages={"invalid_choice": _("There is no such team any more. Choose another one.")},
    )  # fmt: skip
    contact = ContactPart(
        method="by_contact", label=_("Contact"), empty_label=_("All"), block=CONTACT,
        choices=[
            ("waiting", _("Due for contact")), ("due", _("Due for contact, or a promised step has passed")), ("in_time", _("Contacted within the plan's time")), ("never", _("Never contacted")),
        ],
        never_in_rules=_("Being due follows from the group, and a rule changes the group."),
    )  # fmt: skip
    contacted_months = MonthsPart(
        method="contacted_within",
        label=_("Contacted within, months"),
        told_as=_("Contacted within"),
        min_value=1,
        max_value=240,
        block=CONTACT,
        is_of_work=True,
    )
    quiet_months = MonthsPart(
        method="quiet_for", label=_("No contact for, months"), told_as=_("No contact for"), min_value=1, max_value=240, block=CONTACT,
        help_text=_("Those never contacted are among them."),
    )  # fmt: skip
    quiet_since = DatePart(
        method="quiet", label=_("Last contact before"), help_text=_("Those never contacted are among them."),
        widget=DAY, block=CONTACT,
    )  # fmt: skip

    contacted_since = DatePart(
        method="contacted_from", label=_("Last contact on or after"),
        widget=DAY, block=CONTACT, is_of_work=True,
    )  # fmt: skip

    class Meta:
        model = Workplace
        fields = []

    def __init__(self, data=None, queryset=None, *, today, user):
        self.today, self.user = today, user
        super().__init__(data, queryset)
        if user is not None:
            hidden = [name for name, part in self.filters.items() if not self._may_ask(part)]
            for name in hidden:
                del self.filters[name]
        for name, part in self.filters.items():
            part.name = name
        # Asked for only where it is needed: by an open panel, or to check an answer.
        self.filters["owner"].extra["choices"] = _owners
        self.filters["largest_by"].extra["choices"] = _figures

    def ask(self, data):
        """Ask something else of the same reader, in the place of what was asked before.

        For many searches one after the other: to make the parts and their fields is most of what a search takes.
        """
        self.data = self.form.data = data
        # What was read of the data of before, or follows from it. Without them the form, and the filter, read again.
        self.form._errors = None
        for name in ("_qs", "_few"):
            self.__dict__.pop(name, None)

    def _may_ask(self, part):
        return not part.permission or self.user.has_perm(part.permission)

    @classmethod
    def register(cls, **parts):
        """Add parts to the filter, name in the URL -> `Part`; called from `AppConfig.ready()`.

        Raises `ValueError` for a name that is taken.
        """
        for name, part in parts.items():
            if name in cls.base_filters or name in SHOWN_BY:
                raise ValueError(f"The filter has a part called {name} already.")
            cls.base_filters[name] = part

    @classmethod
    def unregister(cls, *names):
        """Take parts out again that `register` added."""
        for name in names:
            del cls.base_filters[name]

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
        for name, part in self.filters.items():
            if name in self.data and not isinstance(part, TiersPart) and len(self.data.getlist(name)) > 1:
                said.append(_("“%(name)s” is asked for more than once.") % {"name": part.label})
        for name, errors in self.form.errors.items():
            said += [f"{self.filters[name].label}: {error}" for error in errors]
        if not said:
            said += self._lost_companions()
        if not said and self.user is None and self.chosen["owner"] == "me":
            said.append(f"{self.filters['owner'].label}: {self.filters['owner'].why_not_in_rules('me')}")
        if not said:
            said += self._told_by_colleague()
        return said

    @property
    def is_of_work(self):
        """Whether it finds where something has been done: of a colleague's workplaces that is a figure about them."""
        return any(part.tells_of_work(self.chosen[name]) for name, part in self.filters.items())

    @property
    def whose(self):
        """The colleague (a key) and the team whose workplaces it finds; None each where it is not another's, or not narrowed."""
        owner = self.chosen["owner"]
        is_others = owner.isdigit() and int(owner) != getattr(self.user, "pk", None)
        return int(owner) if is_others else None, self.chosen["team"]

    @cached_property
    def _few(self):
        """The colleagues and the small teams (sets of keys) at whose workplaces it finds what has been done; empty each where it does not."""
        asked = [self, *([self.chosen["among"].asked] if self.chosen.get("among") else [])]
        # One of them may say whose, and the other one what was done there.
        if self.user is None or not any(one.is_of_work for one in asked):
            return set(), set()
        owners = {owner for owner, _team in (one.whose for one in asked) if owner}
        teams = {team.pk for _owner, team in (one.whose for one in asked) if team}
        return owners, teams - set(Team.objects.told_to(self.user).filter(pk__in=teams).values_list("pk", flat=True))

    @property
    def of_whom(self):
        """The keys of the colleagues of whose work it tells; none where what it asks can't be read."""
        if not self.form.is_valid() or not any(self._few):
            return set()
        owners, teams = self._few
        return set(User.objects.working().filter(Q(pk__in=owners) | Q(team__in=teams)).values_list("pk", flat=True))

    def _told_by_colleague(self):
        """Why this reader is not told what has been done at a colleague's workplaces, or at those of a small team."""
        if any(self._few) and not sees_colleagues(self.user, self.today):
            yield _(
                "What has been done is not told by colleague, nor of fewer than five people. Ask for those that are due, or for everybody's."
            )

    def _lost_companions(self):
        chosen = self.chosen
        return [
            _("“%(one)s” says nothing without “%(other)s”. Fill in both, or neither.")
            % {"one": self.filters[companion].label, "other": part.label}
            for name, part in self.filters.items()
            for companion in part.companions
            if chosen[companion] not in (None, "") and chosen[name] in (None, "")
        ]

    def rule_problems(self):
        """Why a rule that moves workplaces between groups can't use this search, in words; empty when it can."""
        if problems := self.problems():
            return problems
        return [
            f"{part.label}: {why}"
            for name, part in self.filters.items()
            if (why := part.why_not_in_rules(self.chosen[name]))
        ]

    @property
    def chosen(self):
        """Each part's value, as Python has it; only what could be read."""
        self.form.is_valid()
        return self.form.cleaned_data

    def chips(self):
        """What is set, for the line above the table: parameter, value and words for each part."""
        companions = {name for part in self.filters.values() for name in part.companions}
        return [
            {"name": name, "value": value, "text": part.as_chip(text), "with": ",".join(part.companions)}
            for name, part in self.filters.items()
            for value, text in part.told(self.chosen[name], self.data.get(name))
            if name != "q" and name not in companions
        ]

    def in_words(self):
        """The whole search in one line, as it stands under the name of a selection."""
        words = [str(chip["text"]) for chip in self.chips()]
        if text := self.chosen["q"]:
            words.insert(0, f"»{text}«")
        return " · ".join(words)

    def blocks(self):
        """The fields of the panel, block by block: `(heading, fields)`."""
        names = {block: [] for block in BLOCKS}
        for name, part in self.filters.items():
            names.setdefault(part.block, []).append(self.form[name])
        return list(names.items())

    def open_blocks(self):
        """The headings of the blocks in which something is set, and of the first, which is always open."""
        return {BLOCKS[0], *(part.block for name, part in self.filters.items() if any(self.data.getlist(name)))}

    def filter_queryset(self, workplaces):
        chosen = self.chosen
        if chosen["ceased"] == "only":
            workplaces = workplaces.ceased()
        elif chosen["ceased"] != "too":
            workplaces = workplaces.active()
        workplaces = workplaces.employing(chosen["employees_from"], chosen["employees_to"])
        workplaces = super().filter_queryset(workplaces)
        # Last of all: the largest of what the other parts find, also of those that apps above have added.
        return workplaces.largest(chosen["largest"], self.measure) if chosen["largest"] else workplaces

    @property
    def measure(self):
        """The code of the figure by which the largest are found; empty for employees."""
        code = self.chosen.get("largest_by") or ""
        return "" if code == "employees" else code

    def search(self, workplaces, name, text):
        return workplaces.matching(text)

    def in_tiers(self, workplaces, name, tiers):
        if not tiers:
            return workplaces
        wanted = Q(tier__in=[int(tier) for tier in tiers if tier != NO_GROUP])
        if NO_GROUP in tiers:
            wanted |= Q(tier=None)
        return workplaces.filter(wanted)

    def by_who_set_it(self, workplaces, name, who):
        return workplaces.filter(tier__isnull=False, tier_by_hand=who == "hand")

    def owned_by(self, workplaces, name, who):
        if who == "none":
            return workplaces.without_owner()
        return workplaces.filter(owner=self.user.pk if who == "me" else int(who))

    def quiet(self, workplaces, name, day):
        return workplaces.quiet_since(day)

    def quiet_for(self, workplaces, name, months):
        return workplaces.quiet_since(self.today - relativedelta(months=months))

    def contacted_from(self, workplaces, name, day):
        return workplaces.contacted_since(day)

    def contacted_within(self, workplaces, name, months):
        return workplaces.contacted_since(self.today - relativedelta(months=months))

    def by_contact(self, workplaces, name, which):
        if which == "never":
            return workplaces.never_contacted()
        if which == "in_time":
            return workplaces.in_time(self.today, TierPlan.cadences())
        if which == "waiting":
            return workplaces.waiting(self.today, TierPlan.cadences())
        return workplaces.due(self.today, TierPlan.cadences())

    def nothing(self, workplaces, name, value):
        """Read by `filter_queryset`, or by the part it goes with, where two fields are one question."""
        return workplaces

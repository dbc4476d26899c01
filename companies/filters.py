"""The register's filter: what the URL may say, strictly, and how each part is told back in words.

It comes in parts. Those about the register and the groups stand here; an app above adds its own by
`register` in its `apps.ready()`, and the URL, the panel, saved selections and rules then know them too.
"""

import re

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import F, Q
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext, pgettext_lazy

from companies.models import TIERS, Branch, Figure, Municipality, Postcode, TierPlan, Workplace
from companies.querysets import search_words
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.discretion import sees_colleagues
from jobcenter_crm.staff.models import Organisation, Team, User

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

# The blocks of the panel, in their order.
EMPLOYER, PLACE, OURS, CONTACT = _("The employer"), _("Where"), _("Group and responsible"), _("Contact")
BLOCKS = [EMPLOYER, PLACE, OURS, CONTACT]

# How far around a place is looked when nobody has said how far.
USUAL_KM = 10


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


class Part:
    """What a part of the filter knows besides how to filter.

    `block` is where it stands in the panel. `never_in_rules` says in words why a rule may not ask it: what a
    rule changes, it must not depend on, or the second run would move somebody. `companions` are parameters
    that have no meaning without this one. `told_as` stands before what is set, where the field's label does not fit.
    `permission` is what a reader needs to ask for it: without it there is no such part. `is_of_work`: it finds where
    something has been done, so it is not asked of a colleague's workplaces (decision 19).
    """

    def __init__(
        self,
        *args,
        block=EMPLOYER,
        never_in_rules="",
        companions=(),
        told_as="",
        permission="",
        is_of_work=False,
        **kwargs,
    ):
        self.block, self.never_in_rules, self.companions = block, never_in_rules, companions
        self.told_as, self.permission, self.is_of_work = told_as, permission, is_of_work
        super().__init__(*args, **kwargs)

    def told(self, value, asked):
        """Value in the URL and words for each thing that is set; `asked` is what the URL said."""
        if value in (None, "", []):
            return []
        if "choices" in self.extra:
            return [(asked, dict(self.parent.form.fields[self.name].choices)[value])]
        return [(asked, str(value))]

    def as_chip(self, text):
        """What `told` says, as it stands alone among other parts."""
        return f"{self.told_as or self.label}: {text}"

    def why_not_in_rules(self, value):
        """Why a rule can't ask for `value`; empty when it can."""
        return "" if value in (None, "", []) else self.never_in_rules

    def tells_of_work(self, value):
        """Whether asking for `value` finds where something has been done, not where something waits."""
        return self.is_of_work and value not in (None, "", [])


class ChoicePart(Part, django_filters.ChoiceFilter):
    pass


class ModelPart(Part, django_filters.ModelChoiceFilter):
    pass


class TextPart(Part, django_filters.CharFilter):
    pass


class NumberPart(Part, django_filters.Filter):
    field_class = forms.IntegerField


class DatePart(Part, django_filters.DateFilter):
    def told(self, value, asked):
        return [(asked, date_format(value, "SHORT_DATE_FORMAT"))] if value else []


class MonthsPart(NumberPart):
    """So many months back, counted from today; a saved search moves with the calendar."""

    def told(self, value, asked):
        return [(asked, ngettext_lazy("%(n)s month", "%(n)s months", "n") % {"n": value})] if value else []


class TiersPart(Part, django_filters.MultipleChoiceFilter):
    def told(self, value, asked):
        names = dict(self.extra["choices"])
        return [(tier, names[tier]) for tier in value]


class OwnerPart(ChoicePart):
    """Who is responsible. "me" is whoever reads the search, so a rule, which nobody reads, can't ask for it."""

    def why_not_in_rules(self, value):
        return _("“Me” is somebody else for each reader. Choose a colleague by name.") if value == "me" else ""


class ContactPart(ChoicePart):
    """Being due or in time follows from the group, having never been contacted does not."""

    def why_not_in_rules(self, value):
        return self.never_in_rules if value in ("due", "waiting", "in_time") else ""

    def tells_of_work(self, value):
        return value == "in_time"


class BranchField(forms.CharField):
    """Branches, one or several: each by code ("56", "56.10.10", "DB07:4321"), section letter, or a part of its title.

    Titles hold commas, so a text is first looked up as a whole, and taken as a list only when nothing is called so.
    """

    default_error_messages = {"unknown": _("No branch has this code or these words in its title: %(text)s")}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if found := branches_called(text.strip(" ,;")):
            return found
        listed = []
        for one in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
            found = branches_called(one)
            if not found:
                raise forms.ValidationError(self.error_messages["unknown"], code="unknown", params={"text": one[:50]})
            listed += [branch for branch in found if branch not in listed]
        if not listed:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text[:50]})
        return listed


def branches_called(text):
    """The highest branches that `text` names; those below them are left out."""
    scheme, colon, rest = text.strip().partition(":")
    known = Branch.objects.filter(scheme=scheme.upper()) if colon else Branch.objects.all()
    wanted = (rest if colon else text).strip()
    if not wanted:
        return []
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


class BranchPart(Part, django_filters.Filter):
    field_class = BranchField

    def filter(self, workplaces, branches):
        return workplaces.in_branches(branches) if branches else workplaces

    def told(self, value, asked):
        if not value:
            return []
        # A code of both lists is one branch, called as the newer list calls it.
        called = {branch.code: branch.title for branch in sorted(value, key=lambda branch: branch.scheme)}
        titles = list(dict.fromkeys(called.values()))
        more = f" +{len(titles) - 3}" if len(titles) > 3 else ""
        return [(asked, f"{', '.join(titles[:3])}{more}")]


class MainBranchPart(BranchPart):
    """By the main branch alone: each workplace has one, so that branches can be added up."""

    def filter(self, workplaces, branches):
        if not branches:
            return workplaces
        return workplaces.filter(branch__in=Branch.objects.below(*branches).values("pk"))


class PointField(forms.CharField):
    """A place to measure from: a postcode, or a town."""

    default_error_messages = {"unknown": _("Write a Danish postcode or a town. “%(text)s” is not known.")}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        point = Postcode.objects.point_called(text)
        if point is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text[:50]})
        return point


class AreaField(django_filters.fields.ChoiceField):
    """Inside or outside the municipality of this job centre, which somebody must have written."""

    def clean(self, value):
        area = super().clean(value)
        if area in ("inside", "outside") and not Organisation.get().municipality_code:
            raise forms.ValidationError(
                _("Nobody has written which municipality is ours. The data steward does, in the data maintenance."),
                code="no_municipality",
            )
        return area


class AreaPart(ChoicePart):
    """Whether a workplace is in our municipality."""

    field_class = AreaField

    def filter(self, workplaces, area):
        if not area:
            return workplaces
        if area == "unknown":
            return workplaces.nowhere()
        ours = Organisation.get().municipality_code
        return workplaces.inside(ours) if area == "inside" else workplaces.outside(ours)


class NearPart(Part, django_filters.Filter):
    """Around a postcode or a town; `within` says how many kilometres, as the crow flies."""

    field_class = PointField

    def filter(self, workplaces, point):
        if point is None:
            return workplaces
        return workplaces.within_km(self._km, of=point)

    def told(self, value, asked):
        if value is None:
            return []
        return [(asked, _("%(place)s, at most %(km)s km") % {"place": value.name, "km": self._km})]

    @property
    def _km(self):
        return self.parent.chosen.get("within") or USUAL_KM


class MeasureField(django_filters.fields.ChoiceField):
    """A figure by its code. Employees are meant where none is named, and may be named all the same."""

    def valid_value(self, value):
        return value == "employees" or super().valid_value(value)


class MeasurePart(ChoicePart):
    """By what the largest are meant; told together with how many."""

    field_class = MeasureField

    def told(self, value, asked):
        return []


class SearchField(forms.CharField):
    """Words to look for. Signs alone would find everything, as if nothing had been asked."""

    def clean(self, value):
        text = super().clean(value)
        if text and not search_words(text):
            raise forms.ValidationError(_("Write at least one letter or digit."), code="no_words")
        return text


class SearchPart(TextPart):
    field_class = SearchField


class LargestPart(NumberPart):
    """So many of the largest among those that all other parts have found; `largest_by` says by what."""

    def told(self, value, asked):
        if not value:
            return []
        code = self.parent.measure
        most = Figure.objects.get(code=code).most if code else pgettext("the 100 with …", "the most employees")
        return [(asked, _("The %(n)s with %(most)s") % {"n": number_format(value, force_grouping=True), "most": most})]

    def as_chip(self, text):
        return text


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

"""At which workplaces: what a list of something else, or a figure, is narrowed to, in the words of the register's filter.

A selection is narrowed down by `among`: the rows of a saved search, whatever else is asked. It keeps no selection of its
own: one built on another one would change when that is changed, or go round in a circle.
"""

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from companies import selections
from companies.filter_parts import OURS, ModelPart
from companies.filters import GROUPS, NO_GROUP, BrokenSelection, WorkplaceFilter
from companies.models import Selection, Workplace
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.staff.discretion import sees_colleagues
from jobcenter_crm.staff.models import Team, User

# The parts of the register's filter that lists of other things have too, in the order in which they are told.
NAMES = ("municipality", "branch", "team", "among")


class AmongField(ModelChoiceField):
    """A selection that the reader may see and that can be read today."""

    def clean(self, value):
        selection = super().clean(value)
        if selection and (problems := self.part.problems_of(selection)):
            raise forms.ValidationError(problems, code="broken")
        return selection


class AmongPart(ModelPart):
    """Those that a saved search finds."""

    field_class = AmongField

    @property
    def field(self):
        field = super().field
        field.part = self
        return field

    def get_queryset(self, request):
        user = self.parent.user
        return Selection.objects.seen_by(user) if user else Selection.objects.shared()

    def problems_of(self, selection):
        """Why it can't be asked within another search, in words; empty when it can."""
        if "among" in selection.data:
            return [_("“%(name)s” is itself narrowed to a selection.") % {"name": selection.name}]
        try:
            # Kept, so that what it names is looked up once.
            selection.asked = selections.search(selection, today=self.parent.today, user=self.parent.user)
        except BrokenSelection as broken:
            return broken.problems
        return selection.asked.problems()

    def filter(self, workplaces, selection):
        if selection is None:
            return workplaces
        return workplaces.filter(pk__in=selection.asked.rows().order_by().values("pk"))


class GroupField(forms.ChoiceField):
    """In which group a workplace is now; `NO_GROUP` asks for those in none."""

    def __init__(self, **kwargs):
        groups = [("", _("All groups")), *GROUPS]
        says = {"invalid_choice": _("There is no such group.")}
        super().__init__(**{"label": _("Group"), "required": False, "choices": groups, "error_messages": says} | kwargs)


def in_group(rows, asked, workplace="workplace"):
    """Those of `rows` whose workplace is in the group that a `GroupField` asks for; all of them where none was."""
    return rows.filter(**{f"{workplace}__tier": None if asked == NO_GROUP else int(asked)}) if asked else rows


class AmongForm(StrictForm):
    """A list of what belongs to workplaces: its address may say at which, by team, branch, municipality or selection."""

    # The parts that no field of the page asks for: they come with a link, and stand as chips.
    KEPT = NAMES

    municipality = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    branch = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    team = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    among = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        # `of_whom`: the keys of the colleagues about whom it asks for figures, where it may.
        self.user, self.today, self.of_whom = user, today, set()
        super().__init__(data)

    def clean(self):
        facts = super().clean()
        query = QueryDict(mutable=True)
        query.update({name: facts[name] for name in NAMES if facts.get(name)})
        self.search = None
        if query:
            # What belongs to a place that has ceased is not gone.
            query["ceased"] = "too"
            self.search = WorkplaceFilter(query, Workplace.objects.all(), today=self.today, user=self.user)
            if problems := self.search.problems():
                raise forms.ValidationError(problems, code="unknown")
        return facts

    def at(self, rows, workplace="workplace"):
        """Those of `rows` that belong to the workplaces asked for; the lookup leads to the workplace."""
        if self.search is None:
            return rows
        return rows.filter(**{f"{workplace}__in": self._found})

    @cached_property
    def _found(self):
        """The keys of the workplaces, as a subquery; to make it asks for what the search names, so it is made once."""
        return self.search.rows().order_by().values("pk")

    @property
    def where(self):
        """What is said of where, as the address says it; the form has been found valid."""
        return {name: self.cleaned_data[name] for name in NAMES if self.cleaned_data[name]}

    @property
    def kept(self):
        """The fields of `KEPT` that are set, to go along when the form is sent."""
        return [self[name] for name in self.KEPT if self.cleaned_data[name]]

    @property
    def chips(self):
        """What is set of them in words: `{"name", "with", "text"}`; of where, as the register tells it."""
        return [chip for chip in self.search.chips() if chip["name"] in NAMES] if self.search else []


def refuse_what_is_of_few(form, facts):
    """Let the form say so where its `team` or selection is of a colleague, or of a team of which no figures are told.

    Where such figures are switched on, `form.of_whom` has the keys of the colleagues of whom they are.
    """
    few = those_of_few(facts, Team.objects.told_to(form.user))
    if not few:
        return
    if sees_colleagues(form.user, form.today):
        form.of_whom = _people_in(few.values())
        return
    said = {
        "team": gettext("There is no such team of which figures are told. Choose another one."),
        "among": selection_is_of_few(),
    }
    for name in few:
        # Where it came with a link there is no field to say it beside.
        form.add_error(None if form.fields[name].widget.is_hidden else name, said[name])


def those_of_few(facts, teams, selection=None):
    """`{"team" or "among": the lookup of its people}` of what `facts` say that is of a colleague, or of a team not of `teams`.

    `selection` is the one that `facts` name, where it has been read already.
    """
    few = {}
    if facts.get("team") and not teams.filter(pk=facts["team"]).exists():
        few["team"] = {"team": facts["team"]}
    if facts.get("among"):
        data = (selection or Selection.objects.get(pk=facts["among"])).data
        owner, team = data.get("owner", ""), data.get("team", "")
        if owner not in ("", "me", "none"):
            few["among"] = {"pk": owner}
        elif team and not teams.filter(pk=team).exists():
            few["among"] = {"team": team}
    return few


def selection_is_of_few():
    """Why no figures are told of a selection."""
    return gettext(
        "This selection is of the workplaces of one colleague or of a small team. Figures are told of five people and more."
    )


def _people_in(lookups):
    return {key for lookup in lookups for key in User.objects.working().filter(**lookup).values_list("pk", flat=True)}


def declare():
    """Add the part to the register's filter; once, when the app is ready."""
    WorkplaceFilter.register(
        among=AmongPart(
            label=_("In the selection"), queryset=Selection.objects.none(), empty_label=_("All"), block=OURS,
            permission="companies.view_selection",
            never_in_rules=_("A rule is built on one selection. Take the other one out."),
            error_messages={"invalid_choice": _("There is no such selection any more. Choose another one.")},
        )
    )  # fmt: skip

"""The kinds of parts that the register's filter is made of, and the fields by which they are asked for: each reads what
the URL says, narrows the workplaces by it, and tells it back in words.
"""

import re

import django_filters
from django import forms
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext

from companies.models import Branch, Figure, Postcode
from companies.querysets import search_words
from jobcenter_crm.staff.models import Organisation

# The blocks of the panel, in their order.
EMPLOYER, PLACE, OURS, CONTACT = _("The employer"), _("Where"), _("Group and responsible"), _("Contact")
BLOCKS = [EMPLOYER, PLACE, OURS, CONTACT]

# How far around a place is looked when nobody has said how far.
USUAL_KM = 10


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

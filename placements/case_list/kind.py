"""The case system's list as a kind of file that can be brought in: what is asked with it, and what its pages say."""

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from companies.register import importer
from companies.register.kinds import ImportKind
from jobcenter_crm.staff.models import User
from placements.case_list import words
from placements.case_list.columns import COLUMNS, PLACEMENTS
from placements.case_list.keeping import before_keeping, told
from placements.case_list.reading import PlacementReading, check_row
from placements.case_list.rows import PlacementRules


def _consultants():
    return [
        (str(user.pk), str(user)) for user in User.objects.working().who_may("placements.change_placement").in_order()
    ]


def questions():
    """Asked with the file: who follows up where a workplace has no responsible consultant."""
    return {
        "consultant": forms.ChoiceField(
            label=_("Consultant"), choices=_consultants,
            help_text=_("Who follows up at workplaces that have no responsible consultant."),
        )
    }  # fmt: skip


def answered(answers):
    """What was said of the whole file, in a line."""
    user = User.objects.filter(pk=answers.get("consultant") or None).first()
    return gettext("consultant where there is none: %(name)s") % {"name": user} if user else ""


KIND = ImportKind(
    name="placements",
    label=_("Placements"),
    lead=_("The case system's list of placements. You see what would change before anything does."),
    never=_("Of each row only workplace, measure, days and case reference are kept; a CPR number never is."),
    layout=PLACEMENTS,
    reading=PlacementReading,
    compare=importer.compare,
    take_in=importer.take_in,
    figures={
        "new": (pgettext_lazy("rows of a file", "new"), _("bring a placement that was not there")),
        "changed": (pgettext_lazy("rows of a file", "changed"), _("extend a placement, or end it")),
        "unchanged": (pgettext_lazy("rows of a file", "unchanged"), _("tell nothing that is not known")),
        "repeated": (pgettext_lazy("rows of a file", "repeated"), _("count once, the last holds")),
        "rejected": (pgettext_lazy("rows of a file", "rejected"), _("are skipped")),
    },
    needs=_("CSV or Excel with P-number or CVR number, measure, start, end and case reference."),
    columns=COLUMNS,
    words=words,
    check_row=check_row,
    rules=PlacementRules,
    sentences={
        "no_placement_heading": _(
            "No column has a heading for the measure, the start, the end or the case reference, such as Tilbud, Startdato, "
            "Slutdato or Sagsnummer. Headings found: %(found)s. Write them in the first line of the file."
        ),
        "measure_missing": _("There is no measure. Write one of these: %(known)s."),
        "measure_unknown": _("No measure has this name. Write one of these: %(known)s."),
        "day_missing": _("The day is missing. Write it in the file."),
        "ends_before": _("It ends before it begins. Correct one of the days."),
        "reference_missing": _("There is no case reference. Write it in the file."),
        "reference_form": _("This is not how case references are written here. Correct it in the file."),
        "repeated_placement": _("Line %(line)s is about the same case and start and says otherwise. The last one is taken."),
        "cpr_deleted": _(
            "CPR numbers were deleted before anything was kept. So many in each column: %(columns)s. Leave them out of the "
            "next list."
        ),
        "cpr_reference": _(
            "A CPR number stood where the case reference should be. It is deleted here; write the case reference instead."
        ),
        "ends_sooner": _("Here it is planned until %(date)s. It is left so; end it here when it has ended."),
        "ended_here": _(
            "Here it ended on %(date)s, and the list says later. It is left so: if it goes on, write it as a new placement "
            "on the card of the slot."
        ),
        "withdrawn_here": _(
            "Here it came to nothing on %(date)s. It is left so: if they do come, write the placement again on the card of "
            "the slot."
        ),
        "nothing_here": _(
            "A placement with this start came to nothing here on %(date)s, and whose it was is forgotten. The row is taken in "
            "as a new placement: if it is the same one, end it with “Never came”."
        ),
        "no_place": _("The slot has no place on these days. The placement is left as it was; change it here."),
        "too_many": _("More than 200 would be there at the same time. They are not taken in."),
    },
    questions=questions,
    answered=answered,
    before_keeping=before_keeping,
    left_out=told,
    permission="placements.import_placements",
)  # fmt: skip

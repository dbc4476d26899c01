"""Corrections of many workplaces at once: what can be set, by whom, and how each row is written.

Each is bulk work on exactly the rows that were chosen, and can be taken back. Facts of the register are
corrected only where there is no P-number, since the register owns the others, and leave a `RegisterChange`;
our own facts go the way they go on the card, with who and why in the history.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import actions
from companies.cpr import refuse_cpr
from companies.filter_parts import branches_called
from companies.forms import may_be_responsible
from companies.models import Branch, Municipality, RegisterChange, Workplace
from companies.models.register import Derived
from companies.register import words
from jobcenter_crm.backstage import bulk
from jobcenter_crm.staff.models import User


class OneBranchField(forms.CharField):
    """Exactly one branch, by its code or enough of its title; of two with the same code the newer one."""

    def clean(self, value):
        text = super().clean(value)
        found = [branch for branch in branches_called(text.replace("\0", "")) if branch.level == 4]
        newest = [branch for branch in found if branch.scheme == Branch.Scheme.DB25] or found
        if len(newest) != 1:
            raise forms.ValidationError(
                _("Write the six digits of one branch.")
                if not found
                else _("Several branches are called so. Write the six digits of one of them.")
            )
        return newest[0]


class DoNotContactField(forms.CharField):
    """What the employers said; a reason is asked for, as on the card."""

    def clean(self, value):
        text = super().clean(value)
        refuse_cpr(text)
        return text


@dataclass(frozen=True)
class Correction:
    """One thing that can be set. `values(answer)` are the columns it gives, from what the field has cleaned.

    `shown` is the column that the sample shows as it is now, `permission` what it takes besides changing
    workplaces, as on the card.
    """

    name: str
    label: str
    shown: str
    field: Callable[[], forms.Field]
    values: Callable
    is_of_the_register: bool = False
    permission: str = ""

    @property
    def kind(self):
        return f"companies.correct_{self.name}"

    def rows(self, workplaces):
        """Those of `workplaces` that may be corrected so."""
        return workplaces.filter(p_number=None) if self.is_of_the_register else workplaces

    def lacking(self, workplaces, values):
        """Those that are not so yet. One that is marked already keeps the reason that somebody has written."""
        return workplaces.exclude(
            **{column: value for column, value in values.items() if column != "do_not_contact_why"}
        )

    def now(self, workplace):
        """What a row of the sample has now, in words."""
        value = getattr(workplace, self.shown)
        value = value() if callable(value) else value
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return "–" if value in (None, "") else str(value)

    def told(self, values):
        """What a row of the sample would have, from the columns that are given; empty where the label says it all."""
        if self.name == "owner" and values["owner_id"] is None:
            return _("Nobody")
        # SQLite tells a yes as 1.
        values = {column: Workplace._meta.get_field(column).to_python(value) for column, value in values.items()}
        return "" if self.name == "may_contact" else self.now(Workplace(**values))


def _owners():
    return forms.ModelChoiceField(
        may_be_responsible(),
        label=gettext_lazy("Responsible consultant"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )


# With the P-number among the values, a place that an import has given one meanwhile is left alone.
CORRECTIONS = {
    correction.name: correction
    for correction in [
        Correction(
            "branch",
            gettext_lazy("Branch"),
            "branch",
            lambda: OneBranchField(
                label=gettext_lazy("Branch"),
                max_length=100,
                help_text=gettext_lazy("Six digits, or words that only one branch has in its title."),
            ),
            lambda branch: {"branch_id": branch.pk, "p_number": None},
            is_of_the_register=True,
        ),
        Correction(
            "municipality",
            gettext_lazy("Municipality"),
            "municipality",
            lambda: forms.ModelChoiceField(Municipality.objects.all(), label=gettext_lazy("Municipality")),
            lambda municipality: {"municipality_id": municipality.pk, "p_number": None},
            is_of_the_register=True,
        ),
        Correction(
            "sector",
            gettext_lazy("Sector"),
            "get_sector_display",
            lambda: forms.ChoiceField(choices=Workplace.Sector.choices, label=gettext_lazy("Sector")),
            lambda sector: {"sector": sector, "p_number": None},
            is_of_the_register=True,
        ),
        Correction(
            "owner",
            gettext_lazy("Responsible consultant"),
            "owner",
            _owners,
            lambda owner: {"owner_id": owner and owner.pk},
            permission="companies.set_owner",
        ),
        Correction(
            "do_not_contact",
            gettext_lazy("Do not contact: mark"),
            "do_not_contact_why",
            lambda: DoNotContactField(
                label=gettext_lazy("What they said"),
                max_length=200,
                help_text=gettext_lazy("The same words on every card. No names, no CPR number."),
            ),
            lambda why: {"do_not_contact": True, "do_not_contact_why": why},
            permission="companies.set_flags",
        ),
        Correction(
            "may_contact",
            gettext_lazy("Do not contact: take the mark off"),
            "do_not_contact_why",
            lambda: forms.BooleanField(label=gettext_lazy("They may be contacted again")),
            lambda yes: {"do_not_contact": False, "do_not_contact_why": ""},
            permission="companies.set_flags",
        ),
        Correction(
            "labour_conflict",
            gettext_lazy("Labour conflict"),
            "labour_conflict",
            lambda: forms.TypedChoiceField(
                label=gettext_lazy("Is there a labour conflict?"),
                choices=[("", "---------"), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
                coerce=lambda answer: answer == "yes",
            ),
            lambda answer: {"labour_conflict": answer},
            permission="companies.set_flags",
        ),
    ]
}


def corrections_for(user):
    """Those that `user` may make, by name."""
    return {
        name: correction
        for name, correction in CORRECTIONS.items()
        if not correction.permission or user.has_perm(correction.permission)
    }


def mark_of(workplaces):
    """A mark of exactly these rows, so that what is confirmed is what was shown."""
    digest = sha256()
    for pk in workplaces.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000):
        digest.update(b"%d " % pk)
    return digest.hexdigest()


def order(correction, *, workplaces, values, by):
    """Order the correction of `workplaces`; the job, or None if all of them have the values already."""
    lacking = correction.lacking(correction.rows(workplaces), values)
    if not lacking.exists():
        return None
    return bulk.start(correction.kind, by=by, rows=lacking, values=values)


def _kind(name, label, columns):
    return bulk.bulk_kind(
        f"companies.correct_{name}",
        label=label,
        model=Workplace,
        fields=columns,
        permission=CORRECTIONS[name].permission or "companies.change_workplace",
        origin="admin:companies_workplace_changelist",
        about=lambda job: _about(name, job),
    )


def _about(name, job):
    """What the job sets its rows to: all of them to the same."""
    target = job.targets.first()
    value = CORRECTIONS[name].told(target.new) if target else ""
    return _("New value: %(value)s") % {"value": value} if value else ""


def _why(job):
    return _("Bulk correction, job %(number)s") % {"number": job.pk}


def _correct_register_fact(workplace, values, *, job, by):
    """Write a fact that is ours to keep, with its trail on the card's timeline."""
    if workplace.merged_into_id:
        return False
    changes = {column: value for column, value in values.items() if column != "p_number"}
    known = _names(workplace, changes)
    place = {column: getattr(workplace, column) for column in changes}
    before, after = words.trail(place, changes, None, {}, known, company_names=None)
    for column, value in changes.items():
        setattr(workplace, column, value)
    workplace.save(update_fields=[*changes, *Derived._fields])
    RegisterChange.objects.create(
        workplace=workplace, kind=RegisterChange.Kind.CHANGED, before=before, after=after, by=by
    )
    return True


def _names(workplace, changes):
    """The names of the codes in question, as a trail keeps them."""
    branches = {workplace.branch_id, changes.get("branch_id")} if "branch_id" in changes else ()
    municipalities = {workplace.municipality_id, changes.get("municipality_id")} if "municipality_id" in changes else ()
    return SimpleNamespace(
        branch_names={pk: str(branch) for pk, branch in Branch.objects.in_bulk(set(branches) - {None}).items()},
        municipality_names={
            code: str(one) for code, one in Municipality.objects.in_bulk(set(municipalities) - {None}).items()
        },
        form_names={},
    )


_kind("branch", gettext_lazy("Correcting the branch"), ["branch_id", "p_number"])(_correct_register_fact)
_kind("municipality", gettext_lazy("Correcting the municipality"), ["municipality_id", "p_number"])(
    _correct_register_fact
)
_kind("sector", gettext_lazy("Correcting the sector"), ["sector", "p_number"])(_correct_register_fact)


@_kind("owner", gettext_lazy("Setting the responsible consultant"), ["owner_id"])
def correct_owner(workplace, values, *, job, by):
    owner, is_undo = User.objects.filter(pk=values["owner_id"]).first(), job.undone_at is not None
    if workplace.merged_into_id or (owner is not None and not owner.is_active and not is_undo):
        # Merged into a workplace that nobody chose; or the owner has left since it was ordered.
        return False
    return actions.set_owner(workplace=workplace, owner=owner, by=by, why=_why(job), as_before=is_undo)


def _correct_flags(workplace, values, *, job, by):
    if workplace.merged_into_id:
        return False
    flags = {
        name: getattr(workplace, name) for name in ("do_not_contact", "do_not_contact_why", "labour_conflict")
    } | values
    actions.set_flags(workplace=workplace, by=by, why=_why(job), **flags)
    return True


_MARK = ["do_not_contact", "do_not_contact_why"]
_kind("do_not_contact", gettext_lazy("Marking as do-not-contact"), _MARK)(_correct_flags)
_kind("may_contact", gettext_lazy("Taking off do-not-contact"), _MARK)(_correct_flags)
_kind("labour_conflict", gettext_lazy("Setting the labour conflict"), ["labour_conflict"])(_correct_flags)

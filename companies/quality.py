"""What may be wrong with a workplace, as questions that a page counts and the admin lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from companies import whole_register
from companies.bulk_correction import CORRECTIONS
from companies.models import Merge, RegisterImport, Workplace
from companies.querysets import has_no_owner
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.frame.rounding import half_up

# A file of the register tells at least this often of every workplace that there still is.
STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong. `where(today)` finds the rows, `remedy` says what to do about them."""

    name: str
    title: str
    matters: str
    remedy: str
    where: Callable[[date], Q]

    @property
    def url(self):
        """The rows, in the admin: active ones only, as they are counted."""
        return f"{reverse('admin:companies_workplace_changelist')}?ceased=no&wrong={self.name}"


CHECKS = {
    check.name: check
    for check in [
        Check(
            "stale",
            _("Not told of by the register for 12 months"),
            _("Nobody knows whether these are still there."),
            _("Take in a newer file. Those that stay here have often closed: look them up by CVR number."),
            lambda today: Q(register_date=None) | Q(register_date__lt=today - STALE_AFTER),
        ),
        Check(
            "p_number",
            _("No P-number"),
            _("A later file can take these for new workplaces."),
            _("Take in a file with P-numbers: it finds them by company and address."),
            lambda today: Q(p_number=None),
        ),
        Check(
            "branch",
            _("No branch"),
            _("A search by branch does not find these."),
            _(
                "Take in a file with branch codes. Those without P-number can also be chosen in the list and corrected together."
            ),
            lambda today: Q(branch=None),
        ),
        Check(
            "employees",
            _("No number of employees"),
            _("A search by size does not find these."),
            _("The register has none for many small companies. Take in a newer file; ask at the next contact."),
            lambda today: Q(employees_min=None),
        ),
        Check(
            "municipality",
            _("No municipality"),
            _("A search by municipality does not find these."),
            _(
                "Take in a file with municipality codes. Those without P-number can also be chosen in the list and corrected together."
            ),
            lambda today: Q(municipality=None),
        ),
        Check(
            "phone",
            _("No telephone number"),
            _("Nobody can call these from the card."),
            _("Take in a file with telephone numbers. A person's direct number belongs on the card, under people."),
            lambda today: Q(phone=""),
        ),
        Check(
            "owner",
            _("No responsible consultant"),
            _("Nobody follows these up."),
            _("Consultants and managers name one on the card. Show them the list."),
            lambda today: has_no_owner(),
        ),
    ]
}


def counts(today):
    """How many active workplaces there are ("all"), and how many of them each check finds, in one statement."""
    found = {name: Count("pk", filter=check.where(today)) for name, check in CHECKS.items()}
    return Workplace.objects.active().order_by().aggregate(all=Count("pk"), **found)


def taken_in():
    """The files of the register that have been taken in."""
    return RegisterImport.objects.filter(state=RegisterImport.State.APPLIED, kind="register")


def _was_mended(since):
    """Whether a file was taken in since then, or rows were corrected together or merged, as this page asks for."""
    together = Job.objects.filter(kind__in=[correction.kind for correction in CORRECTIONS.values()])
    return (
        taken_in().filter(applied_at__gt=since).exists()
        or together.filter(Q(ended_at__gt=since) | Q(undone_at__gt=since)).exists()
        or Merge.objects.filter(Q(at__gt=since) | Q(undone_at__gt=since)).exists()
    )


WHOLE = whole_register.Whole("quality", counts, _was_mended)


@require_safe
@permission_required("companies.change_workplace", raise_exception=True)
def quality(request):
    """What is missing in the register, how much of it, and what to do about it."""
    today = timezone.localdate()
    number, as_of = whole_register.told(WHOLE.name, today, anew="anew" in request.GET)
    if not number.keys() >= CHECKS.keys():
        # Kept by a release that knew fewer checks.
        number, as_of = counts(today), None
    every = number["all"]
    return render(
        request,
        "companies/quality.html",
        {
            "every": every,
            "checks": [(check, number[name], share_in_words(number[name], every)) for name, check in CHECKS.items()],
            "newest": taken_in().only("name", "applied_at").order_by("-applied_at").first(),
            "as_of": as_of,
            "may_open": request.user.is_staff,
        },
    )


def share_in_words(number, every):
    """A whole percentage in words; one that would be rounded to nothing, or to all, says so."""
    percent = half_up(100 * number / every) if every else 0
    if number and percent == 0:
        return _("under 1 %")
    if number < every and percent == 100:
        return _("over 99 %")
    return _("%(n)s %%") % {"n": percent}

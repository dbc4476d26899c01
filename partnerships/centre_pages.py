"""The pages of a company centre: its facts, those who take part, and the mentors."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from companies import merging
from companies.models import Workplace
from contacts.views import choose
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import back
from partnerships import centres
from partnerships.centre_forms import CentreForm, MemberForm, MentorForm
from partnerships.models import Agreement, CentreMember, CompanyCentre, Mentor
from partnerships.sheets import over_says, sheet, taken

CHANGE = "partnerships.change_agreement"


def _centre_agreement(pk):
    rows = Agreement.objects.select_related("company", "workplace", "owner").filter(kind=Agreement.Kind.CENTRE)
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def centre(request, pk):
    """Write the facts of a centre, the first time or anew."""
    agreement = _centre_agreement(pk)
    if over := over_says(request, agreement):
        return over
    known = CompanyCentre.objects.filter(agreement=agreement).first()
    data = request.POST if request.method == "POST" else None
    instance = known or CompanyCentre(agreement=agreement)
    form = CentreForm(data, instance=instance, agreement=agreement, today=timezone.localdate())
    if data is not None and form.is_valid():
        is_done, _centre = taken(form, lambda **facts: centres.write(agreement=agreement, by=request.user, **facts))
        if is_done:
            messages.success(request, _("The facts of the centre are saved."))
            return back(request, agreement)
    title = _("Change the centre") if known else _("Write the facts of the centre")
    return sheet(request, form, agreement, title, template="partnerships/centre_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def add_member(request, pk):
    """Let a workplace take part in a centre; it is looked for first."""
    agreement = _centre_agreement(pk)
    if over := over_says(request, agreement):
        return over
    asked = request.POST if request.method == "POST" else request.GET
    found = number(asked.get("workplace"))
    if found is None:
        return choose(request, "partnerships:add_member", agreement.pk, title=_("Who takes part in the centre?"))
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), found)
    data = request.POST if request.method == "POST" else None
    form = MemberForm(data, today=timezone.localdate())
    if data is not None and form.is_valid():
        is_done, _member = taken(
            form,
            lambda **facts: centres.add_member(agreement=agreement, workplace=workplace, by=request.user, **facts),
        )
        if is_done:
            messages.success(request, _("%(name)s takes part in the centre.") % {"name": workplace.name})
            return back(request, agreement)
    title = _("Takes part: %(name)s") % {"name": workplace.name}
    return sheet(request, form, agreement, title, workplace=workplace)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def member(request, pk):
    """Change with what a workplace takes part, or say until when it did."""
    rows = CentreMember.objects.select_related("workplace__company", "centre__agreement__workplace")
    member = get_object_or_404(rows, pk=pk)
    agreement, name = member.centre.agreement, member.workplace.name
    if over := over_says(request, agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = MemberForm(data, instance=member, today=timezone.localdate())
    if data is not None and form.is_valid():
        is_done, ended = taken(form, lambda **facts: centres.change_member(member=member, by=request.user, **facts))
        if is_done:
            messages.success(request, _member_told(name, form.cleaned_data["until"], ended))
            return back(request, agreement)
    return sheet(request, form, agreement, _("Takes part: %(name)s") % {"name": name})


def _member_told(name, until, mentors):
    if not until:
        return _("%(name)s is saved.") % {"name": name}
    said = [_("%(name)s no longer takes part in the centre.") % {"name": name}]
    if mentors:
        said.append(
            ngettext("%(who)s is no longer a mentor.", "%(who)s are no longer mentors.", len(mentors))
            % {"who": ", ".join(str(mentor) for mentor in mentors)}
        )
    return " ".join(said)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def add_mentor(request, pk):
    """Somebody at the employer, or at one that takes part, becomes a mentor."""
    agreement = _centre_agreement(pk)
    if over := over_says(request, agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = MentorForm(data, today=timezone.localdate(), people=centres.people_for(agreement))
    if data is not None and form.is_valid():
        is_done, mentor = taken(form, lambda **facts: centres.add_mentor(agreement=agreement, by=request.user, **facts))
        if is_done:
            messages.success(request, _("%(name)s is a mentor of the centre.") % {"name": mentor})
            return back(request, agreement)
    return sheet(request, form, agreement, _("Add a mentor"), template="partnerships/mentor_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def mentor(request, pk):
    """Change the hours of a mentor, say when the training was finished, or until when they were one."""
    mentor = get_object_or_404(Mentor.objects.select_related("person", "centre__agreement__workplace"), pk=pk)
    agreement, person = mentor.centre.agreement, mentor.person
    if over := over_says(request, agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = MentorForm(data, instance=mentor, today=timezone.localdate())
    if data is not None and form.is_valid():
        is_done, _mentor = taken(form, lambda **facts: centres.change_mentor(mentor=mentor, by=request.user, **facts))
        if is_done:
            words = _("%(name)s is no longer a mentor.") if form.cleaned_data["until"] else _("%(name)s is saved.")
            messages.success(request, words % {"name": person})
            return back(request, agreement)
    return sheet(request, form, agreement, _("Mentor: %(name)s") % {"name": person})

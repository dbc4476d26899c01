"""The catalogue of services, its declarations on paper, and what a workplace uses, noted on its card."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import merging
from companies.models import Workplace
from contacts import catalogue
from contacts.actions import NotNow
from contacts.filters import USUAL_MONTHS
from contacts.models import Service, ServiceUse
from contacts.views import small_page
from jobcenter_crm.frame.pages import back
from jobcenter_crm.frame.widgets import DAY


@dataclass(frozen=True)
class Line:
    """A service in the catalogue, and how many workplaces use it and were lately told of it, each with the register's page of just these."""

    service: Service
    uses: int
    uses_url: str
    told: int
    told_url: str


@require_safe
@permission_required("contacts.view_service", raise_exception=True)
def services(request):
    """What we offer today, and apart from it what is offered no longer, or not yet."""
    today = timezone.localdate()
    uses, told = catalogue.counts(today, USUAL_MONTHS)
    lines = [_line(one, uses, told) for one in Service.objects.all()]
    context = {
        "offered": [line for line in lines if line.service.is_valid(today)],
        "to_come": [line for line in lines if line.service.valid_from > today],
        "ended": [line for line in lines if line.service.valid_to and line.service.valid_to < today],
    }
    return render(request, "contacts/services.html", context)


def _line(service, uses, told):
    lately = _found("told_of", service, told_months=USUAL_MONTHS)
    return Line(service, uses.get(service.pk, 0), _found("uses", service), told.get(service.pk, 0), lately)


def _found(part, service, **more):
    """The register with those that `part` of its filter finds for a service."""
    return f"{reverse('companies:register')}?{urlencode({part: service.code} | more)}"


@require_safe
@permission_required("contacts.view_service", raise_exception=True)
def service(request, pk):
    """The declaration of a service, with the ways to those who use it and those who never heard of it."""
    found = get_object_or_404(Service, pk=pk)
    context = {
        "service": found,
        "is_offered": found.is_valid(timezone.localdate()),
        "found": {part: _found(part, found) for part in ("uses", "told_of", "never_told_of")},
    }
    return render(request, "contacts/service.html", context)


@require_safe
@permission_required("contacts.view_service", raise_exception=True)
def print_services(request):
    """Declarations for paper, one on each page: those that were ticked, or all; only what is offered today.

    `language` is that of the employer who is to read them, which need not be that of the page.
    """
    today = timezone.localdate()
    offered = Service.objects.valid(today)
    ticked = [code for code in request.GET.getlist("service") if "\0" not in code]
    asked = request.GET.get("language", "")
    context = {
        "services": offered.filter(code__in=ticked) if ticked else offered,
        "today": today,
        "in_language": asked if asked in dict(settings.LANGUAGES) else get_language(),
        "languages": [(code, name, _with_language(request, code)) for code, name in settings.LANGUAGES],
    }
    return render(request, "contacts/services_print.html", context)


def _with_language(request, code):
    query = request.GET.copy()
    query["language"] = code
    return f"?{query.urlencode()}"


class UseForm(forms.Form):
    """Which service a workplace uses, and since when."""

    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.none(), empty_label=gettext_lazy("Choose a service")
    )
    since = forms.DateField(label=gettext_lazy("Since"), widget=DAY)

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.valid(today)

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError(_("The day is in the future. Note it when it has begun."), code="future")
        if since.year < self.today.year - 50:
            raise forms.ValidationError(_("The day is more than fifty years ago. Check the year."), code="past")
        return since


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_serviceuse", raise_exception=True)
def use_service(request, workplace_pk):
    """Note that a workplace uses a service: by one tap where it was told of it, or chosen from the catalogue."""
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), workplace_pk)
    today = timezone.localdate()
    form = UseForm(request.POST if request.method == "POST" else None, today=today, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        use, is_new = catalogue.begin(workplace=workplace, by=request.user, **form.cleaned_data)
        if is_new:
            undo = reverse("contacts:take_back_service_use", args=[use.pk])
            messages.success(request, _("In use: %(what)s.") % {"what": use}, extra_tags=f"undo:{undo}")
        else:
            messages.info(request, _("It is noted as in use already: %(what)s.") % {"what": use})
        return back(request, workplace)
    return small_page(request, form, workplace, _("A service that is in use"))


@require_POST
@permission_required("contacts.change_serviceuse", raise_exception=True)
def end_service_use(request, pk):
    """Say that a service is used no longer; the line at the foot takes that back."""
    use = get_object_or_404(ServiceUse.objects.select_related("workplace", "service"), pk=pk)
    catalogue.end(use=use, by=request.user)
    undo = reverse("contacts:service_use_again", args=[use.pk])
    messages.success(request, _("No longer in use: %(what)s.") % {"what": use}, extra_tags=f"undo:{undo}")
    return back(request, use.workplace)


@require_POST
@permission_required("contacts.change_serviceuse", raise_exception=True)
def service_use_again(request, pk):
    """Take the end back."""
    use = get_object_or_404(ServiceUse.objects.select_related("workplace", "service"), pk=pk)
    try:
        catalogue.resume(use=use, by=request.user)
        messages.success(request, _("In use: %(what)s.") % {"what": use})
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, use.workplace)


@require_POST
@permission_required("contacts.change_serviceuse", raise_exception=True)
def take_back_service_use(request, pk):
    """Undo what one has just noted."""
    use = get_object_or_404(ServiceUse.objects.select_related("workplace", "service"), pk=pk)
    try:
        catalogue.take_back(use=use, by=request.user)
        messages.success(request, _("Taken back: %(what)s.") % {"what": use})
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, use.workplace)

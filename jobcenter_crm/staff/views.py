"""A person's own page, and the two pages of the log-in library that need a word of ours."""

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jobcenter_crm.staff.forms import ProfileForm
from jobcenter_crm.staff.models import Organisation, User


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Name, telephone, language, colours, absence: what a person may change about themselves."""
    # Not request.user: a form that is refused has already written on its instance, and the top bar shows that name.
    person = get_object_or_404(User.objects.select_related("team", "manager"), pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language or translation.get_language_from_request(request)):
            messages.success(request, _("Your profile is saved."))
        return redirect("staff:profile")
    return render(request, "staff/profile.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@never_cache
@require_POST
def open_feed(request):
    """Give one's calendar a new secret address, and show it this once: it is kept nowhere, so there is no way back to it."""
    if not Organisation.get().calendar_feeds:
        messages.info(request, _("Your organisation has switched calendar addresses off."))
        return redirect("staff:profile")
    address = settings.SITE_URL + reverse("contacts:feed", args=[request.user.open_feed()])
    subscribe = f"webcal://{address.partition('://')[2]}"
    return render(request, "staff/feed.html", {"address": address, "subscribe": subscribe})


@require_POST
def close_feed(request):
    """Shut the secret address of one's calendar."""
    request.user.close_feed()
    messages.success(request, _("The address is removed. Calendars that read it no longer get anything."))
    return redirect("staff:profile")


class ChangePassword(PasswordChangeView):
    """The library's page; whoever logs in without a password of ours has none to change."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(request, _("You log in without a password here, so there is none to change."))
            return redirect("staff:profile")
        return super().dispatch(request, *args, **kwargs)

    def get_default_success_url(self):
        return reverse("staff:profile")

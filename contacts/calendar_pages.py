"""A planned contact as a file for one's own calendar, and the feed that a calendar reads without logging in."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.calendar import contact_entry, document, feed_of, uid_of
from contacts.models import Interaction, Invitation
from jobcenter_crm.staff.models import Organisation, User

# Nobody on the way keeps a copy, and no search engine that is told of the address lists it.
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@require_safe
@permission_required("contacts.view_interaction", raise_exception=True)
def calendar_file(request, pk):
    """One planned contact, to be opened in one's own calendar by whoever wants no mail."""
    contact = get_object_or_404(Interaction.objects.planned().select_related("workplace"), pk=pk)
    told = Invitation.objects.of(request.user).filter(contact=contact).first()
    organisation = Organisation.get()
    entry = contact_entry(
        contact, organisation, uid=told.uid if told else uid_of(contact), sequence=told.sequence if told else 0
    )
    return _calendar(document([entry], organisation, method="PUBLISH"), f"{contact.on}.ics")


@login_not_required
@require_safe
def feed(request, token):
    """The planned contacts and follow-ups of whose secret address this is; not found for any other reason to say no."""
    organisation = Organisation.get()
    user = User.objects.with_feed(token).first() if organisation.calendar_feeds else None
    if user is None:
        return HttpResponseNotFound(
            _("There is no calendar here."), content_type="text/plain; charset=utf-8", headers=_PRIVATE
        )
    with translation.override(user.language or translation.get_language_from_request(request)):
        return _calendar(feed_of(user, organisation, timezone.localdate()), "calendar.ics")


def _calendar(text, name):
    headers = _PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)

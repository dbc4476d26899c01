"""The background work of contacts: filling a contact plan with many workplaces, and the morning overviews."""

from django.utils.translation import gettext_lazy as _

from contacts import (
    contact_plans,  # noqa: F401 - its kind of bulk work is known as soon as it is read
    overview,
)
from jobcenter_crm.backstage import clock


@clock.every_tick(
    "contacts.overview",
    whole_day=overview.write,
    label=_("Writing morning overviews"),
    counts={"mails": _("written"), "nothing": _("without anything to tell")},
)
def write_overviews(now):
    return overview.write_due(now)

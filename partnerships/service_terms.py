"""What a service agreement holds besides: the hotline, the posted case worker, and what is done when somebody falls ill (need M14)."""

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from partnerships import drafting
from partnerships.models import ServiceTerms


@transaction.atomic
def write(*, agreement, by, note="", **facts):
    """Write the terms of a service agreement, the first time or anew. Raises `NotNow` as `drafting.with_part` does."""

    def act(agreement):
        if not agreement.is_service:
            raise NotNow(_("Only a service agreement has these terms."))
        terms = ServiceTerms.objects.filter(agreement=agreement).first() or ServiceTerms(agreement=agreement)
        for name, value in facts.items():
            setattr(terms, name, value)
        terms._history_user = by
        terms.save()
        return terms

    return drafting.with_part(agreement=agreement, by=by, note=note, act=act)[1]

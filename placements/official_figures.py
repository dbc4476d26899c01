"""Acts on the official figures that are typed: written, and put right with what they were kept."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from placements.models import OfficialFigure


@transaction.atomic
def write(*, percent, period, source, read_on, by):
    """Keep a figure. Raises `NotNow` where there is one of that period and source already."""
    return _save(OfficialFigure(), percent=percent, period=period, source=source, read_on=read_on, by=by)


@transaction.atomic
def change(*, figure, percent, period, source, read_on, by):
    """Put a figure right; what it was stays in its history. Raises `NotNow` as `write` does."""
    figure = OfficialFigure.objects.select_for_update().get(pk=figure.pk)
    return _save(figure, percent=percent, period=period, source=source, read_on=read_on, by=by)


def _save(figure, *, by, **facts):
    for name, value in facts.items():
        setattr(figure, name, value)
    figure.by, figure._history_user = by, by
    try:
        with transaction.atomic():
            figure.save()
    except IntegrityError:
        # Only the database knows of one that a colleague writes in the same second.
        same = OfficialFigure.objects.filter(period=figure.period, source=figure.source)
        if not same.exclude(pk=figure.pk).exists():
            raise
        raise NotNow(_("There is a figure of this period from this source already. Change that one.")) from None
    return figure

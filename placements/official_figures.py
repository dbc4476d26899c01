"""Acts on the official figures that are typed: written, and put right with what they were kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from placements.models import OfficialFigure


@transaction.atomic
def write(*, percent, period, source, read_on, by):
    """Keep a figure. Raises `NotNow` where there is one of that period and source already."""
    _refuse_second(period, source)
    return _save(OfficialFigure(), percent=percent, period=period, source=source, read_on=read_on, by=by)


@transaction.atomic
def change(*, figure, percent, period, source, read_on, by):
    """Put a figure right; what it was stays in its history. Raises `NotNow` as `write` does."""
    figure = OfficialFigure.objects.select_for_update().get(pk=figure.pk)
    _refuse_second(period, source, but=figure)
    return _save(figure, percent=percent, period=period, source=source, read_on=read_on, by=by)


def _refuse_second(period, source, but=None):
    known = OfficialFigure.objects.select_for_update().filter(period=period, source=source)
    if known.exclude(pk=but.pk if but else None).exists():
        raise NotNow(_("There is a figure of this period from this source already. Change that one."))


def _save(figure, *, by, **facts):
    for name, value in facts.items():
        setattr(figure, name, value)
    figure.by, figure._history_user = by, by
    figure.save()
    return figure

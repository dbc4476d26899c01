"""How the figures of agreements are written on a page."""

from django import template
from django.utils.translation import ngettext

from partnerships import absence, goals

register = template.Library()


@register.simple_tag
def percent(value):
    """ "5.4 %"."""
    return absence.percent_in_words(value)


@register.simple_tag
def quarter(figure):
    """ "3rd quarter of 2026"."""
    return absence.quarter_in_words(figure.year, figure.quarter)


@register.simple_tag
def hours(number):
    """ "2.5 hours a week"."""
    words = ngettext("%(n)s hour a week", "%(n)s hours a week", 1 if number == 1 else 2)
    return words % {"n": goals.figure(number)}

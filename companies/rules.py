"""The rules for the groups: in which order they stand, what is wrong with them, and how they are changed."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from companies import selections
from companies.models import SegmentationRule


class HasARule(Exception):
    """The selection has a rule already: of two, the second would take nothing."""


def in_order(*, locked=False):
    """The rules, each with its selection; `number` counts them from 1."""
    rules = SegmentationRule.objects.select_related("selection__created_by")
    rules = list(rules.select_for_update(of=["self"]) if locked else rules)
    for number, rule in enumerate(rules, 1):
        rule.number = number
    return rules


def why_not(rule, *, today):
    """Why a rule can't be followed, in words that say what to do; empty when it can."""
    if not rule.selection.is_shared:
        return [_("The selection is not shared with all any more. Share it, or choose another one.")]
    return [str(problem) for problem in selections.why_not_in_rules(rule.selection, today=today)]


@transaction.atomic
def add(*, selection, tier, by):
    """Put a rule below the others.

    Raises `HasARule`.
    """
    last = max((rule.position for rule in in_order(locked=True)), default=0)
    return _save(SegmentationRule(position=last + 1), selection, tier, by)


@transaction.atomic
def change(*, rule, selection, tier, by):
    """Let `rule` ask another selection, or give another group.

    Raises `HasARule`.
    """
    return _save(rule, selection, tier, by)


def _save(rule, selection, tier, by):
    rule.selection, rule.tier, rule._history_user = selection, tier, by
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        if not SegmentationRule.objects.filter(selection=selection).exclude(pk=rule.pk).exists():
            raise
        raise HasARule(selection) from None
    return rule


@transaction.atomic
def move(*, rule, up, by):
    """Let `rule` change places with the one above it, or below; at the end of the list nothing happens.

    Nor when a colleague has removed it meanwhile.
    """
    rules = in_order(locked=True)
    if rule not in rules:
        return
    at = rules.index(rule)
    other = at - 1 if up else at + 1
    if 0 <= other < len(rules):
        rules[at], rules[other] = rules[other], rules[at]
        _number(rules, by)


@transaction.atomic
def remove(*, rule, by):
    """Take `rule` out; those below it move up. Harmless twice."""
    rules = in_order(locked=True)
    if rule not in rules:
        return
    rules.remove(rule)
    rule._history_user = by
    rule.delete()
    _number(rules, by)


def _number(rules, by):
    """Give the rules the numbers 1, 2, 3 in this order, with a line in the history of each that gets another."""
    free = max((rule.position for rule in rules), default=0) + 1
    moved = [(number, rule) for number, rule in enumerate(rules, 1) if rule.position != number]
    # Out of each other's way first: two may not have the same number, not for a moment.
    for away, (_number, rule) in enumerate(moved):
        SegmentationRule.objects.filter(pk=rule.pk).update(position=free + away)
    for number, rule in moved:
        rule.position, rule._history_user = number, by
        rule.save(update_fields=["position"])

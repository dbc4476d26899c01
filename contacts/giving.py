"""Where a follow-up is given to a colleague: at once, or by offering it, as its kind asks."""

from django.urls import NoReverseMatch, reverse

from contacts.follow_up_kinds import kind_of


def giving_url(follow_up):
    """The page on which it is given to a colleague; empty for one that can't be passed on.

    An employer who waits for an answer is not passed on blindly: what `is_handed_over` is offered, and stays where it
    is until the colleague accepts it.
    """
    if not kind_of(follow_up).is_handed_over:
        return reverse("contacts:give", args=[follow_up.pk])
    try:
        return reverse("contacts:hand_over_follow_up", args=[follow_up.pk])
    except NoReverseMatch:
        return ""

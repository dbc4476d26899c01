"""A proposal that was sent is followed up: a promise of the responsible consultant, kept until the employer has answered."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import follow_up_kinds
from contacts.actions import refresh
from contacts.follow_up_kinds import FollowUpKind
from contacts.models import FollowUp

KIND = "proposal"


def promise(agreement, *, on, by):
    """Promise to hear by `on` what the employer says; each time it is proposed anew."""
    with translation.override(agreement.owner.language or settings.LANGUAGE_CODE):
        title = _("Hear about the proposal: %(agreement)s") % {"agreement": agreement}
    times = FollowUp.objects.caused_by(agreement).filter(kind=KIND).count() + 1
    FollowUp.objects.create(
        kind=KIND, cause=agreement, occurrence=str(times), workplace=agreement.workplace, title=title[:200],
        due_on=on, owner=agreement.owner, created_by=by,
    )  # fmt: skip
    refresh(agreement.workplace)


def settle(agreement, *, by):
    """They have answered, or it was taken back: nothing waits for an answer any more."""
    waiting = FollowUp.objects.open().caused_by(agreement).filter(kind=KIND)
    for follow_up in waiting.select_for_update():
        follow_up.finish(by=by)
    refresh(agreement.workplace)


def reopen(agreement, *, since):
    """The answer is taken back: what was settled at `since` or later waits again."""
    settled = FollowUp.objects.caused_by(agreement).filter(kind=KIND, done_at__gte=since)
    for follow_up in settled.select_for_update():
        follow_up.reopen()
    refresh(agreement.workplace)


def declare():
    """The kind of follow-up; once, when the app is ready."""
    follow_up_kinds.register(
        FollowUpKind(KIND, gettext_lazy("Proposal sent"), url=lambda follow_up: follow_up.cause.get_absolute_url())
    )

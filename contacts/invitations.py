"""Invitations by mail: a planned contact puts itself in the calendars of those of us who go, moves there, and goes away.

Whatever plans, moves, cancels or shares a contact calls `tell` in its own transaction; what the calendars have been
told is an `Invitation` for each who goes, and only what differs from it is said.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from companies.models import Workplace
from contacts.calendar import document, invitation_entry, uid_of
from contacts.models import Channel, Interaction, Invitation
from contacts.models.calendar import FACTS
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.staff.models import Organisation, User

# What people go to; a call is gone to when it has a time.
_GONE_TO = {Channel.VISIT, Channel.MEETING, Channel.EVENT}


def tell(contacts, *, by, gone=False):
    """Write down, and mail, what the calendars of those who go to `contacts` have not been told yet.

    `gone`: nobody is to go there any more. One that was held on its day says nothing. Takes a fixed number of
    statements, and says nothing twice.
    """
    contacts = [contact for contact in contacts if gone or contact.state != Interaction.State.HELD]
    standing = {contact.pk for contact in contacts if contact.state == Interaction.State.PLANNED and not gone}
    going, told = _going(standing), _told(contacts)
    new, changed = [], []
    for contact in contacts:
        people = going.get(contact.pk, {})
        known = told.get(contact.pk, {})
        for user in people.values():
            if user.pk not in known:
                facts = {fact: getattr(contact, fact) for fact in FACTS}
                new.append(Invitation(contact=contact, user=user, uid=uid_of(contact), **facts))
            elif known[user.pk].differs_from(contact):
                known[user.pk].say(contact)
                changed.append(known[user.pk])
        for one in known.values():
            if one.user_id not in people and not one.is_cancelled:
                one.cancel()
                changed.append(one)
    if new or changed:
        _write(new, changed, by, standing)


def _going(contacts):
    rows = Interaction.staff.through.objects.filter(interaction__in=contacts)
    found = {}
    for row in rows.select_related("user"):
        found.setdefault(row.interaction_id, {})[row.user_id] = row.user
    return found


def _told(contacts):
    found = {}
    for one in Invitation.objects.filter(contact__in=[contact.pk for contact in contacts]).select_related("user"):
        found.setdefault(one.contact_id, {})[one.user_id] = one
    return found


def _write(new, changed, by, standing):
    """Keep what is said, and mail it to those who are told by mail."""
    mailed = [(one, one.is_mailed) for one in [*new, *changed] if _is_mailed(one, by)]
    for one, _had_some in mailed:
        one.is_mailed = not one.is_cancelled
    Invitation.objects.bulk_create(new)
    if changed:
        Invitation.objects.bulk_update(changed, ["sequence", "is_mailed", "is_cancelled", *_columns()])
    unheard = _never_heard({one.thread for one, had_some in mailed if had_some})
    mailed = [(one, had_some and one.thread not in unheard) for one, had_some in mailed]
    mailed = [(one, has_heard) for one, has_heard in mailed if has_heard or not one.is_cancelled]
    if mailed:
        organisation = Organisation.get()
        places = Workplace.everything.in_bulk({one.workplace_id for one, _has_heard in mailed})
        for one, _has_heard in mailed:
            one.workplace = places[one.workplace_id]
        Message.objects.bulk_create([_mail(one, organisation, has_heard, standing) for one, has_heard in mailed])


def _columns():
    return [fact.removesuffix("_id") for fact in FACTS]


def _is_mailed(invitation, by):
    user = invitation.user
    if not (user.is_active and user.email):
        return False
    if invitation.is_mailed or invitation.is_cancelled:
        return invitation.is_mailed
    if invitation.channel not in _GONE_TO and (invitation.channel != Channel.PHONE or invitation.at is None):
        return False
    wanted = User.Invitations
    return user.invitations == wanted.ALL or (user.invitations == wanted.OTHERS and user != by)


def _never_heard(threads):
    """Those of `threads` of which no mail has left; what waited of them never will."""
    if not threads:
        return set()
    mails = Message.objects.filter(thread__in=threads).order_by()
    mails.never_left().update(state=Message.State.REPLACED)
    written = set(mails.values_list("thread", flat=True))
    return written - set(mails.may_have_left().values_list("thread", flat=True))


def _mail(invitation, organisation, has_heard, standing):
    with translation.override(invitation.user.language or settings.LANGUAGE_CODE):
        method = "CANCEL" if invitation.is_cancelled else "REQUEST"
        goes_on = invitation.is_cancelled and invitation.contact_id in standing
        entry = invitation_entry(invitation, organisation, goes_on=goes_on)
        return Message.draft(
            key=f"{invitation.thread}:{invitation.sequence}",
            thread=invitation.thread,
            to=invitation.user,
            template="contacts/mail/invitation",
            context={
                "invitation": invitation,
                "entry": entry,
                "is_changed": has_heard and not invitation.is_cancelled,
                "goes_on_without_them": goes_on,
                "profile_url": settings.SITE_URL + reverse("staff:profile"),
                "organisation": organisation,
            },
            calendar=document([entry], organisation, method=method, attendee=invitation.user.email),
            calendar_method=method,
        )

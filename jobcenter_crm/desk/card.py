"""What a workplace's card tells: its timeline, its sentences, and who is who.

What is read here is put in order here: so few rows, of so many columns, take a database longer to be asked for in order.
"""

from dataclasses import dataclass
from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext as _

from companies import timeline
from companies.models import RegisterChange
from companies.register.news import SHOWN_FOR
from contacts import whom_to_call
from contacts.models import ColleagueRole, ContactPlanTarget, FollowUp, Person
from jobcenter_crm.frame.danish import sort_key
from jobcenter_crm.staff.models import names_of
from partnerships.models import Agreement
from placements.models import JobOrder, Slot
from placements.occupancy import count_free, taken_of_each

# As much of the past as one screen or two; the rest is behind a link.
SHOWN = 20


@dataclass
class Entry:
    """One line of the timeline."""

    kind: str
    day: date
    what: object
    at: time | None = None


def coming(workplace, log):
    """What is planned, by its `Log`, or promised here, soonest first."""
    promised = FollowUp.objects.open().filter(workplace=workplace).select_related("owner", "person", "given_by")
    entries = [Entry("planned", contact.on, contact, contact.at) for contact in reversed(log.planned)]
    entries += [
        Entry("follow_up", follow_up.due_on, follow_up)
        for follow_up in promised.only(*OF_FOLLOW_UP, *names_of("owner", "given_by")).order_by()
    ]
    return sorted(
        entries, key=lambda entry: (entry.day, entry.at or time.max, entry.kind == "follow_up", entry.what.pk)
    )


# What the line of a follow-up shows of it.
OF_FOLLOW_UP = (
    "kind", "cause_type_id", "cause_id", "workplace_id", "title", "channel", "due_on", "repeat_every", "repeat_unit",
    "given_word", "done_at", "person__name", "person__phone",
)  # fmt: skip


def shown(everything):
    """How much is asked for: one more than is shown, which says that there is more; with `everything` all of it."""
    return None if everything else SHOWN + 1


def past(workplace, log, changes, part="", everything=False, *, user, today):
    """What has been, newest first, as far as `user` may read of it, and whether there is more than is shown.

    Contacts are those of the `Log`. `part` narrows it to one of `timeline.PARTS`; what was agreed stands with the contacts.
    """
    entries = []
    if part in ("", timeline.CONTACTS):
        entries += [Entry("contact", contact.on, contact, contact.at) for contact in log.past]
    events = timeline.at(workplace, user, today, shown(everything), part)
    entries += [Entry("event", event.day, event) for event in events]
    if part in ("", timeline.CHANGES):
        entries += [Entry("register", timezone.localdate(change.at), change) for change in changes]
    entries.sort(key=lambda entry: (entry.day, entry.at or time.min), reverse=True)
    return (entries, False) if everything else (entries[:SHOWN], len(entries) > SHOWN)


def agreements(workplace):
    """The agreements that stand at a workplace: what holds first, then what is on its way."""
    rows = Agreement.objects.standing().at(workplace).select_related("owner").order_by()
    return sorted(rows, key=lambda one: (not one.is_active, not one.is_proposed, one.pk))


_OF_SLOT = (
    "workplace_id", "measure__name_da", "measure__name_en", "tasks", "places", "state", "starts_on", "ends_on",
    "confirmed_on",
)  # fmt: skip


def slots(workplace, today):
    """The slots of a workplace that are open or paused and have not run out, those with free places first; two statements.

    With them the `Span`s of those who take their places, by the key of the slot.
    """
    rows = Slot.objects.filter(workplace=workplace).not_over(today).select_related("measure", "owner")
    rows = list(rows.only(*_OF_SLOT, *names_of("owner")).order_by())
    spans = taken_of_each(rows)
    for slot in rows:
        slot.workplace = workplace
    count_free(rows, spans, today)
    return sorted(rows, key=lambda one: (not one.is_open, -one.free, one.pk)), spans


def job_orders(workplace):
    """The people that a workplace asks us for, the nearest deadline first."""
    rows = JobOrder.objects.open().filter(workplace=workplace).select_related("owner").order_by()
    return sorted(rows, key=lambda one: (one.deadline, one.pk))


_OF_CHANGE = ("workplace_id", "kind", "before", "after", "at", "seen_at", *RegisterChange.NEWS)


def changes(workplace, most):
    """The `most` latest of what the register has changed, all with None, and older news that nobody has seen; newest first."""
    told = RegisterChange.objects.filter(workplace=workplace)
    rows = told.filter(pk__in=told.values("pk")[:most]) | told.news().unseen() if most else told
    rows = rows.select_related("by", "seen_by").only(*_OF_CHANGE, *names_of("by", "seen_by")).order_by()
    for change in rows:
        change.workplace = workplace
    return sorted(rows, key=lambda change: (change.at, change.pk), reverse=True)


@dataclass
class News:
    """What the register has told of a workplace lately, and what a workplace that has ceased asks for.

    `unseen` are the changes that nobody has taken note of, newest first. `closing` is the one that told of the
    end, as long as nobody has decided what happens to what is still `planned` and `promised`.
    """

    unseen: list
    closing: RegisterChange | None = None
    planned: int = 0
    promised: int = 0

    @property
    def open(self):
        return self.planned + self.promised


def news(workplace, changes, coming, now, user=None):
    """The `News` of a workplace, from its `changes` and `coming` entries; not what `user` has changed by hand.

    An end that the register told before it was known here asks nothing: there is no change to decide about.
    """
    told = [change for change in changes if change.is_news and change.seen_at is None]
    told = [change for change in told if user is None or change.by_id != user.pk]
    found = News([change for change in told if now - change.at < SHOWN_FOR])
    if workplace.ceased_on and coming:
        found.closing = next((change for change in told if change.closed), None)
        found.unseen = [change for change in found.unseen if change != found.closing]
        found.planned = sum(entry.kind == "planned" for entry in coming)
        found.promised = len(coming) - found.planned
    return found


def warnings(workplace):
    """What a colleague must know before making contact: (icon, sentence), the gravest first."""
    company, said = workplace.company, []
    if workplace.do_not_contact:
        why = f" »{workplace.do_not_contact_why}«" if workplace.do_not_contact_why else ""
        said.append(("slash-circle", _("The employer has asked us not to make contact.") + why))
    if workplace.labour_conflict:
        said.append(("exclamation-triangle", _("There is a labour conflict here. No new places can be agreed.")))
    if company.agreed_centrally:
        text = _("Contacts to this company are agreed centrally. Talk to %(name)s first.") % {
            "name": company.central_owner
        }
        if company.central_person:
            text += " " + _("Our agreement is with %(name)s.") % {"name": company.central_person}
        said.append(("diagram-3", text))
    if workplace.advertising_protected or company.advertising_protected:
        said.append(("megaphone", _("Advertising-protected: left out of letters and campaigns unless you write why.")))
    return said


def people(workplace):
    """Its contact people, æ ø å last."""
    return sorted(Person.objects.at(workplace).current().order_by(), key=lambda one: (sort_key(one.name), one.pk))


_OF_COLLEAGUE = (
    *names_of("colleague", "colleague__deputy"), "colleague__phone", "colleague__is_active", "colleague__absent_until",
    "colleague__deputy__phone",
)  # fmt: skip


def roles(workplace, today):
    """Whom of us to call besides the responsible consultant, each marked where they are away."""
    found = ColleagueRole.objects.current().filter(workplace=workplace).select_related("colleague__deputy")
    found = list(found.only("workplace_id", "role", "about", "since", *_OF_COLLEAGUE).order_by())
    # As `ColleagueRole.Meta.ordering` has it.
    found.sort(key=lambda role: (ColleagueRole.Role.values.index(role.role), role.about, role.pk))
    for role in found:
        role.is_away = role.colleague.is_absent(today)
    return found


def proposed_opener(user, log, roles):
    """Who seems to have opened the door, for those who may note it; None where that is noted already."""
    if not user.has_perm("contacts.add_colleaguerole"):
        return None
    is_noted = any(role.role == ColleagueRole.Role.OPENED for role in roles)
    return None if is_noted else whom_to_call.proposed_opener(log)


_OF_TARGET = (
    "workplace_id", "plan__name", "plan__position", "contact__on", "basis", "left_out_why", *names_of("consultant"),
)  # fmt: skip


def plan_targets(user, workplace):
    """Where the workplace stands in contact plans that run, for those who may see these."""
    if not user.has_perm("contacts.view_contactplan"):
        return []
    targets = ContactPlanTarget.objects.running().filter(workplace=workplace)
    targets = targets.select_related("plan", "consultant", "contact").only(*_OF_TARGET).order_by()
    for target in targets:
        target.workplace = workplace
    return sorted(targets, key=lambda target: (target.plan.position, target.pk))

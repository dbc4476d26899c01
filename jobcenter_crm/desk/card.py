"""The timeline and the sentences of a workplace's card."""

from dataclasses import dataclass, field
from datetime import date, time

from django.utils.translation import gettext as _

from companies.models import RegisterChange, TierChange
from companies.register.news import SHOWN_FOR
from contacts.models import FollowUp, Interaction
from partnerships.models import Agreement, AgreementStep, Review
from placements import timeline
from placements.models import JobOrder, Slot

# As much of the past as one screen or two; the rest is behind a link.
SHOWN = 20


@dataclass
class Entry:
    """One line of the timeline."""

    kind: str
    day: date
    what: object
    at: time | None = None
    workplace: object = None
    people: list = field(default_factory=list)


def coming(workplace):
    """What is planned or promised here, soonest first."""
    planned = Interaction.objects.planned().filter(workplace=workplace).with_people()
    promised = FollowUp.objects.open().filter(workplace=workplace).select_related("owner", "person", "given_by")
    entries = [Entry("planned", contact.on, contact, contact.at) for contact in planned]
    entries += [Entry("follow_up", follow_up.due_on, follow_up) for follow_up in promised]
    return sorted(entries, key=lambda entry: (entry.day, entry.at or time.max))


# What the timeline can be narrowed to.
KINDS = ("contacts", "places", "changes")


def past(workplace, kind="", everything=False, *, user, today):
    """What has been, newest first, as far as `user` may read of it, and whether there is more than is shown.

    `kind` narrows it to one of `KINDS`; what was agreed stands with the contacts.
    """
    most = None if everything else SHOWN + 1
    entries = []
    if kind in ("", "contacts"):
        contacts = Interaction.objects.filter(workplace=workplace).exclude(state=Interaction.State.PLANNED)
        entries += [Entry("contact", c.on, c, c.at) for c in contacts.with_people().newest_first()[:most]]
        entries += _of_agreements(workplace, most)
    if kind in ("", "places"):
        entries += [Entry("place", event.day, event) for event in timeline.at(workplace, user, today, most)]
    if kind in ("", "changes"):
        moves = TierChange.objects.filter(workplace=workplace).select_related("by")[:most]
        entries += [Entry("tier", change.at.date(), change) for change in moves]
        changes = RegisterChange.objects.filter(workplace=workplace).select_related("register_import", "by", "seen_by")
        entries += [Entry("register", change.at.date(), change) for change in changes[:most]]
    entries.sort(key=lambda entry: (entry.day, entry.at or time.min), reverse=True)
    return (entries, False) if everything else (entries[:SHOWN], len(entries) > SHOWN)


def _of_agreements(workplace, most):
    """The steps that agreements at a workplace have taken, and the reviews that were held."""
    here = Agreement.objects.at(workplace).order_by().values("pk")
    steps = AgreementStep.objects.filter(agreement__in=here).exclude(state=Agreement.State.DRAFT)
    steps = steps.select_related("agreement", "by").order_by("-on", "-pk")[:most]
    reviews = Review.objects.held().filter(agreement__in=here).select_related("agreement").order_by("-held_on", "-pk")
    return [
        *(Entry("agreement", step.on, step) for step in steps),
        *(Entry("review", review.held_on, review) for review in reviews[:most]),
    ]


def agreements(workplace):
    """The agreements that stand at a workplace: what holds first, then what is on its way."""
    rows = Agreement.objects.standing().at(workplace).select_related("owner").order_by("pk")
    return sorted(rows, key=lambda one: (not one.is_active, not one.is_proposed))


def slots(workplace, today):
    """The slots of a workplace that are open or paused and have not run out, those with free places first."""
    rows = Slot.objects.filter(workplace=workplace).not_over(today).with_free(today)
    return sorted(rows.select_related("measure", "owner").order_by("pk"), key=lambda one: (not one.is_open, -one.free))


def job_orders(workplace):
    """The people that a workplace asks us for, the nearest deadline first."""
    return list(JobOrder.objects.open().filter(workplace=workplace).select_related("owner").order_by("deadline", "pk"))


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


def news(workplace, coming, now, user=None):
    """The `News` of a workplace, from its `coming` entries, in one statement; not what `user` has changed by hand.

    An end that the register told before it was known here asks nothing: there is no change to decide about.
    """
    told = RegisterChange.objects.filter(workplace=workplace).news().unseen().select_related("by")
    told = list((told.exclude(by=user) if user else told).order_by("-at", "-pk"))
    for change in told:
        change.workplace = workplace
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

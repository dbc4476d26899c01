"""The brief before a visit: one page with what to know of an employer, and what to ask for now.

Each part is a function of the `Brief` that gives a `Part`, or None where it has nothing to say or the reader may not
see it. `WIDE` and `NARROW` name them in the order in which they stand.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Window, prefetch_related_objects
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.figures.words import with_unit
from companies.models import TierPlan, Workplace, WorkplaceFigure
from contacts import catalogue
from contacts.models import BarrierAnswer, ColleagueRole, FollowUp, Interaction, OtherJobCentre, Person
from jobcenter_crm.backstage.documents.letterhead import Letterhead
from jobcenter_crm.backstage.documents.one_page import Line, Part, Sheet, short
from jobcenter_crm.desk import card
from jobcenter_crm.frame.templatetags.frame import clock, lowerfirst, phone, short_day, span_late, tel
from jobcenter_crm.staff.models import User
from partnerships import goals
from partnerships.models import AgreementGoal
from placements import effect
from placements.models import Placement

CONTACTS_READ = 12
NOTE_LENGTH = 260
ANSWER_LENGTH = 300
OTHERS_READ = 10
AGREEMENTS_READ = 4
SERVICES_READ = 6
SLOTS_READ = 5
ENDS_READ = 4


@dataclass(frozen=True)
class Brief:
    """What the parts are told of: a workplace, for a reader, on a day. What several of them need is asked once."""

    workplace: Workplace
    reader: User
    today: date

    def may(self, permission):
        return self.reader.has_perm(permission)

    @cached_property
    def plan(self):
        """The plan of the workplace's group; None without a group."""
        return TierPlan.objects.filter(tier=self.workplace.tier).first()

    @cached_property
    def log(self):
        """Contacts planned here from today on, soonest first, and those held with the company, newest first."""
        if not self.may("contacts.view_interaction"):
            return [], []
        planned = Interaction.objects.planned().filter(workplace=self.workplace, on__gte=self.today)
        planned = list(planned.soonest_first()[:CONTACTS_READ])
        held = Interaction.objects.at_company_of(self.workplace).held().select_related("workplace")
        held = list(held.newest_first()[:CONTACTS_READ])
        prefetch_related_objects([*planned, *held], "staff", "persons")
        prefetch_related_objects(held, "amendments")
        return planned, held

    @cached_property
    def next_contact(self):
        """The soonest contact that is planned from today on: the reader's own, or else anybody's."""
        planned, _held = self.log
        own = [contact for contact in planned if self.reader in contact.staff.all()]
        return next(iter([*own, *planned]), None)

    @property
    def contacts(self):
        """The last contacts held here and at the company's other workplaces, newest first."""
        return self.log[1]

    @cached_property
    def slots(self):
        """The open slots of the workplace that have not run out, those with most free places first."""
        if not self.may("placements.view_slot"):
            return []
        slots, _spans = card.slots(self.workplace, self.today)
        return [slot for slot in slots if slot.is_open]


def make(workplace, *, reader, language, now, today):
    """The brief as a PDF, in a fixed number of statements. `workplace` has its company, owner, branch and municipality."""
    with translation.override(language):
        brief = Brief(workplace, reader, today)
        sheet = Sheet(
            letterhead=Letterhead.ours(),
            kind=_("Brief before a visit"),
            title=workplace.name,
            language=language,
            made_at=now,
            foot=_("For our own preparation: not to be left with the employer. Made by %(name)s.") % {"name": reader},
        )
        sheet.leads = _where(brief)
        sheet.band = _next(brief)
        sheet.warnings = _warnings(brief)
        sheet.wide = [part(brief) for part in WIDE]
        sheet.narrow = [part(brief) for part in NARROW]
        return sheet.made()


def _where(brief):
    """Where it is, and the number that is answered there."""
    place = brief.workplace
    company = place.company.name if place.company.name != place.name else ""
    said = " · ".join(
        short(text, 110) for text in (company, place.address, place.branch and place.branch.title) if text
    )
    number = [Line(link=(phone(place.phone), tel(place.phone)), small=place.email)] if place.phone else []
    return [Line(said), *number] if said else number


def _next(brief):
    """What is planned next, and what for."""
    contact = brief.next_contact
    if contact is None:
        return [Line(strong=_("No contact is planned."))]
    when = f"{date_format(contact.on, 'l')} {short_day(contact.on, brief.today)}"
    if contact.at:
        when += f" {clock(contact.at)}"
    people = [_names(contact.staff.all())]
    if contact.persons.all():
        people.append(_("with %(names)s") % {"names": _names(contact.persons.all())})
    how = contact.get_channel_display()
    return [
        Line(strong=f"{when[:1].upper()}{when[1:]}", text=f"{how}, {' '.join(filter(None, people))}".strip(" ,")),
        Line(short(contact.purpose, 200), label=_("Purpose:")),
    ]


def _warnings(brief):
    said = [sentence for _icon, sentence in card.warnings(brief.workplace)]
    if brief.workplace.ceased_on:
        day = date_format(brief.workplace.ceased_on, "DATE_FORMAT")
        said.insert(0, _("The workplace ceased on %(day)s.") % {"day": day})
    return said


def what_to_ask(brief):
    """The proposal of the group's plan, whom to take it to, and of which places nobody has heard for 60 days."""
    plan, lines = brief.plan, []
    if plan and plan.proposal:
        lines.append(Line(strong=plan.proposal))
    if plan:
        lines.append(Line(_("Talk to: %(whom)s") % {"whom": lowerfirst(plan.whom)}))
    unheard = sorted(
        (slot for slot in brief.slots if slot.is_to_confirm(brief.today)), key=lambda slot: slot.confirmed_on
    )
    for slot in unheard[:SLOTS_READ]:
        places = ngettext("%(n)s place", "%(n)s places", slot.places) % {"n": slot.places}
        heard = _("last heard %(day)s") % {"day": short_day(slot.confirmed_on, brief.today)}
        lines.append(Line(f"{places}, {_in_words(slot)}.", strong=_("Still open?"), small=heard))
    return Part(_("Ask for now"), lines, rank=9, least=2)


def _in_words(slot):
    return short(f"{lowerfirst(slot.measure)}: {slot.tasks}", 90)


def guideline(brief):
    """How to go about it. Those who have been there before know: then it gives way first."""
    if brief.plan is None:
        return None
    said = [line.strip(" -•*") for line in brief.plan.guideline.splitlines()]
    lines = [Line(short(line, 170)) for line in said if line]
    return Part(_("How to go about it"), lines, rank=2 if brief.contacts else 8)


def agreements(brief):
    """What we have agreed, or proposed, with how far the goals have come and when it is reviewed."""
    if not brief.may("partnerships.view_agreement"):
        return None
    found = card.agreements(brief.workplace)[:AGREEMENTS_READ]
    kept = AgreementGoal.objects.filter(agreement__in=found, ended_on=None).select_related("agreement")
    progress = {}
    for one in goals.progress(list(kept), brief.today, brief.reader):
        if not one.is_hidden:
            said = _("%(what)s: %(now)s of %(target)s") % {
                "what": one.measure.label,
                "now": one.shown or "–",
                "target": one.target_shown,
            }
            progress.setdefault(one.goal.agreement_id, []).append(said)
    lines = []
    for one in found:
        said = [str(one.get_state_display())]
        if one.next_review_on:
            said.append(_("review by %(day)s") % {"day": short_day(one.next_review_on, brief.today)})
        is_late = one.next_review_on is not None and one.next_review_on < brief.today
        small = " · ".join(short(text, 70) for text in progress.get(one.pk, []))
        lines.append(Line(", ".join(said), strong=f"{short(str(one), 60)}.", small=small, is_late=is_late))
    return Part(_("Agreements"), lines, rank=7, least=1)


def places(brief):
    """Which of their places are free, and how many have one now: the number, the measure and until when, never who."""
    free = [slot for slot in brief.slots if slot.free > 0]
    lines = []
    for slot in free[:SLOTS_READ]:
        n = {"free": slot.free, "places": slot.places}
        strong = ngettext("%(free)s of %(places)s free", "%(free)s of %(places)s free", slot.free) % n
        is_to_come = slot.starts_on > brief.today
        from_when = _("from %(day)s") % {"day": short_day(slot.starts_on, brief.today)} if is_to_come else ""
        lines.append(Line(_in_words(slot), strong=f"{strong}.", small=from_when))
    return Part(_("Slots"), [*lines, *_there_now(brief)], rank=6, least=2, more=len(free[SLOTS_READ:]))


def _there_now(brief):
    """One line for each measure, those who leave first at the top."""
    if not brief.may("placements.view_placement"):
        return []
    rows = Placement.objects.running().there_on(brief.workplace, brief.today)
    by_measure = {}
    for one in rows.select_related("slot__measure").order_by("planned_end", "pk"):
        by_measure.setdefault(one.slot.measure, []).append(one.planned_end)
    lines = []
    for measure, ends in by_measure.items():
        strong = ngettext("%(n)s there now", "%(n)s there now", len(ends)) % {"n": len(ends)}
        days = [short_day(day, brief.today) for day in dict.fromkeys(ends)]
        until = _("until %(day)s") % {"day": ", ".join(days[:ENDS_READ])}
        if len(days) > ENDS_READ:
            until += " …"
        lines.append(Line(f"{lowerfirst(measure)}, {until}", strong=f"{strong}.", is_late=ends[0] < brief.today))
    return lines


def results(brief):
    """What has come of the placements at the employer; of few nothing is told."""
    if not brief.may("placements.view_effect"):
        return None
    told = effect.whole(Placement.objects.filter(slot__workplace__company=brief.workplace.company_id))
    if told is None:
        return None
    lines = [Line(lowerfirst(words), strong=f"{percent} %") for words, number, percent in told.parts if number]
    if (percent := told.self_supporting_percent) is not None:
        lines.append(Line(_("%(percent)s %% were self-supporting four weeks after.") % {"percent": percent}))
    known = ngettext(
        "Known of %(n)s, at all workplaces of the company",
        "Known of %(n)s, at all workplaces of the company",
        told.known,
    )
    lines.append(Line(small=known % {"n": told.known}))
    return Part(_("What came of placements"), lines, rank=5, least=len(lines))


def services(brief):
    """What they use of ours, and what they have been told of: not to be told twice."""
    if not brief.may("contacts.view_service"):
        return None
    told = catalogue.at(brief.workplace, brief.today)
    lines = (
        [Line(", ".join(short(str(use.service), 50) for use in told.in_use), label=_("In use:"))] if told.in_use else []
    )
    if told.told:
        names = ", ".join(short(str(one.service), 50) for one in told.told[:SERVICES_READ])
        lines.append(Line(names, label=_("Told of:")))
    return Part(_("Services"), lines, rank=4, least=1)


def promises(brief):
    """What we owe them: the oldest first."""
    if not brief.may("contacts.view_followup"):
        return None
    open_ones = FollowUp.objects.open().filter(workplace=brief.workplace).select_related("owner", "person")
    promised = list(open_ones.order_by("due_on", "pk")[:CONTACTS_READ])
    lines = []
    for one in promised:
        late = (brief.today - one.due_on).days
        when = span_late(late) if late > 0 else short_day(one.due_on, brief.today)
        who = str(one.owner) + (f", {_('with')} {one.person}" if one.person else "")
        lines.append(Line(short(one.title, 120), strong=when, small=short(who, 70), is_late=late > 0))
    return Part(_("Promised and open"), lines, rank=7, least=2)


def last_contacts(brief):
    """Who was there last, with whom, and what came of it."""
    lines = [_contact_in_words(brief, contact) for contact in brief.contacts]
    if not lines and brief.may("contacts.view_interaction"):
        lines = [Line(_("Never contacted, as far as we know."))]
    return Part(_("Last contacts"), lines, rank=4, least=2)


def _names(people, most=3):
    """Their names; of many, the first few and how many more."""
    names = [str(person) for person in people]
    said = ", ".join(short(name, 40) for name in names[:most])
    return f"{said} +{len(names) - most}" if len(names) > most else said


def _contact_in_words(brief, contact):
    who = [_names(contact.staff.all())]
    if contact.persons.all():
        who.append(_("with %(names)s") % {"names": _names(contact.persons.all())})
    if contact.workplace_id != brief.workplace.pk:
        who.append(f"({short(contact.workplace.name, 40)})")
    how = contact.get_channel_display()
    if contact.direction == Interaction.Direction.INBOUND:
        how = f"{how} ({lowerfirst(contact.get_direction_display())})"
    came = contact.get_outcome_display()
    if contact.barrier:
        came += f" ({lowerfirst(contact.get_barrier_display())})"
    added = [amendment.text for amendment in contact.amendments.all()]
    note = short(" ".join([contact.note or contact.purpose, *added]), NOTE_LENGTH)
    said = ". ".join(text.rstrip(".") for text in (came, note) if text)
    return Line(
        said,
        strong=f"{short_day(contact.on, brief.today)}, {lowerfirst(how)}.",
        small=" ".join(filter(None, who)),
    )


def barriers_met(brief):
    """The barriers named here lately, each with the answer at hand."""
    met = list(dict.fromkeys(contact.barrier for contact in brief.contacts if contact.barrier))
    if not met:
        return None
    answers = {one.barrier: one for one in BarrierAnswer.objects.filter(barrier__in=met)}
    lines = [
        Line(short(answers[barrier].answer, ANSWER_LENGTH), strong=f"»{answers[barrier].get_barrier_display()}«")
        for barrier in met
        if barrier in answers
    ]
    return Part(_("If they say"), lines, rank=6, least=1)


def people(brief):
    """Whom to ask for there, with their numbers."""
    if not brief.may("contacts.view_person"):
        return None
    found = list(Person.objects.at(brief.workplace).current()[: 5 * OTHERS_READ])
    met = brief.next_contact.persons.all() if brief.next_contact else []
    lines = []
    # Those one is to meet come first.
    for person in sorted(found, key=lambda person: person not in met):
        link = (phone(person.phone), tel(person.phone)) if person.phone else ()
        prefers = ""
        if person.preferred_channel:
            prefers = _("prefers %(channel)s") % {"channel": lowerfirst(person.get_preferred_channel_display())}
        small = " · ".join(filter(None, [short(person.remark, 70), prefers, "" if person.phone else person.email]))
        lines.append(
            Line(lowerfirst(person.get_role_display()), strong=f"{short(person.name, 50)},", link=link, small=small)
        )
    return Part(_("Contact people"), lines or [Line(_("Nobody yet."))], rank=8, least=2)


def our_people(brief):
    """Whom of us to call about what."""
    place, today = brief.workplace, brief.today
    lines = []
    if place.responsible:
        lines.append(_colleague(place.owner, _("responsible"), today))
    roles = ColleagueRole.objects.current().filter(workplace=place).select_related("colleague__deputy")
    for role in roles[:OTHERS_READ]:
        about = role.about or lowerfirst(role.get_role_display())
        lines.append(_colleague(role.colleague, about, today))
    return Part(_("With us"), lines or [Line(_("Nobody is responsible."))], rank=5, least=1)


def _colleague(colleague, about, today):
    away = ""
    if not colleague.is_active:
        away = _("no longer works here")
    elif colleague.is_absent(today):
        away = _("away until %(day)s") % {"day": date_format(colleague.absent_until, "MONTH_DAY_FORMAT")}
        if colleague.deputy:
            away += f": {colleague.deputy} {phone(colleague.deputy.phone)}".rstrip()
    link = (phone(colleague.phone), tel(colleague.phone)) if colleague.phone and colleague.is_active else ()
    return Line(short(about, 60), strong=f"{short(str(colleague), 50)},", link=link, small=away)


def group(brief):
    """The group with its aim."""
    place = brief.workplace
    if brief.plan is None:
        return Part(_("Group"), [Line(_("No group"))], rank=2)
    since = _("since %(day)s") % {"day": short_day(place.tier_since, brief.today)}
    return Part(
        _("Group"),
        [Line(short(brief.plan.aim, 120), strong=place.get_tier_display(), small=since)],
        rank=3,
    )


def facts(brief):
    """What the register says."""
    place = brief.workplace
    company = place.company
    employees = place.employees
    if employees and place.employees_period:
        employees = f"{employees}, {place.employees_counted_in}"
    rows = [
        (_("Employees"), employees),
        (_("Branch"), place.branch and short(place.branch.title, 80)),
        (_("Form"), company.form and str(company.form)),
        (_("CVR number"), company.cvr_number),
        (_("P-number"), place.p_number),
        (_("Municipality"), place.municipality and str(place.municipality)),
    ]
    lines = [Line(str(value), label=f"{label}:") for label, value in rows if value]
    counts = [(count.figure.name, with_unit(count.figure, count.value)) for count in _figures(place)]
    lines += [Line(value, label=f"{short(name, 50)}:") for name, value in counts]
    return Part(_("Facts"), lines, rank=3, least=2)


def _figures(place):
    return WorkplaceFigure.objects.for_card(place)[:OTHERS_READ]


def other_workplaces(brief):
    """Where else the company is, and in which group."""
    places = brief.workplace.company.workplaces.active().exclude(pk=brief.workplace.pk).select_related("owner")
    found = list(places.annotate(in_all=Window(Count("pk"))).order_by("sort_name", "pk")[:OTHERS_READ])
    lines = []
    for place in found:
        tier = _("group %(n)s") % {"n": place.tier} if place.tier else ""
        owner = str(place.owner) if place.responsible else ""
        small = " · ".join(filter(None, [short(place.short_address, 60), tier, owner]))
        lines.append(Line(short(place.name, 60), small=small))
    more = found[0].in_all - len(found) if found else 0
    return Part(_("Other workplaces"), lines, rank=1, least=1, more=more)


def other_job_centres(brief):
    """Which other job centres talk with them, so that nobody is asked the same twice."""
    if not brief.may("contacts.view_otherjobcentre"):
        return None
    found = OtherJobCentre.objects.at(brief.workplace).current().select_related("municipality")[:OTHERS_READ]
    lines = []
    for other in found:
        link = (phone(other.phone), tel(other.phone)) if other.phone else ()
        lines.append(
            Line(short(other.name, 50), strong=str(other.municipality), link=link, small=short(other.remark, 70))
        )
    return Part(_("Other job centres"), lines, rank=2, least=1)


WIDE = [what_to_ask, agreements, places, promises, last_contacts, barriers_met, guideline]
NARROW = [people, our_people, services, results, group, facts, other_job_centres, other_workplaces]


def file_name(workplace):
    """What the file is called: a name that a person finds again."""
    return f"{_('Brief')} {workplace.name}.pdf"

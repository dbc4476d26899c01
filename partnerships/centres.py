"""Company centres: their facts by form, the employers that take part, and the mentors with their hours (need M13)."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.models import Company
from contacts.actions import hold, standing
from contacts.models import Person
from partnerships import drafting, goals, steps
from partnerships.models import CentreMember, CompanyCentre, Mentor
from partnerships.refusals import Refused

Form = CompanyCentre.Form
# What only one of the forms has, and whom each form takes in besides the employer where it was made.
ONLY_OF = {"side_production": Form.SIDE_PRODUCTION, "agency": Form.SATELLITE}
MEMBERS = {
    Form.VIRTUAL: gettext_lazy("Employers of the pool"),
    Form.NETWORK: gettext_lazy("Around the core company"),
    Form.SATELLITE: gettext_lazy("Companies that take people from the agency"),
}


# Where the result of a centre comes from: an app above registers it.
_results = []


# Only where company centres are shown: it says nothing of other places. Source: the guide of 2012, p. 38.
REFERENCE = gettext_lazy(
    "For comparison: the first project with company centres (2007–2011, people on cash benefit) set out to have 20 % support themselves four weeks after the end, and got to 14.4 %. Municipalities differed widely."
)


@dataclass(frozen=True)
class Result:
    """How many per cent of the `known` supported themselves four weeks after the end; `percent` is None of too few.

    It is told of `fewest` and more.
    """

    percent: int | None
    known: int
    fewest: int


def register_result(result):
    """Say where the centre's own result comes from; called from `AppConfig.ready()`.

    `result(agreement, user)` gives a `Result`, or None to those who may not see it.
    """
    if result not in _results:
        _results.append(result)


def takes_members(centre):
    """Open side production is at one employer; the other forms are of several."""
    return centre.form in MEMBERS


def promised(centre, but=None):
    """The places that the members have among them, without those of `but`."""
    members = CentreMember.objects.filter(centre=centre, until=None).exclude(pk=but.pk if but else None)
    return sum(places or 0 for places in members.values_list("places", flat=True))


def _refuse_too_many(centre, places, but=None):
    others = promised(centre, but)
    if others + (places or 0) > centre.places:
        left = max(centre.places - others, 0)
        raise Refused(
            ngettext(
                "The centre has %(all)s places, and %(n)s of them is left. Write fewer here, or give the centre more.",
                "The centre has %(all)s places, and %(n)s of them are left. Write fewer here, or give the centre more.",
                left,
            )
            % {"all": centre.places, "n": left},
            "places",
        )


def of(agreement):
    """The centre of an agreement; raises `Refused` where nobody has written its facts yet."""
    if centre := CompanyCentre.objects.filter(agreement=agreement).first():
        return centre
    raise Refused(_("Write the facts of the centre first."))


@transaction.atomic
def write(*, agreement, by, target_groups, note="", **facts):
    """Write the facts of a centre, the first time or anew. What belongs to another form than the one chosen is emptied.

    Raises `Refused` where the members have more places than that, or where the form takes none and there are some, and
    `NotNow` as `drafting.with_part` does.
    """

    def act(agreement):
        if not agreement.is_centre:
            raise Refused(_("Only an agreement on a company centre has these facts."))
        centre = CompanyCentre.objects.filter(agreement=agreement).first() or CompanyCentre(agreement=agreement)
        for name, value in facts.items():
            setattr(centre, name, value)
        for name, form in ONLY_OF.items():
            if centre.form != form:
                setattr(centre, name, "")
        members = CentreMember.objects.filter(centre=centre.pk, until=None)
        if not takes_members(centre) and members.exists():
            raise Refused(
                _("Others take part in this centre. Say first until when they did, or keep its form."), "form"
            )
        if (others := promised(centre)) > centre.places:
            raise Refused(
                _("Those who take part have %(n)s places among them. Write that many or more.") % {"n": others},
                "places",
            )
        centre._history_user = by
        centre.save()
        centre.target_groups.set(target_groups)
        return centre

    _agreement, centre = drafting.with_part(agreement=agreement, by=by, note=note, act=act)
    return centre


def _hold(agreement, workplace):
    """Lock what adding `workplace` needs in the order of the house: company, workplaces, and then the agreement."""
    list(Company.everything.filter(pk=agreement.company_id).select_for_update(no_key=True).values_list("pk"))
    hold([agreement.workplace_id, workplace.pk])
    return standing(workplace)


@transaction.atomic
def add_member(*, agreement, workplace, since, by, places=None):
    """Let `workplace`, also of another company, take part from `since` on. Raises `Refused` or `NotNow`."""
    workplace = _hold(agreement, workplace)

    def act(agreement):
        centre = of(agreement)
        if not takes_members(centre):
            raise Refused(_("An open side production is at one employer: nobody else takes part."))
        if workplace.pk == agreement.workplace_id:
            raise Refused(_("The centre is at this workplace already."))
        if workplace.labour_conflict:
            raise Refused(_("There is a labour conflict at this workplace. No new places can be agreed."))
        if workplace.ceased_on:
            raise Refused(_("This workplace has closed."))
        _refuse_second(centre, workplace)
        _refuse_too_many(centre, places)
        return CentreMember.objects.create(centre=centre, workplace=workplace, places=places, since=since)

    note = _("%(name)s takes part") % {"name": workplace.name}
    return drafting.with_part(agreement=agreement, by=by, note=note[:200], act=act)[1]


def _refuse_second(centre, workplace, but=None):
    taking_part = CentreMember.objects.filter(centre=centre, workplace=workplace, until=None)
    if taking_part.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("%(name)s takes part already.") % {"name": workplace.name})


@transaction.atomic
def change_member(*, member, by, since, places=None, until=None):
    """Change from when a member takes part and with how many places; `until` ends it, and its mentors with it.

    Returns the mentors that ended. Raises `Refused` or `NotNow`.
    """
    agreement = member.centre.agreement
    workplace = _hold(agreement, member.workplace)

    def act(agreement):
        centre = of(agreement)
        row = CentreMember.objects.get(pk=member.pk)
        if until is None:
            _refuse_second(centre, workplace, but=row)
            _refuse_too_many(centre, places, but=row)
        ends = until is not None and row.until is None
        row.since, row.places, row.until = since, places, until
        row.save()
        return _end_mentors(centre, workplace, until, by) if ends else []

    words = _("%(name)s takes part no longer") if until else _("%(name)s takes part, changed")
    note = words % {"name": workplace.name}
    return drafting.with_part(agreement=agreement, by=by, note=note[:200], act=act)[1]


def _end_mentors(centre, workplace, until, by):
    """Those who work at a workplace that takes part no longer are mentors no longer."""
    mentors = list(
        Mentor.objects.filter(centre=centre, until=None, person__workplace=workplace).select_related("person")
    )
    for mentor in mentors:
        mentor.until, mentor._history_user = max(until, mentor.since), by
        mentor.save()
    return mentors


def people_for(agreement):
    """Whom one can choose as a mentor: those who are at its workplaces, or at those that take part."""
    members = CentreMember.objects.filter(centre=agreement.pk, until=None).select_related("workplace")
    places = [*steps.places_of(agreement), *(member.workplace for member in members)]
    return Person.objects.at_any_of(places).current().select_related("company", "workplace")


@transaction.atomic
def add_mentor(*, agreement, person, hours_a_week, since, by, trained_on=None):
    """Let `person` be a mentor of the centre from `since` on. Raises `Refused` or `NotNow`."""

    def act(agreement):
        centre = of(agreement)
        _refuse_twice(centre, person)
        mentor = Mentor(
            centre=centre, person=person, hours_a_week=hours_a_week, since=since, trained_on=trained_on, created_by=by
        )
        mentor._history_user = by
        mentor.save()
        return mentor

    note = _("%(name)s is a mentor") % {"name": person}
    return drafting.with_part(agreement=agreement, by=by, note=note[:200], act=act)[1]


def _refuse_twice(centre, person, but=None):
    mentors = Mentor.objects.filter(centre=centre, person=person, until=None)
    if mentors.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("%(name)s is a mentor here already.") % {"name": person}, "person")


@transaction.atomic
def change_mentor(*, mentor, by, hours_a_week, since, trained_on=None, until=None):
    """Change the hours of a mentor, or the days; `until` is the last day. Raises `Refused` or `NotNow`."""

    def act(agreement):
        row = Mentor.objects.select_related("person", "centre").get(pk=mentor.pk)
        if until is None:
            _refuse_twice(row.centre, row.person, but=row)
        row.hours_a_week, row.since, row.trained_on, row.until = hours_a_week, since, trained_on, until
        row._history_user = by
        row.save()
        return row

    words = _("%(name)s is a mentor no longer") if until else _("%(name)s is a mentor, changed")
    note = words % {"name": mentor.person}
    return drafting.with_part(agreement=mentor.centre.agreement, by=by, note=note[:200], act=act)[1]


@dataclass
class OnCard:
    """What the card of an agreement shows of its centre; `facts` are (label, text) of those that say something."""

    centre: CompanyCentre | None
    may_change: bool
    facts: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    members: list = field(default_factory=list)
    earlier_members: list = field(default_factory=list)
    mentors: list = field(default_factory=list)
    earlier_mentors: list = field(default_factory=list)
    results: list = field(default_factory=list)
    # With what it is compared.
    reference: str = REFERENCE

    @property
    def hours(self):
        """What the mentors have together, hours a week."""
        return sum((mentor.hours_a_week for mentor in self.mentors), Decimal(0))

    @property
    def hours_shown(self):
        return goals.figure(self.hours)

    @property
    def untrained(self):
        return sum(mentor.trained_on is None for mentor in self.mentors)

    @property
    def takes_members(self):
        return takes_members(self.centre)

    @property
    def members_label(self):
        return MEMBERS.get(self.centre.form, "")

    @property
    def places_of_members(self):
        return sum(member.places or 0 for member in self.members)


# In the order in which the card tells them, after form and places.
TOLD = ("side_production", "agency", "tasks", "support", "reception", "absence", "follow_up", "exit", "payment")


def for_card(agreement, user, today):
    """What the card shows of the centre of `agreement`, in four statements and those of its result."""
    centre = CompanyCentre.objects.filter(agreement=agreement).first()
    may_change = not agreement.is_over and user.has_perm("partnerships.change_agreement")
    shown = OnCard(centre, may_change)
    shown.results = [found for result in _results if (found := result(agreement, user))]
    if centre is None:
        return shown
    fields = {name: CompanyCentre._meta.get_field(name) for name in TOLD}
    shown.facts = [(fields[name].verbose_name, text) for name in TOLD if (text := getattr(centre, name))]
    for group in centre.target_groups.order_by("code"):
        group.has_ended = group.valid_to is not None and group.valid_to < today
        shown.groups.append(group)
    for member in centre.members.select_related("workplace__company").order_by("pk"):
        (shown.members if member.until is None else shown.earlier_members).append(member)
    for mentor in centre.mentors.select_related("person__workplace").order_by("pk"):
        (shown.mentors if mentor.until is None else shown.earlier_mentors).append(mentor)
    return shown

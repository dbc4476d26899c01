"""The contacts at a workplace, and who took part in them: what its card tells, and what one knows before one writes."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from django.db.models import BooleanField, DateTimeField, Max, Q, Subquery, Value
from django.utils.functional import cached_property

from contacts.models import Amendment, Interaction
from jobcenter_crm.frame.danish import sort_key
from jobcenter_crm.staff.models import NAME, User

State = Interaction.State
# What is told of one.
_COLUMNS = (
    "workplace__name", "state", "channel", "direction", "on", "at", "purpose", "outcome", "barrier", "note",
    "created_by_id", "logged_at",
)  # fmt: skip


@dataclass
class Log:
    """What is `planned` and what is `past` at a workplace, the latest first.

    `last` was held there or at another workplace of the company, the `first_meeting` there; None without any.
    Each contact has `ours` and `theirs`, those who took part, and the `additions` to its note.
    """

    planned: list
    past: list
    last: Interaction | None
    first_meeting: Interaction | None


def log_of(workplace, most):
    """The `Log` of a workplace with the `most` latest of its past, all of it with None."""
    company = Interaction.objects.at_company_of(workplace)
    here = Interaction.objects.filter(workplace=workplace)
    past = here.exclude(state=State.PLANNED)
    first = here.held().meetings().soonest_first()
    wanted = [
        Q(workplace=workplace, state=State.PLANNED),
        Q(pk__in=past.newest_first().values("pk")[:most]) if most else Q(workplace=workplace),
        Q(pk__in=first.values("pk")[:1]),
        Q(pk__in=company.held().newest_first().values("pk")[:1]),
    ]
    # The company once more, so that a database looks at its contacts alone.
    found = company.filter(Q(*wanted, _connector=Q.OR)).select_related("workplace").only(*_COLUMNS)
    found = sorted(found.order_by(), key=_when, reverse=True)
    _say_who(found)
    held = [contact for contact in found if contact.state == State.HELD]
    at_place = [contact for contact in found if contact.workplace_id == workplace.pk]
    met = [contact for contact in at_place if contact.state == State.HELD and contact.is_meeting]
    return Log(
        planned=[contact for contact in at_place if contact.state == State.PLANNED],
        past=[contact for contact in at_place if contact.state != State.PLANNED][:most],
        last=held[0] if held else None,
        first_meeting=min(met, key=lambda contact: (contact.on, contact.at or time.max, contact.pk), default=None),
    )


class Known:
    """What a colleague should know before they write to or of a workplace; read in three statements when first asked for.

    `last` was held at any workplace of the company, `met_on` is the day of the last meeting at this one, `coming` is what
    others have planned from today on, and `own` what `user` had planned here for today or before and has not told about
    yet. Each is None where there is none.
    """

    def __init__(self, workplace, user, today):
        self.workplace, self.user, self.today = workplace, user, today

    @cached_property
    def _contacts(self):
        company = Interaction.objects.at_company_of(self.workplace)
        met = Interaction.objects.held().meetings().filter(workplace=self.workplace).order_by()
        last = company.held().newest_first().values("pk")[:1]
        wanted = company.filter(Q(state=State.PLANNED) | Q(pk__in=last))
        met_on = met.values("workplace").annotate(day=Max("on")).values("day")
        rows = wanted.annotate(met_on=Subquery(met_on)).select_related("workplace").soonest_first()
        return list(rows.prefetch_related("staff", "persons"))

    @property
    def last(self):
        """The last contact that was held at any workplace of the company."""
        return next((one for one in self._contacts if one.state == State.HELD), None)

    @property
    def met_on(self):
        """The day of the last meeting at this workplace."""
        # Where they were met, there is a last contact too.
        return self._contacts[0].met_on if self._contacts else None

    @property
    def coming(self):
        """The first that others have planned at the company from today on."""
        return next((one for one in self._planned(others=True) if one.on >= self.today), None)

    @property
    def own(self):
        """The first that the reader had planned here for today or before."""
        here = (one for one in self._planned(others=False) if one.workplace_id == self.workplace.pk)
        return next((one for one in here if one.on <= self.today), None)

    def with_people(self, contact):
        """`contact` with those who take part; what was read along where it is one that was planned at the company."""
        return next((one for one in self._contacts if one == contact), contact)

    def _planned(self, *, others):
        planned = (one for one in self._contacts if one.state == State.PLANNED)
        return (one for one in planned if (self.user not in one.staff.all()) == others)


def _when(contact):
    return contact.on, contact.at or time.min, contact.pk


class _Line(NamedTuple):
    """What belongs to a contact: an addition to its note (`at`, by a colleague), or somebody of ours or of theirs."""

    contact: int
    at: datetime | None
    text: str
    pk: int
    first_name: str
    last_name: str
    username: str
    is_active: bool | None

    @property
    def user(self):
        return User(**{name: getattr(self, name) for name in _USER})


_USER = ("pk", *NAME, "is_active")


def _say_who(contacts):
    """Give each contact those who took part, and the additions to its note; in one statement."""
    for contact in contacts:
        contact.ours, contact.theirs, contact.additions = [], [], []
    if not contacts:
        return
    of = {contact.pk: contact for contact in contacts}
    through = {"interaction__in": list(of)}
    nothing, nobody, no_moment = Value(""), Value(None, BooleanField()), Value(None, DateTimeField())
    # The additions first: what the columns are is taken from them.
    parts = [
        _lines(Amendment, through, "at", "text", *(f"by__{name}" for name in _USER)),
        _lines(Interaction.staff.through, through, no_moment, nothing, *(f"user__{name}" for name in _USER)),
        _lines(Interaction.persons.through, through, no_moment, "person__name", "person_id", *[nothing] * 3, nobody),
    ]
    lines = [_Line(*values) for values in parts[0].union(*parts[1:], all=True)]
    for line in sorted(lines, key=_by_name):
        contact = of[line.contact]
        if line.at:
            contact.additions.append(line)
        elif line.is_active is None:
            contact.theirs.append(line.text)
        else:
            contact.ours.append(line.user)
    for contact in contacts:
        contact.additions.sort(key=lambda line: line.at)


def _by_name(line):
    return sort_key(line.text), sort_key(f"{line.first_name} {line.last_name}"), line.username, line.pk


def _lines(model, through, *columns):
    return model.objects.filter(**through).order_by().values_list("interaction_id", *columns)

"""What the card of an agreement tells besides its facts: what is lacking, who should be at the table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Interaction, Person
from partnerships import steps, versions
from partnerships.models import Agreement

# Told by the card in places of their own.
APART = {"places", "period", "title", "purpose", "we_give", "they_give", "review_every", "goals"}

# What other apps have to say on the card, and the sections that they put there.
_notes = []
_parts = []


@dataclass(frozen=True)
class Part:
    """A section of another app: its `template` reads `part`, which are the `facts`."""

    template: str
    facts: object


def register(note):
    """Add a note; called from `AppConfig.ready()`. `note(agreement, user, today)` gives words and an address, or None."""
    if note not in _notes:
        _notes.append(note)


def notes(agreement, user, today):
    """What other apps say of the agreement, as `(words, address)`."""
    return [said for note in _notes if (said := note(agreement, user, today))]


def register_part(part):
    """Add a section; called from `AppConfig.ready()`. `part(agreement, user, today)` gives a `Part`, or None."""
    if part not in _parts:
        _parts.append(part)


def parts(agreement, user, today):
    """The `Part`s of other apps."""
    return [shown for part in _parts if (shown := part(agreement, user, today))]


@dataclass
class Table:
    """Who should sit at the table when it is agreed: `names`, the meeting that is planned, or where one is planned."""

    names: str
    meeting: Interaction | None
    plan_url: str


def table(agreement, user, today):
    """For a draft or a proposal: the two managements with a partnership or a centre, and the next meeting with the employer."""
    planned = Interaction.objects.planned().meetings().filter(workplace__company=agreement.company_id, on__gte=today)
    meeting = planned.soonest_first().first()
    staff, persons = [user], []
    if agreement.kind in steps.OF_MANAGEMENT:
        if leader := agreement.owner.led_by:
            staff.append(leader)
        theirs = Person.objects.at(agreement.workplace).current().filter(role=Person.Role.DIRECTOR)
        persons = list(theirs.order_by("pk")[:2])
    names = [_("%(name)s (our manager)") % {"name": leader} for leader in staff[1:]]
    names += [f"{person.name} ({str(person.get_role_display()).lower()})" for person in persons]
    asked = [
        ("workplace", agreement.workplace_id),
        ("purpose", _("Agree on: %(agreement)s") % {"agreement": agreement}),
        ("channel", "visit"),
        *(("staff", one.pk) for one in staff),
        *(("person", one.pk) for one in persons),
        ("next", agreement.get_absolute_url()),
    ]
    return Table(_join(names), meeting, f"{reverse('contacts:plan')}?{urlencode(asked)}")


def _join(names):
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def rest(agreement):
    """What it says that the card does not tell elsewhere, as `versions.Line`s."""
    said = {name: versions.plain(getattr(agreement, name)) for name in Agreement.WORDING}
    return [line for line in versions.lines(said) if line.name not in APART]

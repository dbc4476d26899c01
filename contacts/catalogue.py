"""The catalogue of services at work: what a workplace was told of and uses, how many do, and a use noted and ended."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.actions import NotNow, standing
from contacts.models import UNDO_FOR, Interaction, Service, ServiceUse
from jobcenter_crm.staff.models import User

State = Interaction.State
_IN_USE = "in_use"


@dataclass
class InUse:
    """A service that a workplace uses; `pk` is that of the `ServiceUse`."""

    pk: int
    service: Service
    since: date
    is_offered: bool


@dataclass
class Told:
    """The last contact in which a workplace was told of a service, and who of ours did."""

    contact: int
    service: Service
    on: date
    is_offered: bool
    staff: list = field(default_factory=list)


@dataclass
class AtWorkplace:
    """What a workplace has to do with the catalogue.

    `in_use`, then what it was `told` of and does not use, the latest first; `by_contact` are the services of each contact,
    also of a planned one, by its key.
    """

    in_use: list
    told: list
    by_contact: dict


class _Line(NamedTuple):
    """One of what `at` reads: a service in use, or in a contact, once for each of our people who were there."""

    what: str
    pk: int
    day: date
    service: Service
    user: User | None

    @classmethod
    def of(cls, values):
        what, pk, day = values[:3]
        user = User(**dict(zip(_USER, values[-len(_USER) :], strict=True)))
        return cls(what, pk, day, Service(**dict(zip(_SERVICE, values[3:], strict=False))), user if user.pk else None)

    @property
    def place(self):
        """Where the service stands in the catalogue."""
        return self.service.position, self.service.name_da, self.service.pk


_SERVICE = ("pk", "position", "name_da", "name_en", "valid_from", "valid_to")
_USER = ("pk", "first_name", "last_name", "username")


def at(workplace, today):
    """The `AtWorkplace` of a workplace, in one statement; `today` says what is still offered."""
    told = _values(
        Interaction.services.through.objects.filter(interaction__workplace=workplace),
        ["interaction__state", "interaction_id", "interaction__on"],
        [f"interaction__staff__{name}" for name in _USER],
    )
    nobody = [Value(None, output_field=models.BigIntegerField()), *map(Value, ("", "", ""))]
    uses = _values(ServiceUse.objects.current().filter(workplace=workplace), [Value(_IN_USE), "pk", "since"], nobody)
    lines = sorted((_Line.of(values) for values in told.union(uses)), key=lambda line: line.place)
    by_contact = {}
    for line in lines:
        if line.what != _IN_USE:
            by_contact.setdefault(line.pk, {})[line.service] = line.service
    in_use = [
        InUse(line.pk, line.service, line.day, line.service.is_valid(today)) for line in lines if line.what == _IN_USE
    ]
    used = {use.service for use in in_use}
    return AtWorkplace(
        in_use,
        [one for one in _last_told(lines, today) if one.service not in used],
        {contact: list(services) for contact, services in by_contact.items()},
    )


def _last_told(lines, today):
    """The last held contact that told of each service, the latest first."""
    last = {}
    for line in sorted(lines, key=lambda line: (line.day, line.pk, str(line.user))):
        if line.what != State.HELD:
            continue
        one = last.get(line.service)
        if one is None or one.contact != line.pk:
            one = last[line.service] = Told(line.pk, line.service, line.day, line.service.is_valid(today))
        if line.user:
            one.staff.append(line.user)
    return sorted(last.values(), key=lambda one: (-one.on.toordinal(), one.service.position, one.service.pk))


def _values(rows, what, whom):
    return rows.order_by().values_list(*what, *(f"service__{name}" for name in _SERVICE), *whom)


def counts(today, months):
    """How many active workplaces use each service, and how many were told of it in the last `months`: two dictionaries by its key."""
    standing_places = {"workplace__ceased_on": None, "workplace__merged_into": None}
    uses = ServiceUse.objects.current().filter(**standing_places).order_by().values_list("service")
    told = Interaction.services.through.objects.filter(
        interaction__state=State.HELD,
        interaction__on__gte=today - relativedelta(months=months),
        **{f"interaction__{name}": value for name, value in standing_places.items()},
    )
    told = told.order_by().values_list("service")
    return (
        dict(uses.annotate(n=Count("workplace"))),
        dict(told.annotate(n=Count("interaction__workplace", distinct=True))),
    )


@transaction.atomic
def begin(*, workplace, service, since, by):
    """Note that a workplace uses a service from `since`; one that does already keeps its day. Returns the `ServiceUse`, and whether it is new."""
    workplace = standing(workplace)
    current = ServiceUse.objects.current().filter(workplace=workplace, service=service)
    if known := current.first():
        return known, False
    use = ServiceUse(workplace=workplace, service=service, since=since, created_by=by)
    use._history_user = by
    try:
        with transaction.atomic():
            use.save()
    except IntegrityError:
        # A colleague has noted the same in the same second.
        return current.get(), False
    return use, True


@transaction.atomic
def end(*, use, by):
    """Say that a service is used no longer. Harmless twice."""
    use = ServiceUse.objects.select_for_update().get(pk=use.pk)
    if use.until is None:
        use.until, use._history_user = max(timezone.localdate(), use.since), by
        use.save(update_fields=["until"])
    return use


@transaction.atomic
def resume(*, use, by):
    """Take the end back.

    Raises `NotNow` where the service has been noted as in use anew meanwhile.
    """
    use = ServiceUse.objects.select_for_update().get(pk=use.pk)
    use.until, use._history_user = None, by
    try:
        with transaction.atomic():
            use.save(update_fields=["until"])
    except IntegrityError:
        raise NotNow(_("It has been noted as in use again meanwhile.")) from None
    return use


@transaction.atomic
def take_back(*, use, by):
    """Undo what `by` has just noted; the history keeps it.

    Raises `NotNow` when it is not theirs, no longer new, or has ended meanwhile.
    """
    use = ServiceUse.objects.select_for_update().filter(pk=use.pk).first()
    if use is None or use.created_by_id != by.pk or use.until or timezone.now() - use.created_at >= UNDO_FOR:
        raise NotNow(_("Only the one who noted it can take it back, and only within ten minutes."))
    use._history_user = by
    use.delete()

"""The catalogue of services at work: what a workplace was told of and uses, how many do, and a use noted and ended."""

from dataclasses import dataclass, field
from datetime import date

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


def at(workplace, today):
    """The `AtWorkplace` of a workplace, in one statement; `today` says what is still offered."""
    told = _lines(
        Interaction.services.through.objects.filter(interaction__workplace=workplace),
        "interaction__state", "interaction_id", "interaction__on", "interaction__staff",
    )  # fmt: skip
    uses = _lines(ServiceUse.objects.current().filter(workplace=workplace), Value(_IN_USE), "pk", "since")
    services, in_use, last, by_contact = {}, [], {}, {}
    for what, pk, day, key, position, danish, english, valid_from, valid_to, user, *names in told.union(uses):
        service = services.setdefault(
            key,
            Service(
                pk=key, position=position, name_da=danish, name_en=english, valid_from=valid_from, valid_to=valid_to
            ),
        )
        if what == _IN_USE:
            in_use.append(InUse(pk, service, day, service.is_valid(today)))
            continue
        those = by_contact.setdefault(pk, [])
        if service not in those:
            those.append(service)
        if what != State.HELD:
            continue
        latest = last.setdefault(key, Told(pk, service, day, service.is_valid(today)))
        if (day, pk) > (latest.on, latest.contact):
            latest = last[key] = Told(pk, service, day, service.is_valid(today))
        if user and latest.contact == pk:
            latest.staff.append(User(pk=user, **dict(zip(_NAMES, names, strict=True))))
    used = {use.service.pk for use in in_use}
    for those in (*by_contact.values(), in_use):
        those.sort(key=lambda one: _place(getattr(one, "service", one)))
    for one in last.values():
        one.staff.sort(key=str)
    told = [one for key, one in last.items() if key not in used]
    return AtWorkplace(in_use, sorted(told, key=lambda one: (-one.on.toordinal(), _place(one.service))), by_contact)


_NAMES = ("first_name", "last_name", "username")


def _lines(rows, what, pk, day, staff=""):
    """One line for each row and each of our people in it: all that `at` reads, alike for what it unites."""
    service = ("pk", "position", "name_da", "name_en", "valid_from", "valid_to")
    whom = [f"{staff}__{name}" for name in ("pk", *_NAMES)] if staff else [_no_number(), *map(Value, ("", "", ""))]
    return rows.order_by().values_list(what, pk, day, *(f"service__{name}" for name in service), *whom)


def _no_number():
    return Value(None, output_field=models.BigIntegerField())


def _place(service):
    return service.position, service.name_da, service.pk


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

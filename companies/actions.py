"""Acts on places of work: group, responsible consultant, flags, and what is written by hand; each with who did it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company, RegisterChange, TierChange, Workplace
from companies.models.register import Derived
from companies.register import news, words
from companies.register.changes import PLACE_FACTS


class AlreadyThere(Exception):
    """The register has this P-number, or this address of the company without one; `workplace` is where."""

    def __init__(self, workplace):
        self.workplace = workplace
        super().__init__(str(workplace))


class TheRegisters(Exception):
    """A file of the register has brought the workplace with P-number: its facts are no longer ours to write."""


@transaction.atomic
def set_tier(*, workplace, tier, by, why=""):
    """Put `workplace` in group `tier` (1-4, or None for no group) by hand; rules leave it alone from then on.

    Returns the `TierChange`, or None when it already stood there by hand.
    """
    workplace = _locked(workplace)
    if workplace.tier == tier and workplace.tier_by_hand == (tier is not None):
        return None
    since = workplace.tier_since
    if workplace.tier != tier:
        since = timezone.localdate() if tier else None
    return give_tier(workplace=workplace, tier=tier, tier_since=since, tier_by_hand=tier is not None, by=by, why=why)


@transaction.atomic
def give_tier(*, workplace, tier, tier_since, tier_by_hand, by, why=""):
    """Write the group of a workplace that the caller has locked; the `TierChange`, or None when it stays in its group."""
    change = None
    if workplace.tier != tier:
        change = TierChange.objects.create(
            workplace=workplace, from_tier=workplace.tier, to_tier=tier, why=why, by=by, at=timezone.now()
        )
    workplace.tier, workplace.tier_since, workplace.tier_by_hand = tier, tier_since, tier_by_hand
    _save(workplace, ["tier", "tier_since", "tier_by_hand"], by=by, why=why)
    return change


@transaction.atomic
def set_owner(*, workplace, owner, by, why="", as_before=False):
    """Name `owner` (or nobody) as the responsible consultant of `workplace`; `why` stands in its history.

    Raises `ValueError` for a colleague who no longer works here, unless it is `as_before`, by an undo: a workplace
    of somebody who has left is nobody's like any other of theirs.
    """
    if owner is not None and not owner.is_active and not as_before:
        raise ValueError(_("%(name)s no longer works here.") % {"name": owner})
    workplace = _locked(workplace)
    if workplace.owner_id == (owner.pk if owner else None):
        return
    workplace.owner = owner
    _save(workplace, ["owner"], by=by, why=why)


@transaction.atomic
def take(*, workplaces, by):
    """Make `by` responsible for those of `workplaces` that nobody who works here is responsible for.

    Returns those that are theirs now, and those where a colleague was quicker, each with its `owner`. What
    was theirs already is in neither.
    """
    taken, lost = [], []
    for workplace in _locked_in_order(workplaces):
        if workplace.responsible is None:
            workplace.owner = by
            _save(workplace, ["owner"], by=by)
            taken.append(workplace)
        elif workplace.owner_id != by.pk:
            lost.append(workplace)
    return taken, lost


@transaction.atomic
def release(*, workplaces, by, why=""):
    """Let nobody be responsible for those of `workplaces` that `by` is responsible for; `why` stands in their history.

    Returns those that were released. What is planned and promised there stays as it is.
    """
    released = [workplace for workplace in _locked_in_order(workplaces) if workplace.owner_id == by.pk]
    for workplace in released:
        workplace.owner = None
        _save(workplace, ["owner"], by=by, why=why)
    return released


@transaction.atomic
def set_flags(*, workplace, do_not_contact, do_not_contact_why, labour_conflict, by, why=""):
    """Mark or unmark `workplace` as one that asks to be left alone, or where there is a labour conflict."""
    workplace = _locked(workplace)
    workplace.do_not_contact = do_not_contact
    workplace.do_not_contact_why = do_not_contact_why if do_not_contact else ""
    workplace.labour_conflict = labour_conflict
    _save(workplace, ["do_not_contact", "do_not_contact_why", "labour_conflict"], by=by, why=why)


@transaction.atomic
def agree_centrally(*, company, agreed_centrally, central_person, central_owner, by):
    """Say that contacts to all workplaces of `company` go through `central_owner`, or that they no longer do."""
    company.agreed_centrally = agreed_centrally
    company.central_person = central_person if agreed_centrally else ""
    company.central_owner = central_owner if agreed_centrally else None
    company._history_user = by
    company.save(update_fields=["agreed_centrally", "central_person", "central_owner"])


@transaction.atomic
def add_workplace(*, cvr_number, by, name, owner=None, **facts):
    """Add a workplace that no file has told of, and its company if that is new too; returns the workplace.

    `facts` are columns of `Workplace`. They are ours to keep until a file of the register brings the place:
    it is known again by its P-number, or by company and address. Raises `AlreadyThere`.
    """
    company, _is_new = Company.everything.get_or_create(cvr_number=cvr_number, defaults={"name": name})
    company = company.merged_into or company
    workplace = Workplace(company=company, name=name, owner=owner, **facts)
    workplace._history_user = by
    _write_facts(workplace)
    tell(workplace, None, by=by)
    return workplace


@transaction.atomic
def correct_facts(*, workplace, by, **facts):
    """Write other `facts` of a workplace where they are ours; its trail tells what was before.

    A company that has no other workplace, and is called what it was called, is renamed with it. Raises
    `TheRegisters` when a file has brought it meanwhile, and `AlreadyThere` for a P-number or
    an address that another workplace has.
    """
    workplace = Workplace.objects.select_for_update(of=["self"]).select_related("company").get(pk=workplace.pk)
    if not workplace.facts_are_ours:
        raise TheRegisters
    before = Workplace(**{column: getattr(workplace, column) for column in PLACE_FACTS})
    if (workplace.employees_min, workplace.employees_max) != (facts["employees_min"], facts["employees_max"]):
        # The old count's period is not the new one's.
        facts |= {"employees_period": "", "employees_source": ""}
    for column, value in facts.items():
        setattr(workplace, column, value)
    company = workplace.company
    if company.name == before.name != workplace.name and not company.workplaces.exclude(pk=workplace.pk).exists():
        company.name, company._history_user = workplace.name, by
        company.save(update_fields=["name"])
    workplace._history_user = by
    _write_facts(workplace, update_fields=[*facts, *Derived._fields])
    tell(workplace, before, by=by)


def _write_facts(workplace, **how):
    """Save; what another has just saved is found and named, never a broken constraint."""
    try:
        with transaction.atomic():
            workplace.save(**how)
    except IntegrityError:
        others = Workplace.everything.exclude(pk=workplace.pk)
        taken = others.filter(p_number=workplace.p_number).first() if workplace.p_number else None
        here = others.filter(company=workplace.company, p_number=None, address_key=workplace.address_key)
        taken = taken or here.filter(merged_into=None).first()
        if taken is None:
            raise
        raise AlreadyThere(taken.merged_into or taken) from None


def tell(workplace, before, *, by):
    """Keep in the workplace's trail what `by` wrote, as an import keeps what a file brought; nothing for no change.

    `before` is the workplace as it was, None for a new one.
    """
    old = {column: getattr(before, column) if before else None for column in PLACE_FACTS}
    changes = {column: getattr(workplace, column) for column in PLACE_FACTS}
    changes = {column: value for column, value in changes.items() if value != old[column]}
    companies = (before.company.name, workplace.company.name) if before else (None, None)
    names = words.Names.of(*filter(None, (before, workplace)))
    told, tells = words.trail(old, changes, None, {}, names, company_names=companies)
    kind = RegisterChange.Kind.CHANGED
    if before is None:
        kind = RegisterChange.Kind.NEW
        told, tells = {}, {column: value for column, value in tells.items() if value is not None}
    if tells:
        news.mark(RegisterChange(workplace=workplace, kind=kind, before=told, after=tells, by=by)).save()


def _locked(workplace):
    """The workplace, or the one that it was merged into a moment ago."""
    found = Workplace.everything.select_for_update().get(pk=workplace.pk)
    return found if found.merged_into_id is None else _locked(found.merged_into)


def _locked_in_order(workplaces):
    """Each as `_locked` gives it, in one order, so that two who act on the same rows never wait for each other."""
    rows = Workplace.everything.filter(pk__in=[workplace.pk for workplace in workplaces]).order_by("pk")
    rows = rows.select_related("owner").select_for_update(of=["self"])
    # Two that were asked for may be one by now.
    standing = [row if row.merged_into_id is None else _locked(row.merged_into) for row in rows]
    return list({row.pk: row for row in standing}.values())


def _save(workplace, fields, *, by, why=""):
    """Write only `fields`: an import may be writing the register facts of the same row."""
    workplace._history_user = by
    if why:
        workplace._change_reason = why[:100]
    workplace.save(update_fields=fields)

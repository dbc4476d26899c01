"""What the register's own files have brought: two imports, and what the latest of them changed."""

import hashlib
from datetime import time, timedelta

from companies.models import RegisterChange, RegisterImport, RejectedRow, Workplace
from companies.register import news
from contacts.models import FollowUp
from jobcenter_crm.desk.demo import calendar
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.numbers import phone_number
from jobcenter_crm.desk.demo.places import BY_NAME

HEADINGS = [
    "CVR-nummer", "P-nummer", "Navn", "Vejnavn og nr", "Postnummer", "Postdistrikt", "Kommune", "Branche",
    "Antal ansatte", "Telefon", "Reklamebeskyttet", "Ophørsdato", "Kreditoplysninger",
]  # fmt: skip
COLUMNS = {
    "CVR-nummer": "cvr_number", "P-nummer": "p_number", "Navn": "name", "Vejnavn og nr": "street",
    "Postnummer": "postcode", "Postdistrikt": "town", "Kommune": "municipality", "Branche": "branch",
    "Antal ansatte": "employees", "Telefon": "phone", "Reklamebeskyttet": "advertising_protected",
    "Ophørsdato": "ceased_on",
}  # fmt: skip

LINDEVIG, VESTERLUND = BY_NAME["Lindevig"], BY_NAME["Vesterlund"]
# What the register said of some of the named places before the latest file.
BEFORE = {
    "Bødker og Væver ApS": {"employees_min": 9, "employees_max": 9},
    "Malerfirmaet Toft ApS": {
        "co_name": "", "street": "Kirkevej 40", "place": "", "postcode": VESTERLUND.postcode, "town": VESTERLUND.name,
    },
    "Snedkeriet Kvist og Gren I/S": {
        "co_name": "", "street": "Havnegade 31", "place": "", "postcode": LINDEVIG.postcode, "town": LINDEVIG.name,
    },
    "Hotel Vestkysten A/S": {"name": "Badehotellet Klitten A/S"},
    "Rengøring Nord ApS": {"employees_min": 64, "employees_max": 64},
    "Elinstallatør Strømberg A/S": {"employees_min": 12, "employees_max": 12},
}  # fmt: skip
SEEN = ["Malerfirmaet Toft ApS"]


def imports(rng, registry, people):
    """Save two imports: the first brought nearly all, the latest changed some."""
    register_day = registry.register_date
    began = working_day(registry.today - timedelta(days=412))
    active = [place.workplace for place in registry.places if place.is_active]
    lately = [place.workplace for place in registry.places if place.workplace.ceased_on]
    ceased = [workplace for workplace in lately if workplace.ceased_on > registry.today - timedelta(days=120)]
    if last := _last_to_cease(registry, people):
        active.remove(last)
        ceased.append(last)
    changed = _changes(rng, registry, rng.sample(active, k=min(len(active), 14)))
    rows = len(registry.places)
    old, new = max(rows - 31, 1), min(12, rows // 50)
    first = _import(people, began, rows_read=old + 6, rows_new=old, rows_rejected=4, rows_repeated=2, rows_warned=3)
    _remarks(first)
    latest = _import(
        people, register_day, rows_read=rows + 3, rows_new=new, rows_changed=len(changed), rows_ceased=len(ceased),
        rows_unchanged=rows - new - len(changed) - len(ceased), rows_rejected=2, rows_repeated=1, rows_warned=1,
    )  # fmt: skip
    _remarks(latest, few=True)
    trail = [*changed, *(_end(workplace) for workplace in ceased)]
    for change in trail:
        change.register_import = latest
        news.mark(change)
    RegisterChange.objects.bulk_create(trail)
    RegisterChange.objects.filter(register_import=latest).update(at=latest.applied_at)
    seen = RegisterChange.objects.filter(register_import=latest, workplace__name__in=SEEN)
    seen.update(seen_at=latest.applied_at + timedelta(hours=2), seen_by=people["jonas"])


def _last_to_cease(registry, people):
    """A place of Mette's that the latest file says has closed, though she has promised something there for later."""
    promised = FollowUp.objects.open().of(people["mette"]).filter(due_on__gt=calendar.end_of_view(registry.today))
    ours = {place.workplace.pk: place.workplace for place in registry.places if not place.is_showcase}
    found = promised.filter(workplace__in=ours, workplace__company__workplaces__ceased_on=None).order_by("due_on", "pk")
    workplace = next((ours[pk] for pk in found.values_list("workplace", flat=True)), None)
    if workplace is not None:
        workplace.ceased_on = registry.register_date - timedelta(days=2)
        Workplace.objects.filter(pk=workplace.pk).update(ceased_on=workplace.ceased_on)
        company = workplace.company
        if not company.workplaces.active().exists():
            company.ceased_on, company.status = workplace.ceased_on, "OPHØRT"
            company.save(update_fields=["ceased_on", "status"])
    return workplace


def _import(people, day, **counts):
    name = f"lindevig_{day.isoformat()}.csv"
    register_import = RegisterImport.objects.create(
        name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), state=RegisterImport.State.APPLIED,
        by=people["lone"], applied_at=moment(day, time(8, 47)), headings=HEADINGS, columns=COLUMNS,
        ignored_headings=HEADINGS[-1:], **counts,
    )  # fmt: skip
    RegisterImport.objects.filter(pk=register_import.pk).update(created_at=moment(day, time(8, 40)))
    return register_import


def _changes(rng, registry, workplaces):
    """What the latest file said otherwise than the one before; the workplaces themselves are as it says."""
    by_name = {place.workplace.name: place.workplace for place in registry.places if place.is_showcase}
    changes = [
        _change(by_name[name], before, {column: getattr(by_name[name], column) for column in before})
        for name, before in BEFORE.items()
    ]
    for workplace in workplaces:
        if workplace.name in BEFORE:
            continue
        if workplace.phone and rng.random() < 0.6:
            changes.append(_change(workplace, {"phone": phone_number(rng)}, {"phone": workplace.phone}))
        elif workplace.employees_min is not None:
            before = {"employees_min": max(workplace.employees_min - 2, 0), "employees_max": workplace.employees_max}
            after = {"employees_min": workplace.employees_min, "employees_max": workplace.employees_max}
            if before != after:
                changes.append(_change(workplace, before, after))
    return changes


def _change(workplace, before, after):
    return RegisterChange(workplace=workplace, kind=RegisterChange.Kind.CHANGED, before=before, after=after)


def _end(workplace):
    after = {"ceased_on": workplace.ceased_on.isoformat()}
    return RegisterChange(workplace=workplace, kind=RegisterChange.Kind.CEASED, before={"ceased_on": None}, after=after)


def _remarks(register_import, few=False):
    """Rows that were left out, stood twice, or were taken with a warning."""
    told = [
        ("rejected", 212, "CVR-nummer", "", "cvr_missing", {}),
        ("rejected", 348, "P-nummer", "990123", "p_number_digits", {"digits": 6}),
        ("rejected", 901, "Navn", "", "name_missing", {}),
        ("rejected", 1017, "CVR-nummer", "9912345", "cvr_digits", {"digits": 7}),
        ("repeated", 455, "", "", "repeated_same", {"line": 92}),
        ("repeated", 780, "", "", "repeated_same", {"line": 640}),
        ("warning", 77, "Branche", "960210", "branch_unknown", {}),
        ("warning", 302, "Antal ansatte", "ca. ti", "employees_form", {}),
        ("warning", 611, "CVR-nummer", "99000002", "cvr_checksum", {}),
    ]
    left = {"rejected": register_import.rows_rejected, "repeated": register_import.rows_repeated,
            "warning": register_import.rows_warned}  # fmt: skip
    for kind, line, column, value, reason, details in told[::-1] if few else told:
        if left[kind]:
            left[kind] -= 1
            RejectedRow.objects.create(
                register_import=register_import, kind=kind, line=min(line, register_import.rows_read), column=column,
                value=value, reason=reason, details=details, raw=_raw(column, value) if kind == "rejected" else [],
            )  # fmt: skip


def _raw(column, value):
    """The row as the file had it, in the order of the headings."""
    cells = ["99010209", "9900102030", "Eksempel ApS", "Algade 1", "5010", "Lindevig", "Lindevig", "477110", "3", "",
             "Nej", "", ""]  # fmt: skip
    return [value if heading == column else cell for heading, cell in zip(HEADINGS, cells, strict=True)]

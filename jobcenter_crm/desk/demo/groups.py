"""Who belongs in which of the four groups, who talks with them, and whom we know there."""

from datetime import date, time, timedelta
from math import log

from companies.models import TierChange, Workplace
from contacts.models import Channel, Person
from jobcenter_crm.desk.demo import answers
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.names import full_name
from jobcenter_crm.desk.demo.numbers import in_pairs, phone_number
from jobcenter_crm.frame.danish import search_key

# Of a hundred places, so many in each group; the rest are in none.
SHARES = {1: 4, 2: 8, 3: 30, 4: 35}
WHOSE = {
    "mette": ("site", "workshop", "factory", "garage", "green"),
    "jonas": ("shop", "stock", "transport", "hotel", "cleaning", "office", "culture", "guard"),
    "sara": ("care", "child", "school", "kitchen", "clinic"),
}
CONSULTANT_OF = {kind: name for name, kinds in WHOSE.items() for kind in kinds}
ROLES = {
    1: ("director", "hr", "head", "foreman", "mentor", "shop_steward"),
    2: ("head", "foreman", "mentor", "director"),
    3: ("director", "foreman", "head"),
    4: ("director",),
    None: ("director",),
}
# Fewest and most people known at a place of each group.
KNOWN = {1: (2, 4), 2: (2, 3), 3: (1, 2), 4: (0, 1), None: (0, 0)}


def group(rng, registry, people):
    """Give every active place its group, consultant and warnings; the larger, the higher, with much chance in it."""
    places = [place for place in registry.places if place.is_active and not place.is_showcase]
    scored = sorted(places, key=lambda place: log(place.size + 1) + rng.gauss(0, 1.1), reverse=True)
    begun_on = working_day(registry.today - timedelta(days=410))
    reach = 0
    for tier, share in SHARES.items():
        first, reach = reach, reach + round(len(scored) * share / 100)
        for place in scored[first:reach]:
            workplace = place.workplace
            workplace.tier, workplace.tier_since = tier, begun_on
            if rng.random() < 0.12:
                workplace.tier_since = working_day(registry.today - timedelta(days=rng.randint(5, 330)))
                workplace.tier_by_hand = True
            workplace.tier_since = max(workplace.tier_since, workplace.started_on)
            has_owner = rng.random() < (0.3 if tier == 4 else 0.97)
            place.consultant = _consultant(rng, place, people)
            workplace.owner = place.consultant if has_owner else None
    for place in registry.places:
        place.consultant = place.consultant or place.workplace.owner or _consultant(rng, place, people)
    _warn(rng, places)


def _consultant(rng, place, people):
    name = CONSULTANT_OF[place.trade.kind] if rng.random() < 0.86 else rng.choice(list(WHOSE))
    return people[name]


def _warn(rng, places):
    quiet = [place.workplace for place in places if place.workplace.tier in (3, 4, None)]
    for workplace in rng.sample(quiet, k=min(len(quiet), max(2, len(places) // 80))):
        workplace.do_not_contact, workplace.do_not_contact_why = True, rng.choice(answers.WHY_NOT)
    loud = [place for place in places if place.trade.kind in ("factory", "transport", "cleaning") and place.size > 9]
    for place in rng.sample(loud, k=min(2, len(loud))):
        place.workplace.labour_conflict = True


def meet(rng, registry):
    """People at the places; the owner's family name is that of the firm."""
    for place in registry.places:
        if place.is_showcase:
            continue
        tier = place.workplace.tier
        least, most = KNOWN[tier]
        if place.size < 3:
            most = min(most, 1)
        count = rng.randint(min(least, most), most)
        owner = place.named_after
        for role in _roles(rng, place, count):
            name = full_name(rng)
            if owner and role == Person.Role.DIRECTOR:
                name, owner = owner if " " in owner else full_name(rng, owner), ""
            place.people.append(person(rng, place, name, role, registry.today))
    return [somebody for place in registry.places for somebody in place.people]


def _roles(rng, place, count):
    if place.size < 5:
        return [Person.Role.DIRECTOR] * min(count, 1)
    possible = ROLES[place.workplace.tier]
    if place.workplace.sector == Workplace.Sector.PUBLIC:
        possible = ("head", *[role for role in possible if role not in ("director", "head")])
    return [possible[0], *rng.sample(possible[1:], k=min(count - 1, len(possible) - 1))] if count else []


def person(rng, place, name, role, today, *, phone="", remark=None):
    """Somebody at `place`, not saved yet."""
    domain = place.workplace.email.partition("@")[2] or f"{search_key(place.workplace.name).replace(' ', '-')}.example"
    added_on = working_day(today - timedelta(days=rng.randint(366, 405)))
    somebody = Person(
        company=place.workplace.company,
        workplace=place.workplace,
        name=name,
        role=role,
        phone=phone or (in_pairs(phone_number(rng)) if rng.random() < 0.9 else ""),
        email=f"{search_key(name).replace(' ', '.')}@{domain}" if rng.random() < 0.6 else "",
        preferred_channel=rng.choice((Channel.PHONE, Channel.EMAIL)) if rng.random() < 0.12 else "",
        remark=(rng.choice(answers.GOOD_TO_KNOW) if rng.random() < 0.25 else "") if remark is None else remark,
        created_by=place.consultant,
        created_at=moment(added_on, time(10, rng.randint(0, 59))),
    )
    somebody.derive()
    return somebody


def moves(rng, registry, people):
    """That some places came into their group by somebody's hand, and why; not saved yet."""
    told = []
    for place in registry.places:
        workplace = place.workplace
        if place.is_showcase or not workplace.tier_by_hand:
            continue
        known = [(old, new) for old, new in answers.WHY_MOVED if new == workplace.tier]
        old, new = rng.choice(known)
        by = people["karen"] if new in (1, 2) and rng.random() < 0.6 else place.consultant
        told.append(move(rng, workplace, old, new, by, workplace.tier_since, rng.choice(answers.WHY_MOVED[old, new])))
    return told


def move(rng, workplace, old, new, by, day: date, why):
    """A change of group on that day."""
    at = moment(day, time(rng.randint(8, 15), rng.randint(0, 59)))
    return TierChange(workplace=workplace, from_tier=old, to_tier=new, why=why, by=by, at=at)

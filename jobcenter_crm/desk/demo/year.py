"""The year of the demo: every place's story, letters and fairs to many, and what is still open today."""

from datetime import time, timedelta

from contacts.models import FACE_TO_FACE, Channel, FollowUp, Interaction
from jobcenter_crm.desk.demo import answers, calendar
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.story import State, Story, Storyteller, Told

# How many of a hundred places of each group have been in touch with us this year.
TOUCHED = {1: 100, 2: 100, 3: 95, 4: 11, None: 4}
# Of those, so many that nobody has thought of again for a long time.
FORGOTTEN = {1: 2, 2: 5, 3: 10, 4: 50, None: 60}
# Whose open follow-ups fill the days around today: how many are overdue, today, later this week.
BUSY = {"jonas": (2, 3, 4), "sara": (4, 2, 5), "ali": (1, 3, 3), "nanna": (0, 2, 3)}
# Mette's days are in the showcase; nothing else of hers falls on them.
PLANNED_AHEAD = 21


def tell(rng, registry, showcase, people):
    """All contacts, unsaved: held, cancelled and planned."""
    teller = Storyteller(rng, registry.today, people)
    told = showcase.past()
    for place in registry.places:
        if place.is_active and not place.is_showcase and not place.workplace.do_not_contact:
            told += _story(rng, teller, registry, place)
    told += _letters(rng, registry, people)
    told += _fairs(rng, teller, registry, told)
    told += _open_ends(rng, registry, told)
    return [*told, *showcase.plans()]


def _story(rng, teller, registry, place):
    tier, today = place.workplace.tier, registry.today
    if rng.random() * 100 >= TOUCHED[tier]:
        return []
    first = today - timedelta(days=365)
    reach = 60 if tier in (1, 2) else 320
    begins = max(first + timedelta(days=rng.randint(0, reach)), place.workplace.started_on)
    ends = None
    if rng.random() * 100 < FORGOTTEN[tier]:
        ends = begins + timedelta(days=rng.randint(0, 150))
    told = teller.tell(place, begins=begins, ends=ends)
    if ends and ends < teller.last_day:
        kept = {id(each.keeps) for each in told}
        for each in told:
            if id(each.promise) not in kept:
                each.promise = None
    return told


def _letters(rng, registry, people):
    """Letters to group 4 and to many in none, twice a year; never to the advertising-protected."""
    told = []
    places = [
        place
        for place in registry.places
        if place.is_active and place.workplace.tier in (4, None) and not place.is_showcase
        and not place.workplace.advertising_protected and not place.workplace.do_not_contact
    ]  # fmt: skip
    for at, (ago, sender) in enumerate(((241, "jonas"), (66, "sara"))):
        day = working_day(registry.today - timedelta(days=ago))
        purpose, note = answers.LETTERS[at]
        for place in places:
            if place.workplace.started_on < day and rng.random() < (0.5 if place.workplace.tier else 0.15):
                row = Interaction(
                    workplace=place.workplace, state=State.HELD, channel=Channel.LETTER, on=day, purpose=purpose,
                    outcome=Interaction.Outcome.INFORMED, note=note, created_by=people[sender],
                    logged_at=moment(day, time(14, rng.randint(0, 59))),
                )  # fmt: skip
                told.append(Told(row, place.people[:1], [people[sender]]))
    return told


def _fairs(rng, teller, registry, before):
    """Two days on which many of those that we know were met at once."""
    known_since = {}
    for each in before:
        known_since[each.row.workplace.pk] = min(each.row.on, known_since.get(each.row.workplace.pk, each.row.on))
    told = []
    grouped = [
        place
        for place in registry.places
        if place.is_active and place.workplace.tier in (1, 2, 3) and place.people and not place.is_showcase
    ]  # fmt: skip
    for ago, (purpose, note) in zip((218, 47), answers.EVENTS, strict=False):
        day = working_day(registry.today - timedelta(days=ago))
        known = [place for place in grouped if known_since.get(place.workplace.pk, day) < day]
        for place in rng.sample(known, k=min(24, len(known) // 3)):
            story = Story(teller, place, day)
            # A note of some keeps it from reading like a list.
            told.append(story.met(purpose, note if rng.random() < 0.5 else ""))
    return told


def _open_ends(rng, registry, told):
    """Spread what is still promised over the days around today and after; some visits are planned already.

    Returns the planned contacts that take the place of a promise.
    """
    kept = {id(each.keeps) for each in told if each.keeps}
    open_ends = [each for each in told if each.promise and id(each.promise) not in kept]
    by_owner = {}
    written_by_hand = {place.workplace.pk for place in registry.places if place.is_showcase}
    for each in open_ends:
        if each.row.workplace.pk not in written_by_hand:
            by_owner.setdefault(each.promise.owner.username, []).append(each)
    near = calendar.end_of_view(registry.today)
    for name, ends in sorted(by_owner.items()):
        rng.shuffle(ends)
        days = _days(registry.today, BUSY.get(name, (0, 0, 0)))
        for each in ends:
            fits = [day for day in days if day > each.row.on]
            if fits:
                each.promise.due_on = fits[0]
                days.remove(fits[0])
            elif each.promise.due_on <= near:
                each.promise.due_on = working_day(near + timedelta(days=rng.randint(1, 26)))
    return _planned(rng, registry, [each for ends in by_owner.values() for each in ends])


def _days(today, counts):
    """The days that somebody's tasks fall on: so many overdue, so many today, so many later this week."""
    overdue, now, later = counts
    coming = calendar.coming_days(today)
    before = [working_day(today - timedelta(days=back), step=-1) for back in range(1, 12)]
    before = sorted({day for day in before if day < today}, reverse=True)
    return before[:overdue] + [today] * now + [coming[at % len(coming)] for at in range(later)]


def _planned(rng, registry, ends):
    planned = []
    for each in ends:
        promise, ahead = each.promise, (each.promise.due_on - registry.today).days
        if promise.channel not in FACE_TO_FACE or not 0 <= ahead <= PLANNED_AHEAD or rng.random() > 0.7:
            continue
        row = Interaction(
            workplace=promise.workplace, state=State.PLANNED, channel=promise.channel, on=promise.due_on,
            at=time(rng.choice((8, 9, 10, 11, 13, 14)), rng.choice((0, 15, 30))), purpose=promise.title,
            created_by=promise.owner,
        )  # fmt: skip
        day = max(each.row.on, registry.today - timedelta(days=rng.randint(1, 12)))
        person = [promise.person] if promise.person else []
        planned.append(Told(row, person, [promise.owner], planned_at=min(day, registry.today - timedelta(days=1))))
        each.promise = None
    return planned


# What colleagues who do not visit employers have on their list: whose, what, how, in how many days.
# Of these, what comes again every so many weeks or months, and what somebody else gave them, with which word.
COMES_AGAIN = {
    "Hør, om de vil fortælle om samarbejdet": (6, FollowUp.Unit.MONTH),
    "Hør, om pladsen stadig er ledig": (1, FollowUp.Unit.MONTH),
    "Spørg til mødetider på holdet": (2, FollowUp.Unit.WEEK),
}
GIVEN = {"Få svar om startdato": ("karen", "Du kender holdlederen bedst")}
BY_HAND = (
    ("karen", "Ring til direktøren om årsmødet", Channel.PHONE, 1, -1),
    ("karen", "Læs udkastet til samarbejdsaftale", "", 0, 1),
    ("karen", "Hør, om de vil fortælle om samarbejdet", Channel.PHONE, 4, 2),
    ("peter", "Hør, om pladsen stadig er ledig", Channel.PHONE, 0, 3),
    ("peter", "Få svar om startdato", Channel.EMAIL, 2, 4),
    ("peter", "Spørg til mødetider på holdet", Channel.PHONE, -1, 5),
    ("lone", "Find P-nummeret", "", 3, 6),
    ("lone", "Ret det gamle telefonnummer", "", 0, 7),
)


def by_hand(rng, registry, people):
    """Follow-ups that somebody wrote for themselves; not saved yet."""
    large = [place for place in registry.places if place.workplace.tier in (1, 2) and not place.is_showcase]
    chosen = rng.sample(large, k=min(len(large), 8)) or registry.places[:1]
    coming = calendar.coming_days(registry.today)
    follow_ups = []
    for name, title, channel, ahead, at in BY_HAND:
        place = chosen[at % len(chosen)]
        due_on = registry.today + timedelta(days=ahead)
        if ahead > 0:
            due_on = coming[ahead % len(coming)]
        written_at = moment(working_day(registry.today - timedelta(days=5), step=-1), time(9, rng.randint(0, 59)))
        every, unit = COMES_AGAIN.get(title, (None, ""))
        giver, word = GIVEN.get(title, (None, ""))
        follow_ups.append(
            FollowUp(
                kind=FollowUp.Kind.BY_HAND, workplace=place.workplace, title=title, channel=channel,
                person=place.people[0] if place.people and channel else None, due_on=due_on, owner=people[name],
                created_by=people[giver or name], created_at=written_at, repeat_every=every, repeat_unit=unit,
                given_by=people[giver] if giver else None, given_at=written_at if giver else None, given_word=word,
            )
        )  # fmt: skip
    return follow_ups

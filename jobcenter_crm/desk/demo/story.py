"""How one employer and the job centre have got along: a chain of contacts, each leading to the next.

A story is told from the first contact to the day before today. What one contact promises, the next one keeps, so that
purpose, note, outcome and follow-up speak of the same thing.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from contacts.models import FACE_TO_FACE, Channel, FollowUp, Interaction
from jobcenter_crm.desk.demo import answers, calendar, topics
from jobcenter_crm.desk.demo.calendar import moment, month_after, working_day
from jobcenter_crm.desk.demo.vocabulary import WORDS

Outcome, State, Direction = Interaction.Outcome, Interaction.State, Interaction.Direction
# How open the employers of each group are; the first contact's channels with their weights.
WARMTH = {1: 0.88, 2: 0.74, 3: 0.52, 4: 0.3, None: 0.4}
OPENINGS = {
    1: {"visit": 50, "phone": 30, "meeting": 15, "email": 5},
    2: {"visit": 42, "phone": 44, "meeting": 8, "email": 6},
    3: {"phone": 62, "visit": 24, "email": 14},
    4: {"phone": 55, "email": 45},
    None: {"phone": 70, "email": 30},
}
# Days between two contacts when nothing was promised: least and most.
PAUSE = {1: (35, 85), 2: (50, 115), 3: (95, 215), 4: (150, 330), None: (150, 330)}
BARRIERS = {
    "no_time": 26, "no_tasks": 24, "candidates": 15, "rules": 10, "other": 10, "bad_experience": 7,
    "unknown_candidate": 5, "staff_unwilling": 3,
}  # fmt: skip
HOURS = ("6 timer om ugen", "8 timer om ugen", "10 timer om ugen", "12 timer om ugen", "15 timer om ugen",
         "20 timer om ugen", "25 timer om ugen", "30 timer om ugen")  # fmt: skip
WEEKS = ("to uger", "tre uger", "fire uger", "fire uger", "seks uger", "otte uger", "13 uger")
PLACES = ("en plads", "en plads", "en plads", "to pladser", "to pladser", "tre pladser")
QUARTERS = (0, 15, 30, 45)


@dataclass
class Told:
    """One contact with what belongs to it, not saved yet."""

    row: Interaction
    persons: list = field(default_factory=list)
    staff: list = field(default_factory=list)
    promise: FollowUp | None = None  # the next step
    keeps: FollowUp | None = None  # the follow-up that was done by it
    addition: str = ""
    planned_at: date | None = None  # the day on which it was planned, if it was

    @property
    def written_at(self):
        """When it was first written down: as a plan, or as something that was held."""
        return self.row.logged_at if self.planned_at is None else moment(self.planned_at, time(11, 20))


class Deck:
    """Draws without repeating before everything has been drawn once."""

    def __init__(self, rng, items):
        self.rng, self.items, self.left = rng, list(items), []

    def draw(self, fits=lambda item: True):
        """An item that fits; None if there is none."""
        for _round in range(2):
            for at, item in enumerate(self.left):
                if fits(item):
                    return self.left.pop(at)
            self.left = self.rng.sample(self.items, len(self.items))
        return None


class Decks:
    """One deck for each list of texts, shared by all stories."""

    def __init__(self, rng):
        self.rng, self._decks, self.notes = rng, {}, set()

    def draw(self, items, *, names_somebody):
        """A text of `items`, or a tuple that ends with one; `{who}` only where `names_somebody`."""
        deck = self._decks.setdefault(items, Deck(self.rng, items))
        return deck.draw(lambda item: names_somebody or "{who}" not in (item if isinstance(item, str) else item[-1]))


@dataclass
class Thread:
    """What is being talked about just now, and the words for it."""

    topic: topics.Topic
    words: dict


class Storyteller:
    """Tells the stories of all places, by one source of chance. Nothing is told of `today` or later but plans."""

    def __init__(self, rng, today, people):
        self.rng, self.today, self.people = rng, today, people
        self.decks = Decks(rng)
        self.last_day = working_day(today - timedelta(days=1), step=-1)

    def tell(self, place, *, begins, ends=None) -> list[Told]:
        """The contacts with `place` since the day `begins`, oldest first.

        After the day `ends`, if there is one, nobody thought of them again: the last contact promised nothing.
        """
        told = list(Story(self, place, begins).tell(min(ends or self.last_day, self.last_day)))
        if told and ends:
            told[-1].promise = None
        return told


class Story:
    """One place's contacts, in order."""

    def __init__(self, teller, place, begins):
        self.teller, self.rng, self.place = teller, teller.rng, place
        self.workplace, self.tier = place.workplace, place.workplace.tier
        self.owner = place.consultant
        self.day = self._workday(begins)
        self.thread, self.mode, self.promise, self.person = None, "open", None, None
        self.unanswered, self.has_begun, self.met_on = "", False, None
        self.facts_left = list(WORDS[place.trade.kind].told)
        self.rng.shuffle(self.facts_left)

    def tell(self, last_day):
        while self.day <= last_day:
            told = self._next()
            if told.row.state == State.HELD and told.row.channel in FACE_TO_FACE:
                self.met_on = self.day
            self.has_begun = True
            yield told
            # What a cancelled visit was to keep is still promised.
            if told.row.state == State.HELD:
                self.promise = told.promise
            self.day = self._day_after(told)

    def _workday(self, day):
        """`day` or the next working day; after a holiday not everybody on the first."""
        moved = working_day(day)
        return moved if (moved - day).days < 4 else working_day(moved + timedelta(days=self.rng.randint(0, 10)))

    def _day_after(self, told):
        if told.row.state == State.CANCELLED:
            return self._workday(self.day + timedelta(days=self.rng.randint(3, 12)))
        if self.promise:
            late = self.rng.choices((0, 0, 0, 1, 2, -1, 5), (5, 5, 5, 3, 2, 2, 1))[0]
            return self._workday(max(self.promise.due_on + timedelta(days=late), self.day + timedelta(days=1)))
        least, most = PAUSE[self.tier]
        if self.mode == "refused":
            least, most = least + 40, most + 90
        return self._workday(self.day + timedelta(days=self.rng.randint(least, most)))

    def met(self, purpose, note):
        """One of many who were met on a day of ours."""
        self._open_thread()
        told = self._held(Channel.EVENT, purpose, Outcome.INFORMED, self._fill(note))
        told.row.basis, told.row.at = "", None
        return told

    # One contact.

    def _next(self):
        if self.promise and self.promise.channel in FACE_TO_FACE and self.rng.random() < 0.05:
            return self._cancelled()
        if not self.promise and self.has_begun and self.rng.random() < 0.27:
            return self._inbound()
        if self.promise and self.promise.channel == Channel.EMAIL:
            return self._emailed()
        if not self.promise:
            self._open_thread()
            channel = self._weighted(OPENINGS[self.tier])
            if channel == Channel.EMAIL:
                return self._sent()
        else:
            channel = self.promise.channel
        if channel == Channel.PHONE and self.rng.random() < 0.13:
            return self._no_answer()
        return self._talk(channel)

    def _talk(self, channel):
        if self.mode == "check":
            return self._check(channel)
        chance, warmth = self.rng.random(), WARMTH[self.tier]
        purpose = self._purpose()
        agrees = 0.45 if self.mode == "warm" else 0.14
        if chance < warmth * agrees and self.thread.topic.agreed:
            return self._agreed(channel, purpose)
        if chance < warmth:
            return self._warm(channel, purpose)
        refuses = 0.38 if self.tier in (3, 4, None) else 0.1
        return self._refused(channel, purpose) if self.rng.random() < refuses else self._not_now(channel, purpose)

    def _agreed(self, channel, purpose):
        topic = self.thread.topic
        told = self._held(channel, purpose, Outcome.AGREED, self._note(topic.agreed, fact=0.2))
        self.mode = "check"
        self._promise(told, topic.checks, (14, 45), 0.93)
        return told

    def _warm(self, channel, purpose):
        topic = self.thread.topic
        told = self._held(channel, purpose, Outcome.INTERESTED, self._note(topic.warm, fact=0.5, twice=0.3))
        self.mode = "warm"
        self._promise(told, topic.steps, (6, 24), 0.85)
        return told

    def _check(self, channel):
        note = self._note(self.thread.topic.check, fact=0.15)
        told = self._held(channel, self._purpose(), Outcome.INTERESTED, note.removeprefix("+"))
        if note.startswith("+"):
            told.row.outcome = Outcome.AGREED
        self._promise(told, self.thread.topic.checks, (30, 75), 0.5)
        if told.promise is None:
            self.mode = "open"
        return told

    def _not_now(self, channel, purpose):
        barrier = self._weighted(BARRIERS)
        note = self._note(answers.NOT_NOW[barrier], fact=0.25)
        told = self._held(channel, purpose, Outcome.NOT_NOW, note, barrier=barrier)
        self.mode = "warm"
        self._promise(told, answers.AFTERWARDS, (25, 100), 0.78)
        return told

    def _refused(self, channel, purpose):
        barrier = self._weighted(BARRIERS)
        told = self._held(channel, purpose, Outcome.NO, self._note(answers.NO[barrier], fact=0.4), barrier=barrier)
        self.mode = "refused"
        return told

    def _no_answer(self):
        purpose = self._purpose()
        told = self._held(Channel.PHONE, purpose, Outcome.NO_ANSWER, self._note(answers.NO_ANSWER))
        told.persons = []
        self._promise(told, answers.TRY_AGAIN, (1, 6), 0.92)
        self.unanswered = purpose if told.promise else ""
        return told

    def _emailed(self):
        told = self._held(Channel.EMAIL, self.promise.title, Outcome.INFORMED, self._note(answers.EMAILED, twice=0.15))
        self._promise(told, answers.AFTER_EMAIL, (5, 13), 0.85)
        return told

    def _sent(self):
        purpose, note = self._draw(answers.SENT)
        told = self._held(Channel.EMAIL, self._fill(purpose), Outcome.INFORMED, self._fill(note))
        if self.rng.random() < 0.4:
            self._promise(told, answers.AFTER_EMAIL, (6, 16), 1)
        return told

    def _inbound(self):
        self._open_thread()
        wants = self.rng.random() < 0.45
        purpose, note = self._draw(answers.CALLED_US if wants else answers.QUESTIONS)
        channel = Channel.PHONE if self.rng.random() < 0.8 else Channel.EMAIL
        if wants:
            self.thread.topic = topics.PLACE if "plads" in note or "praktik" in purpose else topics.PEOPLE
        outcome = Outcome.INTERESTED if wants else Outcome.ANSWERED
        told = self._held(channel, self._fill(purpose), outcome, self._fill(note))
        told.row.direction = Direction.INBOUND
        if self.met_on is None or self.met_on < self.day - timedelta(days=365):
            told.row.meeting_offered = self.rng.random() < 0.75
        self.mode = "warm" if wants else "open"
        if wants:
            self._promise(told, self.thread.topic.steps, (1, 8), 0.95)
        return told

    def _cancelled(self):
        row = self._row(self.promise.channel, self.promise.title)
        row.state = State.CANCELLED
        row.at = self._clock(row.channel)
        row.cancelled_at = moment(self.day - timedelta(days=1), time(self.rng.randint(9, 15), self.rng.randint(0, 59)))
        row.cancelled_by = self.owner
        planned = max(self.day - timedelta(days=self.rng.randint(6, 14)), self.promise.created_at.date())
        return Told(row, self._known(), [self.owner], promise=None, planned_at=planned)

    def _held(self, channel, purpose, outcome, note, barrier=""):
        row = self._row(channel, purpose)
        row.state, row.outcome, row.barrier, row.note = State.HELD, outcome, barrier, note
        spoken_at = self._clock(channel)
        row.at = spoken_at if channel in FACE_TO_FACE or self.rng.random() < 0.2 else None
        row.logged_at = moment(self.day, spoken_at) + timedelta(minutes=self.rng.randint(4, 110))
        told = Told(row, self._known(), self._who_went(channel))
        row.created_by = told.staff[0]
        told.keeps = self.promise
        protected = self.workplace.advertising_protected
        if protected and not self.has_begun:
            row.basis = self._weighted({"authority": 55, "consent": 15, "cooperation": 30})
        if note and row.created_by == self.owner and self.rng.random() < 0.006:
            told.addition = self._fill(self._draw(answers.AMENDMENTS))
        return told

    def _row(self, channel, purpose):
        return Interaction(
            workplace=self.workplace, channel=channel, on=self.day, purpose=purpose[:200], created_by=self.owner
        )

    def _who_went(self, channel):
        people = self.teller.people
        if self.mode == "check" and self.rng.random() < 0.3:
            return [people[self.rng.choice(("ali", "nanna"))]]
        if channel in FACE_TO_FACE and self.rng.random() < 0.14:
            return [self.owner, people[self.rng.choice(("ali", "nanna"))]]
        if channel == Channel.MEETING and self.tier == 1 and self.rng.random() < 0.3:
            return [self.owner, people["karen"]]
        return [self.owner]

    def _known(self):
        return [self.person] if self.person else []

    # What is talked about.

    def _open_thread(self):
        """A new subject, somebody to talk to about it, and the words for both."""
        subjects = topics.BY_TIER[self.tier]
        topic = self.rng.choices([topic for topic, _weight in subjects], [weight for _topic, weight in subjects])[0]
        if topic is topics.APPRENTICE and self.place.trade.kind not in topics.TRADES_WITH_APPRENTICES:
            topic = topics.HOURS
        self.mode = "open"
        self.person = self.rng.choice(self.place.people) if self.place.people else None
        self.thread = Thread(topic, self._words())

    def _words(self):
        words, rng = WORDS[self.place.trade.kind], self.rng
        task, other = rng.sample(words.tasks, 2)
        boss = "indehaveren" if self.place.size < 5 and self.place.trade.personal else rng.choice(words.bosses)
        places = rng.choice(PLACES if self.place.size > 9 else PLACES[:1])
        return {
            "area": rng.choice(words.areas),
            "task": task,
            "task_": task[0].upper() + task[1:],
            "task2": other,
            "boss": boss,
            "Boss": boss[0].upper() + boss[1:],
            "job": self.place.trade.job,
            "jobs": self.place.trade.jobs,
            "places": places,
            "places_": places[0].upper() + places[1:],
            "weeks": rng.choice(WEEKS),
            "hours": rng.choice(HOURS),
            "clock": rng.choice(("6.30", "7", "7.30", "8", "8.30", "9")),
        }

    def _fill(self, text):
        """`text` with the thread's words, and those of the day."""
        rng, seasons = self.rng, WORDS[self.place.trade.kind].busy
        # The season people speak of now, or the one that they will speak of next.
        ahead = {season: min((month - self.day.month) % 12 for month in months) for season, months in seasons}
        near = [season for season, months in ahead.items() if months == min(ahead.values())]
        start = self.day + timedelta(days=rng.randint(7, 35))
        return text.format_map(
            self.thread.words
            | {
                "who": self.person.name.split()[0] if self.person else "",
                "busy": rng.choice(near),
                "month": month_after(self.day, rng.randint(1, 3)),
                "date": calendar.in_words(calendar.working_day(start)),
                "weekday": rng.choice(calendar.WEEKDAYS[:5]),
                "week": (self.day + timedelta(days=rng.randint(7, 21))).isocalendar().week,
            }
        )

    def _draw(self, items):
        return self.teller.decks.draw(items, names_somebody=self.person is not None)

    def _note(self, items, fact=0.0, twice=0.0):
        """A note: maybe something they told about themselves, what came of it, maybe one more of the same.

        One that somebody else has got word for word is written anew.
        """
        for _attempt in range(6):
            parts = [self._fill(self._draw(items))]
            if twice and self.rng.random() < twice:
                parts.append(self._fill(self._draw(items)))
            if self.facts_left and self.rng.random() < fact:
                parts.insert(self.rng.randint(0, 1), self.facts_left[-1])
            note = " ".join(parts)
            if note not in self.teller.decks.notes:
                break
        if self.facts_left and self.facts_left[-1] in note:
            self.facts_left.pop()
        self.teller.decks.notes.add(note)
        return note

    def _purpose(self):
        """What was promised; after a call that nobody took, what that call was for."""
        if self.unanswered:
            purpose, self.unanswered = self.unanswered, ""
            return purpose
        return self.promise.title if self.promise else self._fill(self._draw(self.thread.topic.first))

    def _promise(self, told, steps, days, chance):
        """Let `told` end with one of `steps`, due in so many days, or with a deliberate none."""
        if self.rng.random() > chance:
            return
        channel, title = self._draw(steps)
        due = self._workday(self.day + timedelta(days=self.rng.randint(*days)))
        if channel == Channel.EMAIL:
            due = working_day(self.day + timedelta(days=self.rng.randint(1, 5)))
        told.promise = FollowUp(
            kind=FollowUp.Kind.NEXT_STEP,
            workplace=self.workplace,
            person=self.person,
            title=self._fill(title)[:200],
            channel=channel,
            due_on=due,
            owner=told.row.created_by,
            created_by=told.row.created_by,
            created_at=told.row.logged_at,
        )

    def _clock(self, channel):
        hour = self.rng.choice((8, 9, 9, 10, 10, 11, 13, 13, 14, 14, 15))
        minute = self.rng.choice(QUARTERS if channel in FACE_TO_FACE else range(60))
        return time(hour, minute)

    def _weighted(self, weights):
        return self.rng.choices(list(weights), list(weights.values()))[0]

"""The employers that the demo is shown with, by name, and a day of Mette's at which everything happens."""

import random
from datetime import time, timedelta
from typing import NamedTuple

from contacts import matters
from contacts.models import FollowUp, Interaction
from jobcenter_crm.desk.demo import calendar, groups, places, trades
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.story import Told

State = Interaction.State
TRADE_OF = {trade.code: trade for trade in (*trades.TRADES, *trades.PUBLIC)}


class Known(NamedTuple):
    """A place by name. `people` are (name, role, telephone, remark); `form` 250 means one of the municipality's."""

    name: str
    form: str
    code: str
    town: str
    street: str
    size: int
    tier: int | None
    owner: str
    people: tuple = ()
    protected: bool = False
    warning: str = ""


BOEDKER = "Bødker og Væver"
KNOWN = (
    Known(BOEDKER, "80", "310000", "Lindevig", "Ålekistevej 4", 12, 1, "mette", (
        ("Karl Bødker", "director", "10 33 18 02", "helst telefon før kl. 10"),
        ("Anna Riis", "foreman", "10 33 18 05", "siger ja eller nej til praktik"),
        ("Bo Lind", "mentor", "10 33 18 09", ""),
    ), protected=True),
    Known("Bådværft Ærling", "60", "301200", "Lindevig", "Havnegade 12", 24, 1, "mette",
          (("Poul Ærling", "director", "10 33 20 41", ""),)),
    Known("Rengøring Nord", "80", "812100", "Vesterlund", "Industrivej 3", 46, 2, "mette",
          (("Iben Falk", "head", "10 33 41 70", "svarer hurtigst på mail"),)),
    Known("Tømrer Skov og Søn", "10", "433200", "Lindevig", "Møllebakken 8", 7, 3, "mette",
          (("Jens Skov", "director", "10 71 15 60", ""),)),
    Known("Café Fyrtårnet", "80", "561110", "Lindevig", "Strandpromenaden 1", 14, 2, "mette",
          (("Amira Saleh", "head", "10 62 40 18", "ring mellem 14 og 16"),)),
    Known("Lindevig Plejecenter", "250", "871010", "Lindevig", "Engvej 30", 118, 2, "mette",
          (("Birgit Lauge", "head", "10 60 44 10", ""), ("Tove Dam", "mentor", "10 60 44 16", "på afdeling B"))),
    Known("Tagdækker Ravn", "80", "434100", "Vesterlund", "Kirkevej 17", 9, 3, "mette",
          (("Steen Ravn", "director", "10 71 40 05", ""),)),
    Known("Boghandler Ulla Brink", "10", "476100", "Lindevig", "Torvet 6", 2, 4, "mette",
          (("Ulla Brink", "director", "10 55 08 22", ""),)),
    Known("VVS Munk og Holst", "80", "432200", "Sønderby", "Smedevej 2", 18, 3, "mette",
          (("Ditte Munk", "director", "10 71 22 90", ""),)),
    Known("Rådhuskantinen", "250", "562200", "Lindevig", "Rådhuspladsen 1", 16, 2, "mette",
          (("Hanne Toft", "head", "10 60 40 12", ""),)),
    Known("Centralkøkkenet", "250", "562200", "Vesterlund", "Åvej 20", 38, 1, "mette",
          (("Merete Vig", "head", "10 60 40 30", "koordinerer alle praktikker"),)),
    Known("Smedjen i Sønderby", "10", "251100", "Sønderby", "Smedevej 11", 16, 2, "mette",
          (("Verner Smed", "director", "10 71 08 14", ""),)),
    Known("Hotel Vestkysten", "60", "551000", "Strandkær", "Klitvej 1", 52, 2, "mette",
          (("Helle Klit", "head", "10 62 11 30", ""),)),
    Known("Gartneriet Løvsal", "10", "011300", "Mosehuse", "Grønnevej 9", 21, 3, "mette",
          (("Aksel Løvsal", "director", "10 74 33 21", ""),)),
    Known("Snedkeriet Kvist og Gren", "30", "433200", "Sønderby", "Skolevej 33", 11, 3, "mette",
          (("Ida Kvist", "director", "10 71 62 04", ""),)),
    Known("Elinstallatør Strømberg", "60", "432100", "Vesterlund", "Industrivej 14", 20, 2, "sara",
          (("Lars Strømberg", "director", "10 71 50 10", ""),)),
    Known("Malerfirmaet Toft", "80", "433410", "Vesterlund", "Bakkegårdsvej 21", 15, 2, "jonas",
          (("Pia Toft", "director", "10 71 33 08", ""),)),
    Known("Glarmester Rude", "10", "433420", "Lindevig", "Torvegade 9", 6, 3, "sara",
          (("Finn Rude", "director", "10 71 90 17", ""),)),
    Known("Gulvfirmaet Planke", "10", "433300", "Lindevig", "Havnegade 40", 4, 4, "",
          warning="Ringede 3. marts og bad om fred"),
    Known("Kloakmester Dam", "80", "431200", "Vesterlund", "Åvej 2", 2, 4, "", protected=True),
)  # fmt: skip
# Other places of work of Bødker og Væver: part, town, street, size, group, whose.
PARTS = (
    ("Showroom", "Lindevig", "Torvet 2", 3, 3, "mette"),
    ("Lager", "Vesterlund", "Industrivej 20", 2, 4, "mette"),
    ("Væveri", "Vesterlund", "Åvej 7", 8, 3, "sara"),
)

# Places that somebody wrote by hand before the register told of them, under an address and a name that differ a little.
# Each is there twice: name as above, name and street as they were written, and whom somebody met there.
TWICE = (
    ("Café Fyrtårnet", "Cafe Fyrtårnet", "Strandpromenaden 1, kld.", "Amira Saleh"),
    ("Snedkeriet Kvist og Gren", "Snedkeriet Kvist & Gren", "Skolevej 33 B", ""),
)
# Somebody who was written once more at the place above: name, role, telephone.
AGAIN = ("Hotel Vestkysten", "Helle Klit", "director", "10 62 11 30")


class Showcase:
    """Builds the named places and what is told of them. `by_name` finds each without the suffix of its form."""

    def __init__(self, rng, registry, people):
        self.rng, self.registry, self.people, self.today = rng, registry, people, registry.today
        self.by_name, self.moves = {}, []

    def open(self, municipality):
        """Add the named places to the registry."""
        for known in KNOWN:
            company = municipality
            if known.form != "250":
                company = self.registry.company(
                    known.name, known.form, protected=known.protected, started_on=self.today - timedelta(days=5_500)
                )
            place = self._place(company, known.code, known.town, known.name, known.street, known.size, known.form)
            self._belongs(place, known.tier, known.owner)
            workplace = place.workplace
            workplace.do_not_contact, workplace.do_not_contact_why = bool(known.warning), known.warning
            self.by_name[known.name] = place
            place.people = [
                groups.person(self.rng, place, name, role, self.today, phone=phone, remark=remark)
                for name, role, phone, remark in known.people
            ]
        main = self.by_name[BOEDKER].workplace
        for part, town, street, size, tier, owner in PARTS:
            place = self._place(main.company, "310000", town, f"{BOEDKER}, {part}", street, size, "80")
            self._belongs(place, tier, owner)
            self.by_name[part] = place
        moved_on = working_day(self.today - timedelta(days=294))
        main.tier_since, main.tier_by_hand = moved_on, True
        why = "Håndværk, 2–20 ansatte, har haft forløb"
        self.moves = [groups.move(self.rng, main, 3, 1, self.people["karen"], moved_on, why)]

    def double(self):
        """Add what is there twice, with dice of its own: what comes after is told as if it were not."""
        dice, self.registry.rng = self.registry.rng, random.Random("twice")
        for known, name, street, somebody in TWICE:
            place = self.by_name[known]
            twin = self.registry.place(
                place.workplace.company, place.trade, place.town, name=name, street=street, size=place.size,
                phone=place.workplace.phone, p_number=False,
            )  # fmt: skip
            twin.is_showcase, twin.consultant = True, place.consultant
            if somebody:
                twin.people.append(groups.person(self.registry.rng, twin, somebody, "head", self.today))
        known, name, role, phone = AGAIN
        place = self.by_name[known]
        place.people.append(groups.person(self.registry.rng, place, name, role, self.today, phone=phone))
        self.registry.rng = dice

    def _place(self, company, code, town, name, street, size, form):
        town = places.BY_NAME[town]
        name = name if form == "250" or name.startswith(f"{BOEDKER},") else company.name
        place = self.registry.place(company, TRADE_OF[code], town, name=name, street=street, size=size)
        place.is_showcase = True
        place.workplace.employees_min = place.workplace.employees_max = size
        return place

    def _belongs(self, place, tier, owner):
        workplace = place.workplace
        workplace.tier = tier
        workplace.tier_since = working_day(self.today - timedelta(days=410)) if tier else None
        workplace.owner = self.people.get(owner)
        place.consultant = workplace.owner or self.people["jonas"]

    # What has been.

    def past(self):
        """The contacts with the named places, oldest first at each."""
        return [*self._boedker(), *self._mettes_promises(), *self._forgotten()]

    def held(self, name, ago, channel, purpose, outcome, note, *, by="mette", persons=(0,), at=None, **facts):
        """A contact that was held so many days before today."""
        place, rng = self.by_name[name], self.rng
        on = working_day(self.today - timedelta(days=ago), step=-1)
        spoken_at = at or time(rng.randint(9, 15), rng.randint(0, 59))
        names = [by] if isinstance(by, str) else list(by)
        row = Interaction(
            workplace=place.workplace, state=State.HELD, channel=channel, on=on, at=at, purpose=purpose,
            outcome=outcome, note=note, created_by=self.people[names[0]],
            logged_at=moment(on, spoken_at) + timedelta(minutes=rng.randint(5, 60)), **facts,
        )  # fmt: skip
        return Told(row, [place.people[which] for which in persons], [self.people[each] for each in names])

    def _promised(self, told, channel, title, due_on, **facts):
        told.promise = FollowUp(
            kind=facts.pop("kind", FollowUp.Kind.NEXT_STEP), workplace=told.row.workplace, person=next(iter(told.persons), None),
            title=title, channel=channel, due_on=due_on, owner=told.staff[0], created_by=told.staff[0],
            created_at=told.row.logged_at, **facts,
        )  # fmt: skip
        return told

    def _keeps(self, told, earlier, channel, title):
        """Let `earlier` have promised what `told` did."""
        self._promised(earlier, channel, title, told.row.on)
        told.keeps = earlier.promise

    def _boedker(self):
        later = calendar.month_after(self.today, 2)
        first = self.held(
            BOEDKER,
            352,
            "phone",
            "Første kontakt: hør, hvad de laver",
            "interested",
            "Karl tog den selv. De er tolv og laver møbler på mål. Vil gerne have besøg.",
            by="sara",
            basis="authority",
        )
        seen = self.held(
            BOEDKER,
            341,
            "visit",
            "Se værkstedet, og tal om praktik",
            "interested",
            "Fint værksted med plads ved pudsebordet. Anna bestemmer, Karl skriver under.",
            by="sara",
            persons=(0, 1),
            at=time(9, 0),
        )
        agreed = self.held(
            BOEDKER,
            318,
            "phone",
            "Hør, om Anna vil prøve en i praktik",
            "agreed",
            "Ja til en plads ved pudsebordet i fire uger. Bo bliver mentor.",
            by="sara",
            persons=(1,),
        )
        checked = self.held(
            BOEDKER,
            281,
            "visit",
            "Følg op på pladsen i værkstedet",
            "agreed",
            "Bo roser indsatsen. De forlænger med otte uger.",
            by=("ali",),
            persons=(2,),
            at=time(13, 0),
        )
        signed = self.held(
            BOEDKER,
            256,
            "meeting",
            "Gennemgå forslag til samarbejdsaftale",
            "agreed",
            "Enige om to pladser om året, et møde hvert halve år og en fast kontaktperson.",
            by=("sara", "karen"),
            at=time(10, 0),
        )
        ended = self.held(
            BOEDKER,
            152,
            "phone",
            "Hør, hvordan praktikken sluttede",
            "agreed",
            "Det blev til 20 timer om ugen på almindelige vilkår.",
            by=("ali",),
            persons=(2,),
        )
        visit = self.held(
            BOEDKER,
            76,
            "visit",
            "Halvårsmøde om samarbejdsaftalen",
            "interested",
            "Praktikken gik godt. De vil gerne tage flere.",
            by=("sara", "ali"),
            persons=(0, 1),
            at=time(9, 30),
        )
        handed = self.held(
            BOEDKER,
            52,
            "meeting",
            "Sara giver virksomheden videre til Mette",
            "interested",
            "Hilste på. Karl er bedst at træffe før kl. 10, og Anna bestemmer i værkstedet.",
            by=("mette", "sara"),
            at=time(14, 0),
        )
        mail = self.held(
            BOEDKER,
            24,
            "email",
            "Send om mentorordning og voksenlærlinge",
            "informed",
            "Sendt til Karl, som viser det til Anna.",
        )
        call = self.held(
            BOEDKER,
            6,
            "phone",
            "Hør, om de har læst om voksenlærlinge",
            "not_now",
            f"Ingen opgaver før {later}, men gerne to i værkstedet derefter.",
            persons=(1,),
            barrier="no_tasks",
        )
        self._keeps(seen, first, "visit", "Se værkstedet, og tal om praktik")
        self._keeps(agreed, seen, "phone", "Hør, om Anna vil prøve en i praktik")
        self._keeps(checked, agreed, "visit", "Følg op på pladsen i værkstedet")
        self._keeps(ended, checked, "phone", "Hør, hvordan praktikken sluttede")
        self._keeps(visit, signed, "visit", "Halvårsmøde om samarbejdsaftalen")
        self._keeps(mail, handed, "email", "Send om mentorordning og voksenlærlinge")
        self._keeps(call, mail, "phone", "Hør, om de har læst om voksenlærlinge")
        showroom = self.held("Showroom", 52, "visit", "Se udstillingen i showroomet", "interested",
                             "De er to i butikken og kunne bruge en om lørdagen.", by=("mette", "sara"),
                             persons=(), basis="cooperation", at=time(15, 30))  # fmt: skip
        return [first, seen, agreed, checked, signed, ended, visit, handed, showroom, mail, call]

    def _mettes_promises(self):
        """What Mette has promised: three things that are overdue, two for today, one for later this week."""
        today, last = self.today, self._days_before(3)
        coming = calendar.coming_days(today)
        held = self.held
        return [
            self._promised(
                held("Bådværft Ærling", 11, "visit", "Tal om faste pladser på værftet", "interested",
                     "To pladser fra foråret, hvis vi kan finde en mentor udefra. Poul viste den nye hal.", at=time(10, 0)),
                "phone", "Ring med navnet på en mentor", last[0]),
            self._promised(
                held("Rengøring Nord", 8, "phone", "Tal om et virksomhedscenter på aftenholdet", "interested",
                     "Iben vil have det på skrift, før hun tager det op med ejeren."),
                "email", "Send varedeklaration for virksomhedscenter", last[1]),
            self._promised(
                held("Tømrer Skov og Søn", 19, "phone", "Hør, om Jens stadig vil tage en i praktik", "agreed",
                     "Plads i fire uger hos sjakket. Begynder med oprydning og varekørsel."),
                "phone", "Hør, om praktikanten er begyndt", last[2]),
            self._promised(
                held("Tagdækker Ravn", 14, "phone", "Fortæl om voksenlærlinge", "interested",
                     "Steen har en ufaglært på holdet, der kunne blive lærling. Regner på det."),
                "phone", "Hør, om Steen har regnet på voksenlærlingen", today),
            self._promised(
                held("Boghandler Ulla Brink", 1, "phone", "Ringede selv: søger en medhjælper", "interested",
                     "Ulla mangler en til lørdage og til tiden op mod jul. Lovede at vende tilbage straks.",
                     direction="in", meeting_offered=False),
                "phone", "Ring tilbage, og tilbyd et møde", today,
                kind=FollowUp.Kind.MATTER, occurrence=matters.OCCURRENCE),
            self._promised(
                held("Centralkøkkenet", 33, "meeting", "Halvårsmøde om samarbejdsaftalen", "agreed",
                     "To af fire delmål er nået. Merete vil have en fast dag om måneden, hvor vi er på stedet.",
                     at=time(13, 0)),
                "phone", "Ring om næste års mål i aftalen", coming[-1],
                repeat_every=6, repeat_unit=FollowUp.Unit.MONTH),
            held("Café Fyrtårnet", 41, "phone", "Hør, hvordan det går i køkkenet", "agreed",
                 "Amira er glad for den nye i opvasken. Timerne er sat op til 20 om ugen."),
            held("Lindevig Plejecenter", 27, "visit", "Tal om et virksomhedscenter på to afdelinger", "interested",
                 "Gennemgik opgaverne med Birgit og Tove. De vil se et udkast til kontrakt.", persons=(0, 1), at=time(9, 0)),
            held("Rådhuskantinen", 45, "phone", "Hør, om de kan tage imod to", "agreed",
                 "To pladser i det kolde køkken. Hanne vil gerne hilse på dem først."),
            held("Snedkeriet Kvist og Gren", 26, "visit", "Se værkstedet, og tal om elevplads", "interested",
                 "Ida har plads til en fra sommer, men godkendelsen er udløbet. De søger igen.", at=time(10, 30)),
            held("Glarmester Rude", 147, "phone", "Hør, om de har brug for hænder", "not_now",
                 "Finn er alene med en svend og har ikke tid til oplæring nu.", by="sara", barrier="no_time"),
            held("Malerfirmaet Toft", 216, "visit", "Tal om faste pladser", "interested",
                 "Pia vil gerne, men først når de er flyttet i nyt lager.", by="jonas", at=time(8, 30)),
            held("Elinstallatør Strømberg", 12, "meeting", "Gennemgå rekruttering for næste år", "interested",
                 "De skal bruge to elektrikere og en lærling. Lars sender opslagene til os først.", by="sara",
                 at=time(13, 30)),
        ]  # fmt: skip

    def _forgotten(self):
        """Places that have waited longer than their group's plan says."""
        return [
            self.held("Smedjen i Sønderby", 438, "visit", "Hils på, og se værkstedet", "interested",
                      "Verner viste rundt. De mangler en smed og vil gerne høre fra os.", at=time(9, 30)),
            self.held("Hotel Vestkysten", 281, "phone", "Hør, hvad de skal bruge til sæsonen", "agreed",
                      "To til værelserne i højsæsonen. Helle tager samtalerne selv."),
            self.held("Gartneriet Løvsal", 224, "visit", "Tal om timer i væksthuset", "not_now",
                      "Aksel vil vente, til varmen i det nye hus er på plads.", at=time(11, 0), barrier="no_tasks"),
        ]  # fmt: skip

    def _days_before(self, count):
        """The last working days before today, the earliest first."""
        days, day = [], self.today
        while len(days) < count:
            day -= timedelta(days=1)
            if day.weekday() < 5:
                days.insert(0, day)
        return days

    # What is to come.

    def plans(self):
        """Planned contacts: Mette's day and week, and a colleague's plan next door."""
        coming = calendar.coming_days(self.today)
        later = calendar.month_after(self.today, 2)
        plan = self.plan
        return [
            plan(BOEDKER, self.today, "visit", f"Aftal to pladser fra {later}", time(9, 30)),
            plan("Café Fyrtårnet", self.today, "phone", "Hør, om køkkenet kan tage en mere", time(11, 0)),
            plan("Lindevig Plejecenter", self.today, "meeting", "Gennemgå kontrakt om virksomhedscenter", time(14, 15),
                 staff=("mette", "ali")),
            plan("VVS Munk og Holst", coming[len(coming) // 2], "visit", "Første besøg: fortæl om voksenlærlinge",
                 time(10, 0)),
            plan("Rådhuskantinen", coming[-1], "meeting", "Introduktion af nye praktikanter", time(13, 0)),
            plan("Væveri", working_day(self.today + timedelta(days=9)), "phone", "Hør, om væveriet vil se varedeklarationen",
                 time(9, 0), staff=("sara",), persons=()),
            plan("Elinstallatør Strømberg", working_day(self.today + timedelta(days=9)), "meeting",
                 "Gennemgå de to opslag", time(10, 0), staff=("sara",)),
        ]  # fmt: skip

    def plan(self, name, on, channel, purpose, at, *, staff=("mette",), persons=(0,)):
        """A planned contact on that day."""
        place = self.by_name[name]
        row = Interaction(
            workplace=place.workplace, state=State.PLANNED, channel=channel, on=on, at=at, purpose=purpose,
            created_by=self.people[staff[0]],
        )  # fmt: skip
        planned_at = working_day(self.today - timedelta(days=self.rng.randint(2, 5)), step=-1)
        known = [place.people[which] for which in persons]
        return Told(row, known, [self.people[each] for each in staff], planned_at=planned_at)

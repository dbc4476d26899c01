"""What people write in the cells of such a file, in Danish and English, and which of our codes it means."""

import re

from companies.register.cells import without_decimals
from companies.register.headings import folded
from contacts.models import Channel, Interaction, Person
from jobcenter_crm.frame.danish import search_key

Outcome, Role = Interaction.Outcome, Person.Role

CHANNELS = {
    Channel.VISIT: """
        besøg; visit; virksomhedsbesøg; besøgt; personligt besøg; møde på virksomheden; møde hos virksomheden; fremmøde;
        personligt fremmøde; visited; company visit; personal visit
    """,
    Channel.PHONE: """
        opkald; call; telefon; telefonisk; tlf; telefonsamtale; telefonopkald; ringet; samtale; sms; phone; telephone; phone
        call; called; text message
    """,
    Channel.EMAIL: "mail; e-mail; mailet; mails; skriftlig; elektronisk; e-post; mailkorrespondance; emailed",
    Channel.MEETING: """
        møde hos os; meeting with us; møde; meeting; møde i jobcentret; møde på jobcentret; dialogmøde; online møde; teams;
        teamsmøde; virtuelt møde; videomøde; video; online meeting
    """,
    Channel.LETTER: "brev; letter; digital post; e-boks; post; materiale sendt; letter sent",
    Channel.EVENT: """
        arrangement; event; messe; jobmesse; netværksmøde; fyraftensmøde; konference; kursus; temamøde; job fair; fair;
        conference; network meeting
    """,
}
ROLES = {
    Role.DIRECTOR: """
        direktør; director; adm. direktør; administrerende direktør; adm. dir.; direktion; indehaver; ejer; ceo; medejer;
        partner; managing director; owner; manager of the company
    """,
    Role.HR: """
        personale (hr); personnel (hr); hr; personalechef; hr-chef; hr chef; personaleleder; personaleansvarlig; hr-konsulent; hr
        partner; hr business partner; personale; personnel; hr manager; human resources
    """,
    Role.HEAD: """
        afdelingsleder; head of department; afdelingschef; butikschef; butiksleder; leder; chef; driftsleder; driftschef;
        souschef; daglig leder; restaurantchef; køkkenchef; institutionsleder; skoleleder; produktionschef; department head;
        manager; store manager; head
    """,
    Role.FOREMAN: """
        værkfører; foreman; formand; arbejdsleder; sjakbajs; teamleder; holdleder; gruppeleder; lagerchef; værkmester; team
        leader; supervisor
    """,
    Role.MENTOR: "mentor; kontaktperson for praktikanter; oplæringsansvarlig; praktikansvarlig; trainer",
    Role.SHOP_STEWARD: """
        tillidsrepræsentant; shop steward; tr; tillidsmand; fællestillidsrepræsentant; arbejdsmiljørepræsentant; union
        representative
    """,
    Role.OTHER: "andet; other; anden; sekretær; reception; receptionist; kontor; bogholder; bogholderi; medarbejder; employee",
}
OUTCOMES = {
    Outcome.AGREED: "plads aftalt; place agreed; aftalt; aftale; aftale indgået; plads; ja; agreed; yes",
    Outcome.INTERESTED: "interesseret; interested; positiv; måske; positive; maybe",
    Outcome.NOT_NOW: "ikke nu; not now; senere; ikke lige nu; later",
    Outcome.NO: "nej tak; no thanks; nej; ikke interesseret; afslag; no; not interested; declined",
    Outcome.INFORMED: "orienteret; informed; informeret; information; materiale sendt; information sent",
    Outcome.NO_ANSWER: """
        intet svar; no answer; ikke svar; svarer ikke; ikke truffet; traf ikke; lagt besked; ikke hjemme; left a message
    """,
    Outcome.ANSWERED: "spørgsmål besvaret; question answered; besvaret; svar givet; answered",
}
_TIER = re.compile(r"(?:virksomhedsgruppe|gruppe|group|segment|tier|kategori|category|g|nr|no)?([1-4])")
_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
_BETWEEN = re.compile(r"[,;/&\n]|\b(?:og|and)\b", re.IGNORECASE)


def _read(words):
    return {folded(word): code.value for code, listed in words.items() for word in re.split(r";\s+", listed.strip())}


_CHANNELS, _ROLES, _OUTCOMES = _read(CHANNELS), _read(ROLES), _read(OUTCOMES)


def channel(plain):
    """The code of a `Channel`; empty for one that is not known. "Besøg hos kunden" is known by its first word."""
    return _known(_CHANNELS, plain)


def role(plain):
    return _known(_ROLES, plain)


def outcome(plain):
    """Whole words only: "nej, men senere" is neither."""
    return _OUTCOMES.get(folded(plain), "")


def tier(plain):
    """1 to 4 from "2", "Gruppe 2", "2.0"; None for anything else."""
    found = _TIER.fullmatch(folded(without_decimals(plain)))
    return int(found[1]) if found else None


def _known(codes, plain):
    words = search_key(plain).split()
    return codes.get("".join(words)) or (codes.get(words[0], "") if words else "")


class Colleagues:
    """The members of staff by what a file may call them: e-mail, log-in or full name, where only one has it."""

    def __init__(self, users):
        self._by_email, self._by_login, self._by_name = {}, {}, {}
        for user in users:
            for known, key in (
                (self._by_email, user.email.casefold()),
                (self._by_login, user.username.casefold()),
                (self._by_name, search_key(user.get_full_name())),
            ):
                if key:
                    known[key] = None if key in known else user

    def find(self, plain):
        """The one colleague meant by "mette@kommune.dk", "Mette Holm <mette@kommune.dk>", "mette" or "Mette Holm"."""
        if address := _ADDRESS.search(plain):
            return self._by_email.get(address[0].casefold())
        return self._by_login.get(plain.casefold()) or self._by_name.get(search_key(plain))

    def several(self, plain):
        """`(colleagues, those words that mean none)`, from names with commas, blanks and the like between."""
        found, unknown = [], []
        for part in map(str.strip, _BETWEEN.split(plain)):
            if not part:
                continue
            user = self.find(part)
            if user is None:
                unknown.append(part)
            elif user not in found:
                found.append(user)
        return found, unknown

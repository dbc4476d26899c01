"""The people of one company, and which of them a row of our own past means."""

from companies.models import digits, phone_key
from contacts.models import Person
from jobcenter_crm.frame.danish import search_key


class People:
    """The people known at a company, those made on the way among them.

    A name decides. Another name with the same e-mail or telephone is the same person only if one is a part of
    the other ("Anna", "Anna Holm"): a switchboard has many people. Such a one is linked but never filled in, and
    its name means the same person for the rest of the file: that is what makes the same file harmless twice. So
    does the name of one of the `merged`, who were merged into another.
    """

    def __init__(self, persons, merged=()):
        self._persons = list(persons)
        self._named, self._also = {}, {_key(person.name): person.merged_into for person in merged}
        for person in self._persons:
            self._named.setdefault(_key(person.name), []).append(person)

    def find(self, facts, workplace):
        """`(person, whether by its own name)`, or `(None, False)`."""
        key = _key(facts.person)
        if same := self._named.get(key) if key else None:
            return next((person for person in same if person.workplace_id == workplace.pk), same[0]), True
        if key in self._also:
            return self._also[key], False
        for person in self._persons:
            if _has_same_details(person, facts) and _is_same_name(key, _key(person.name)):
                if key:
                    self._also[key] = person
                return person, False
        return None, False

    def add(self, facts, workplace):
        person = Person(
            company_id=workplace.company_id,
            workplace=workplace,
            name=facts.person,
            role=facts.role or Person.Role.OTHER,
            phone=facts.phone,
            email=facts.email,
        )
        person.derive()
        self._persons.append(person)
        self._named.setdefault(_key(person.name), []).append(person)
        return person


def _key(name):
    return search_key(name) or name.casefold()


def _has_same_details(person, facts):
    if facts.email and facts.email.casefold() == person.email.casefold():
        return True
    return bool(same_phone_key(facts.phone)) and same_phone_key(facts.phone) == same_phone_key(person.phone)


def same_phone_key(phone):
    """A telephone number as it is compared; a foreign one by all its digits."""
    number = digits(phone)
    return phone_key(number) or number


def _is_same_name(one, other):
    """Whether one of two folded names is a part of the other; no name is a part of each."""
    one, other = set(one.split()), set(other.split())
    return one <= other or other <= one

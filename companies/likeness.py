"""What looks like one and the same place of work, and why.

Everything here goes by the keys that a workplace keeps (`Workplace.derive`), so that no record is compared
with every other: whoever adds one by hand is shown what looks the same, and a list of likely doubles is
made on the same rules. A likeness is a hint for a person to judge, never a decision.
"""

from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from companies.models import Workplace

# So many are looked at of each likeness, and shown of all of them.
MOST = 25
# Of a postcode's names that begin alike, so many are compared letter by letter.
CANDIDATES = 500
# So many letters two names must begin with to be compared at all.
BEGINNING = 3
# From here on two names count as one that is written in two ways; "moebler" and "moebel" have 0.77.
CLOSE = 0.88


class Reason(models.TextChoices):
    """Why two records look the same, the strongest first."""

    P_NUMBER = "p_number", _("same P-number")
    ADDRESS = "address", _("same company and address")
    PHONE = "phone", _("same telephone")
    NAME = "name", _("same name at the same postcode")
    SIMILAR_NAME = "similar_name", _("similar name at the same postcode")
    COMPANY = "company", _("same CVR number")


STRENGTH = {reason: at for at, reason in enumerate(Reason)}


class Marks(NamedTuple):
    """What a place of work is known again by; empty or None where nothing is known."""

    cvr_number: str
    p_number: str | None
    address_key: str
    postcode: str
    name_key: str
    phone_key: str


def marks_of(workplace):
    """The marks of a `Workplace`, whose company is asked for; of an unsaved one too, once it is derived."""
    return Marks(
        workplace.company.cvr_number,
        workplace.p_number,
        workplace.address_key,
        workplace.postcode,
        workplace.name_key,
        workplace.phone_key,
    )


def reasons_alike(one, other):
    """Why two `Marks` look the same, the strongest reason first; empty when they do not."""
    found = []
    if one.p_number and one.p_number == other.p_number:
        found.append(Reason.P_NUMBER)
    is_one_company = bool(one.cvr_number) and one.cvr_number == other.cvr_number
    if is_one_company and one.address_key == other.address_key and not one.address_key.startswith("|"):
        found.append(Reason.ADDRESS)
    if one.phone_key and one.phone_key == other.phone_key:
        found.append(Reason.PHONE)
    if one.postcode and one.postcode == other.postcode and one.name_key and other.name_key:
        if one.name_key == other.name_key:
            found.append(Reason.NAME)
        elif similar(one.name_key, other.name_key):
            found.append(Reason.SIMILAR_NAME)
    if is_one_company:
        found.append(Reason.COMPANY)
    return found


def similar(one, other):
    """Whether two `name_key`s are likely one name: a letter or two apart, or one the other with something added.

    Names that differ in a number are not: "Skolen, afdeling 1" is not "Skolen, afdeling 2".
    """
    if one[:BEGINNING] != other[:BEGINNING] or _numbers(one) != _numbers(other):
        return False
    short, long = sorted((one, other), key=lambda key: (len(key), key))
    if long.startswith(short) and len(short) > 5 and 2 * len(short) > len(long):
        return True
    compared = SequenceMatcher(None, short, long, autojunk=False)
    # The first two are upper bounds and cost next to nothing.
    return compared.real_quick_ratio() >= CLOSE and compared.quick_ratio() >= CLOSE and compared.ratio() >= CLOSE


def _numbers(key):
    return [sign for sign in key if sign.isdigit()]


class Hit:
    """A record of ours that looks the same, and why."""

    def __init__(self, workplace, reasons):
        self.workplace, self.reasons = workplace, reasons

    @cached_property
    def why(self):
        """The reasons as one part of a sentence."""
        return ", ".join(str(reason.label) for reason in self.reasons if not self._is_told_already(reason))

    def _is_told_already(self, reason):
        """The company is part of the address's reason and of the P-number's."""
        return reason is Reason.COMPANY and {Reason.ADDRESS, Reason.P_NUMBER} & set(self.reasons)


def hits(marks, but=None):
    """The records that look like `marks`, a `Hit` each, the likest first; `but` is the one that is looked from.

    Five statements, whatever the register holds.
    """
    places = Workplace.objects.for_register_page().order_by("pk")
    found = {}
    for places_alike in (
        places.filter(p_number=marks.p_number) if marks.p_number else places.none(),
        places.at_address_of(marks.cvr_number, marks.address_key),
        places.called_up_on(marks.phone_key),
        places.filter(pk__in=_named_alike(marks)),
        places.of_company(marks.cvr_number),
    ):
        for workplace in places_alike[:MOST]:
            if but is None or workplace.pk != but.pk:
                found.setdefault(workplace.pk, workplace)
    likest = [Hit(workplace, reasons_alike(marks, marks_of(workplace))) for workplace in found.values()]
    likest.sort(
        key=lambda hit: (STRENGTH[hit.reasons[0]], -len(hit.reasons), hit.workplace.sort_name, hit.workplace.pk)
    )
    return likest[:MOST]


def _named_alike(marks):
    """The keys of the places at the postcode whose name is the same or similar, the same first."""
    if not (marks.postcode and marks.name_key):
        return []
    named = Workplace.objects.named_like(marks.postcode, marks.name_key, beginning=BEGINNING)
    names = [
        *named.filter(name_key=marks.name_key).order_by("pk").values_list("pk", "name_key")[:MOST],
        *named.exclude(name_key=marks.name_key).order_by("name_key", "pk").values_list("pk", "name_key")[:CANDIDATES],
    ]
    return [pk for pk, name in names if name == marks.name_key or similar(name, marks.name_key)][:MOST]

"""Clues to people who are there twice at one company."""

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

from companies import duplicates
from companies.duplicates import Clue
from contacts.models import Person

# What more than two share is the number of the house.
TWO = 2


def _same_name():
    return Person.objects.current().exclude(name_key="")


def _same_phone():
    return Person.objects.current().exclude(phone_key="")


def _same_email():
    return Person.objects.current().exclude(email="").annotate(address=Lower("email"))


def declare():
    duplicates.register(
        "person",
        Clue(_same_name, ("company", "name_key"), gettext_lazy("Same name")),
        Clue(_same_phone, ("company", "phone_key"), gettext_lazy("Same telephone"), most=TWO),
        Clue(_same_email, ("company", "address"), gettext_lazy("Same e-mail"), most=TWO),
    )

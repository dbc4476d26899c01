"""Words and what they mean, and that the words we offer are among them."""

import pytest
from django.utils import translation

from companies.register.cells import yes_or_no
from contacts.past import vocabulary
from contacts.past.template import choices
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Besøg", "visit"),
        ("virksomhedsbesøg", "visit"),
        ("Besøg hos dem selv", "visit"),
        ("Tlf.", "phone"),
        ("TELEFON", "phone"),
        ("tlf opkald", "phone"),
        ("E-mail", "email"),
        ("mail", "email"),
        ("Møde", "meeting"),
        ("møde på virksomheden", "visit"),
        ("brev", "letter"),
        ("Digital post", "letter"),
        ("Jobmesse", "event"),
        ("røgsignal", ""),
        ("", ""),
        ("?!", ""),
    ],
)
def test_ways_of_contact(said, meant):
    assert vocabulary.channel(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Adm. direktør", "director"), ("HR-chef", "hr"), ("TR", "shop_steward"), ("butikschef", "head"), ("klovn", "")],
)
def test_roles(said, meant):
    assert vocabulary.role(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"), [("Nej tak", "no"), ("ikke nu", "not_now"), ("nej, men senere", ""), ("Plads aftalt", "agreed")]
)
def test_outcomes(said, meant):
    assert vocabulary.outcome(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2", 2),
        ("2.0", 2),
        ("Gruppe 2", 2),
        ("gruppe2", 2),
        ("G4", 4),
        ("Group 3", 3),
        ("5", None),
        ("12", None),
        ("A", None),
    ],
)
def test_groups(said, meant):
    assert vocabulary.tier(said) == meant


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_words_the_workbook_offers_are_understood(language):
    with translation.override(language):
        words = choices()

        assert [vocabulary.tier(str(word)) for word in words["tier"]] == [1, 2, 3, 4]
        assert all(map(vocabulary.role, words["role"]))
        assert len(set(map(vocabulary.channel, words["channel"]))) == 6
        assert all(map(vocabulary.channel, words["channel"]))
        assert len(set(map(vocabulary.outcome, words["outcome"]))) == 7
        assert all(map(vocabulary.outcome, words["outcome"]))
        assert [yes_or_no(word) for word in words["do_not_contact"]] == [True, False]


def test_several_colleagues_in_one_cell():
    mette, ali = UserFactory.build(pk=1, username="mette"), UserFactory.build(pk=2, username="ali")
    known = vocabulary.Colleagues([mette, ali])

    assert known.several("mette, ali og Ukendt; mette") == ([mette, ali], ["Ukendt"])

"""What apps above ask along when a contact is logged."""

from datetime import date

import pytest

from contacts import asked_along
from contacts.asked_along import Asked, Question
from tests.factories import InteractionFactory

DAY = date(2026, 11, 24)


@pytest.fixture
def questions(monkeypatch):
    """None, but those that a test registers."""
    monkeypatch.setattr(asked_along, "_questions", {})


def question(name, *keys, heard=None, undone=None):
    asked = [Asked(key, f"Is {key} so?", (("yes", "Yes"),), DAY) for key in keys]
    taken = [] if heard is None else heard

    def take(*answer):
        taken.append(answer)
        return sorted(answer[0])

    def put_back(done, by):
        undone.append((done, by))
        return len(done) - 1

    return Question(name, lambda workplace, user, today: asked, take, put_back)


def test_each_thing_asked_has_a_field_named_after_its_question(questions):
    asked_along.register(question("places", "slot-1", "slot-2"), question("others", "slot-1"))

    assert list(asked_along.asked_at(None, None, DAY)) == [
        "asked-places-slot-1", "asked-places-slot-2", "asked-others-slot-1",
    ]  # fmt: skip


@pytest.mark.django_db
def test_answers_go_to_whoever_asked_and_to_nobody_else(questions):
    heard, others = [], []
    asked_along.register(question("places", "slot-1", heard=heard), question("others", "slot-1", heard=others))

    asked_along.take({"asked-places-slot-1": "yes"}, by="Mette", contact=InteractionFactory(on=DAY))

    assert heard == [({"slot-1": "yes"}, "Mette", DAY)]
    assert others == []


@pytest.mark.django_db
def test_what_they_changed_is_kept_with_the_contact_and_put_back_by_whoever_asked(questions):
    undone, contact = [], InteractionFactory(on=DAY)
    written = contact.history.count()
    asked_along.register(question("places", "slot-1", "slot-2", undone=undone), question("others", "slot-1"))
    asked_along.take({"asked-places-slot-1": "yes", "asked-places-slot-2": "no"}, by="Mette", contact=contact)
    contact.refresh_from_db()

    left = asked_along.put_back(contact, by="Mette")

    assert (left, undone) == (1, [(["slot-1", "slot-2"], "Mette")])
    assert contact.history.count() == written


@pytest.mark.django_db
def test_where_nothing_was_answered_nothing_is_kept(questions, django_assert_num_queries):
    contact = InteractionFactory()
    asked_along.register(question("places", "slot-1"))

    with django_assert_num_queries(0):
        asked_along.take({}, by="Mette", contact=contact)
        assert asked_along.put_back(contact, by="Mette") == 0


def test_a_name_stands_for_one_question(questions):
    first = question("places")
    asked_along.register(first, first)

    with pytest.raises(ValueError, match="two questions called places"):
        asked_along.register(question("places", "slot-1"))

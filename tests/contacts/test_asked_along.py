"""What apps above ask along when a contact is logged."""

from datetime import date

import pytest

from contacts import asked_along
from contacts.asked_along import Asked, Question

DAY = date(2026, 11, 24)


@pytest.fixture
def questions(monkeypatch):
    """None, but those that a test registers."""
    monkeypatch.setattr(asked_along, "_questions", {})


def question(name, *keys, heard=None):
    asked = [Asked(key, f"Is {key} so?", (("yes", "Yes"),), DAY) for key in keys]
    taken = [] if heard is None else heard
    return Question(name, lambda workplace, user, today: asked, lambda *answer: taken.append(answer))


def test_each_thing_asked_has_a_field_named_after_its_question(questions):
    asked_along.register(question("places", "slot-1", "slot-2"), question("others", "slot-1"))

    assert list(asked_along.asked_at(None, None, DAY)) == [
        "asked-places-slot-1", "asked-places-slot-2", "asked-others-slot-1",
    ]  # fmt: skip


def test_answers_go_to_whoever_asked_and_to_nobody_else(questions):
    heard, others = [], []
    asked_along.register(question("places", "slot-1", heard=heard), question("others", "slot-1", heard=others))

    asked_along.take({"asked-places-slot-1": "yes"}, by="Mette", on=DAY)

    assert heard == [({"slot-1": "yes"}, "Mette", DAY)]
    assert others == []


def test_a_name_stands_for_one_question(questions):
    first = question("places")
    asked_along.register(first, first)

    with pytest.raises(ValueError, match="two questions called places"):
        asked_along.register(question("places", "slot-1"))

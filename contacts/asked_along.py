"""What is asked along when a contact is logged: apps above register questions such as "are the places still open?".

Nobody makes contact for their sake: they are folded away in the form, and each is answered by one tap or left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Asked:
    """One thing that may be asked at a workplace. `choices` are (value, words), besides that it was not asked.

    `since` is the day as of which it is known. What `is_due` is shown unfolded.
    """

    key: str
    words: str
    choices: tuple
    since: date
    is_due: bool = False


@dataclass(frozen=True)
class Question:
    """One app's questions.

    `ask(workplace, user, today)` returns the `Asked` that `user` may answer there, in one statement at the most.
    `take(answers, by, on)` writes them, `{key: value}`, in the transaction that logs the contact of the day `on`, and
    returns as a JSON list what that changed. `put_back(done, by)` undoes exactly that, where nothing has changed since,
    and returns how many it left.
    """

    name: str
    ask: Callable
    take: Callable
    put_back: Callable


_questions = {}


def register(*questions):
    """Add questions; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for question in questions:
        if _questions.setdefault(question.name, question) != question:
            raise ValueError(f"There are two questions called {question.name} that are asked along.")


def asked_at(workplace, user, today):
    """`{name of the field: Asked}` of all that may be asked there."""
    return {
        f"asked-{name}-{asked.key}": asked
        for name, question in _questions.items()
        for asked in question.ask(workplace, user, today)
    }


def take(answers, *, by, contact):
    """Write what was answered along with a contact, `{name of the field: value}`, and keep how to put it back."""
    done = {}
    for name, question in _questions.items():
        start = f"asked-{name}-"
        if own := {field.removeprefix(start): value for field, value in answers.items() if field.startswith(start)}:
            done[name] = question.take(own, by, contact.on)
    if done:
        contact.answered_along = {"answers": answers, "done": done}
        contact.save_without_historical_record(update_fields=["answered_along"])


def put_back(contact, *, by):
    """Undo what was answered along with a contact that is taken back; returns how many answers stay: changed since."""
    done = contact.answered_along.get("done", {})
    return sum(_questions[name].put_back(some, by) for name, some in done.items() if name in _questions)

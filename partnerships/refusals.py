"""What an act says when what was written in its form does not fit."""

from contacts.actions import NotNow


class Refused(NotNow):
    """It does not fit; `field` is the one of the form that it is about, if any."""

    def __init__(self, words, field=None):
        self.field = field
        super().__init__(words)

"""What a coded column of a row is called on a page."""


def label_of(field, choices):
    """A `get_<field>_display` that looks up one label.

    Django's own makes a dictionary of all of them, in words, each time: of a page with dozens of rows a tenth of the work.
    """

    def read(row):
        value = getattr(row, field)
        return str(choices(value).label) if value in choices else value

    return read

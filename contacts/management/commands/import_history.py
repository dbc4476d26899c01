"""`manage.py import_history FILE...`: our own past from spreadsheets."""

from companies.register.command import ImportCommand


class Command(ImportCommand):
    kind = "history"
    help = (
        "Take in what you know of your employers from before: responsible consultants, groups, people, contacts and next "
        "steps. All files are read to their end before the first row is written; register facts are never changed."
    )

"""`manage.py import_register FILE...`: the register from files."""

from companies.register.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import companies and workplaces from files of the national register: CSV, Excel, JSON, also packed by gzip or "
        "zip. All files are read to their end before the first row is written."
    )

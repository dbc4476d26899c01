"""What each web process would load with its first pages, loaded once before the processes are forked.

They share it then, and whoever comes first after a start waits no longer than others.
"""

from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils import translation


def load_pages():
    """The addresses in each language, with the views behind them, and our own templates; returns how many templates."""
    resolver = get_resolver()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            # Reading it fills it, and those of all parts below it.
            assert resolver.reverse_dict
    return sum(_load(django, folder) for django in engines.all() for folder in django.engine.dirs)


def _load(django, folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        django.get_template(str(path.relative_to(folder)))
    return len(paths)

"""What each web process would load with its first pages, loaded once before the processes are forked.

They share it then, and whoever comes first after a start waits no longer than others.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_backends
from django.template import engines
from django.urls import get_resolver
from django.utils import formats, timezone, translation

from jobcenter_crm.frame.working_days import next_working_day


def load_pages():
    """The addresses with the views behind them and the formats in each language, our own templates, and what is read late.

    Returns how many templates there are.
    """
    resolver = get_resolver()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            # Reading it fills it, and those of all parts below it.
            assert resolver.reverse_dict
            formats.get_format("DATE_FORMAT")
    get_backends()
    if settings.REDIS_URL:
        # Read with the first question to the cache; nothing connects yet.
        import_module("redis")
    # Its library reads the holidays of all countries when the first is asked for.
    next_working_day(timezone.localdate())
    return sum(_load(django, folder) for django in engines.all() for folder in django.engine.dirs)


def _load(django, folder):
    # Named once, they are imported.
    assert django.engine.template_context_processors
    paths = [path for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        django.get_template(str(path.relative_to(folder)))
    return len(paths)

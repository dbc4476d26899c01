"""Log lines: one JSON object each in production, readable while developing, and no personal data in either.

What ties lines together is bound by whoever knows it: `request_id` by the middleware, `job` by the worker.
"""

import logging
import re
import sys
import traceback

import structlog
from django.core.exceptions import ImproperlyConfigured

# The places nearest to the error; further out it is always the same framework.
PLACES = 20
# Whoever knows the address of a calendar reads it, and what is searched for may be a name or a case: neither stands in
# any line, whoever writes the line.
_SECRET = re.compile(r"(/calendar/|/search/(?:suggestions/)?\?)[^\s\"']+")


def configure(*, debug):
    """Set structlog up; returns the value of Django's setting `LOGGING`, through which all other lines pass too."""
    first = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        failed_task,
        without_secrets,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if debug
        else [places_only, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    # A library's warning is a line like any other, unless somebody sits in front of it.
    logging.captureWarnings(not debug)
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": first,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "filters": {"without health": {"()": WithoutHealth}},
        "loggers": {
            # Django's own handlers would write each line a second time, and mail errors with all their values.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"filters": ["without health"]},
        },
    }


class WithoutHealth(logging.Filter):
    """Lets nothing through that `/health/` answers with 503 by itself: no error of ours, and asked several times a minute.

    Otherwise a worker that stands still fills the log, and is told to Sentry as a new error each time.
    """

    def filter(self, record):
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        return match is None or match.view_name != "backstage:health" or record.status_code != 503


def without_secrets(logger, method, event):
    """A line without the part of an address that is nobody else's business."""
    for name, value in event.items():
        if isinstance(value, str) and ("/calendar/" in value or "/search/" in value):
            event[name] = _SECRET.sub(r"\1...", value)
    return event


def failed_task(logger, method, event):
    """Celery's line about a task that failed, with the type of the error where Celery quotes its text."""
    told = getattr(event.get("_record"), "data", None)
    if isinstance(told, dict) and "exc" in told:
        error = event["_record"].exc_info
        event["event"] = event["_record"].msg % (told | {"exc": error[0].__name__ if error else "", "traceback": ""})
    return event


def places_only(logger, method, event):
    """An error as its types and where it came from. Its text is left out: it may quote what somebody typed.

    But for what is wrong with the settings, which is said to whoever writes them.
    """
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        event["exception"] = [
            {"type": f"{type(each).__module__}.{type(each).__qualname__}", "at": places(each)}
            | ({"says": str(each)} if isinstance(each, ImproperlyConfigured) else {})
            for each in chain(error)
        ]
    return event


def chain(error):
    """The error, what caused it, what caused that."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def places(error):
    """ "file:line in function" of each step of the traceback, the error's own place last."""
    steps = traceback.extract_tb(error.__traceback__)[-PLACES:]
    return [f"{step.filename}:{step.lineno} in {step.name}" for step in steps]

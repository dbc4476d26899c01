import json
import logging
from io import StringIO

import pytest
import structlog
from structlog.stdlib import ProcessorFormatter

from jobcenter_crm.backstage import logs


@pytest.fixture
def lines():
    """The log lines of production, read back."""
    written = StringIO()
    facts = logs.configure(debug=False)["formatters"]["line"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        ProcessorFormatter(processors=facts["processors"], foreign_pre_chain=facts["foreign_pre_chain"])
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


def broken(number):
    try:
        int(number)
    except ValueError as error:
        raise LookupError(f"nobody has {number}") from error


def test_a_line_is_json_with_what_was_bound_to_it(lines):
    with structlog.contextvars.bound_contextvars(request_id="abc", job=7):
        structlog.get_logger("jobcenter_crm").info("job_taken", attempt=2)
        logging.getLogger("another.library").warning("%s files", 3)

    first, second = lines()
    assert (first["event"], first["attempt"], first["job"], first["request_id"]) == ("job_taken", 2, 7, "abc")
    assert (first["level"], first["logger"]) == ("info", "jobcenter_crm")
    assert (second["event"], second["level"], second["job"]) == ("3 files", "warning", 7)


@pytest.mark.parametrize("log", [structlog.get_logger("ours"), logging.getLogger("another.library")])
def test_an_error_is_its_types_and_places_and_never_its_text(lines, log):
    try:
        broken("Jens Hansen, 010203-1234")
    except LookupError:
        log.exception("row_broke")

    [line] = lines()
    types = [each["type"] for each in line["exception"]]
    assert types == ["builtins.LookupError", "builtins.ValueError"]
    assert "test_logs.py" in line["exception"][0]["at"][-1]
    assert line["exception"][0]["at"][-1].endswith("in broken")
    assert "Hansen" not in json.dumps(line)


def test_an_error_can_be_given_as_itself(lines):
    try:
        broken("Jens Hansen")
    except LookupError as error:
        caught = error
    structlog.get_logger("ours").error("later", exc_info=caught)

    [line] = lines()
    assert line["exception"][0]["type"] == "builtins.LookupError"


def test_a_line_without_an_error_says_nothing_of_one(lines):
    logging.getLogger("another.library").info("All is well", exc_info=(None, None, None))

    [line] = lines()
    assert line["event"] == "All is well"
    assert "exception" not in line


@pytest.mark.parametrize("log", [structlog.get_logger("ours"), logging.getLogger("django.request")])
@pytest.mark.parametrize(
    "address", ["/calendar/sEcr-et_1.ics", "/calendar/sEcr-et_1", "/calendar/sEcr-et_1/?x=sEcr-et_1"]
)
def test_the_secret_address_of_a_calendar_stands_in_no_line(lines, log, address):
    log.warning("%s: %s", "Not Found", address)
    structlog.get_logger("ours").info("asked", path=address.partition("?")[0])

    assert "sEcr-et_1" not in json.dumps(lines())
    assert "Not Found: /calendar/..." in lines()[0]["event"]


@pytest.mark.parametrize(
    "address", ["/search/?q=26-00412", "/search/suggestions/?q=26-00412", "/search/?page=2&q=26-00412"]
)
def test_what_somebody_has_searched_for_stands_in_no_line(lines, address):
    logging.getLogger("django.server").info('"GET %s HTTP/1.1" 200 0', address)

    assert "26-00412" not in json.dumps(lines())
    assert '?... HTTP/1.1" 200 0' in lines()[0]["event"]


def test_what_django_says_is_written_once_and_mailed_to_nobody():
    django = logging.getLogger("django")

    assert (django.handlers, django.propagate) == ([], True)
    assert [type(handler) for handler in logging.getLogger("django.request").handlers] == []

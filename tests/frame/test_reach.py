"""Which errors mean that waiting helps, and which that we asked the database wrongly."""

import sqlite3

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from jobcenter_crm.frame.reach import is_out_of_reach


def from_driver(kind, cause):
    error = kind(*cause.args)
    error.__cause__ = cause
    return error


class FromServer(psycopg2.OperationalError):
    """psycopg2's own error, with a code as the server sends it."""

    def __init__(self, code):
        super().__init__("in the server's words")
        self.code = code

    @property
    def pgcode(self):
        return self.code


def from_sqlite(code):
    cause = sqlite3.OperationalError("in its own words")
    cause.sqlite_errorcode = code
    return cause


@pytest.mark.parametrize("code", ["08006", "08P01", "53300", "57P01", "57P03", None])
def test_a_server_that_is_gone_full_or_starting_is_worth_waiting_for(code):
    assert is_out_of_reach(from_driver(OperationalError, FromServer(code)))


@pytest.mark.parametrize("code", ["40P01", "53100", "57014", "55P03"])
def test_a_server_that_refuses_a_statement_is_there(code):
    assert not is_out_of_reach(from_driver(OperationalError, FromServer(code)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [(sqlite3.SQLITE_BUSY, True), (sqlite3.SQLITE_BUSY_SNAPSHOT, True), (sqlite3.SQLITE_ERROR, False)],
)
def test_a_file_that_others_write_to_is_worth_waiting_for_one_without_tables_is_not(code, expected):
    assert is_out_of_reach(from_driver(OperationalError, from_sqlite(code))) == expected


def test_a_connection_that_was_lost_in_the_same_request_counts_too():
    assert is_out_of_reach(InterfaceError("connection already closed"))
    assert not is_out_of_reach(InterfaceError("cursor already closed"))


@pytest.mark.parametrize("error", [ProgrammingError("no such column"), ValueError("x"), None])
def test_other_errors_are_our_own(error):
    assert not is_out_of_reach(error)

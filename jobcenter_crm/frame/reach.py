"""Whether an error means that the database can't be asked just now, so that waiting helps; not that we asked it wrongly."""

import sqlite3

from django.db import InterfaceError, OperationalError

# SQLSTATE: 08 is the connection (PgBouncer's waits that took too long, too), 53300 all connections are taken, 57P0x the
# server stops, starts or has crashed.
_CODES = ("08", "53300", "57P0")
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}


def is_out_of_reach(error):
    """True for a database that is down, was lost on the way, or has no connection free within its limit.

    Also for one that refuses our password or has another name: the driver gives no code to what keeps it from
    connecting. The log says which.
    """
    if isinstance(error, InterfaceError):
        return "connection already closed" in str(error)
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The lower byte is the kind, the others say more of it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BUSY
    # psycopg2 gives no code to what it says itself: nobody there, or gone without a word.
    code = getattr(cause, "pgcode", None)
    return code is None or code.startswith(_CODES)

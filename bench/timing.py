"""Seconds, statements and memory."""

import re
import resource
import time
from pathlib import Path


def seconds(act):
    """How long `act()` takes, and what it gives."""
    began = time.perf_counter()
    answer = act()
    return time.perf_counter() - began, answer


def counted(act):
    """Seconds, answer and number of statements."""
    with Statements() as statements:
        took, answer = seconds(act)
    return took, answer, statements.number


class Statements:
    """The `number` of those that are sent to the database within its `with` block."""

    def __enter__(self):
        from django.db import connection

        self.number = 0
        self._counting = connection.execute_wrapper(self._count)
        self._counting.__enter__()
        return self

    def __exit__(self, *exc_info):
        self._counting.__exit__(*exc_info)

    def _count(self, execute, *how):
        self.number += 1
        return execute(*how)


def peak_mb():
    """The most memory this program held. `ru_maxrss` would also count that of the one it was started from."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)

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
    from django.db import connection

    count = 0

    def counting(execute, *how):
        nonlocal count
        count += 1
        return execute(*how)

    with connection.execute_wrapper(counting):
        took, answer = seconds(act)
    return took, answer, count


def peak_mb():
    """The most memory this program held. `ru_maxrss` would also count that of the one it was started from."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)

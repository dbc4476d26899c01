"""The web alone: gunicorn with two processes on one port, as the Dockerfile starts it."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from bench.scratch import ROOT, command_of_stage, environment_for, free_port

PROCESSES = 2


@contextmanager
def served(database, folder):
    """A `Web` on a free port of this machine, started as the Dockerfile starts it, and stopped afterwards."""
    environment = environment_for(database, folder) | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        # The visitors say what the proxy would say.
        "HTTPS": "1",
        "BEHIND_PROXY": "1",
    }
    port = free_port()
    program, *words = command_of_stage("app")
    words[words.index("0.0.0.0:8000")] = f"127.0.0.1:{port}"
    command = [str(Path(sys.executable).parent / program), *words, "--workers", str(PROCESSES)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield Web(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(port, process):
    for _try in range(300):
        if process.poll() is not None:
            raise SystemExit("gunicorn did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("gunicorn does not answer")


class Web:
    """The processes behind one port."""

    def __init__(self, port, pid):
        self.port, self.pid = port, pid

    def memory_mb(self):
        """What the processes hold, and what all do with the one that started them; what some share is split among them."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        processes = sum(_pss_kb(pid) for pid in children)
        return {"processes": round(processes / 1024), "all": round((processes + _pss_kb(self.pid)) / 1024)}


def _pss_kb(pid):
    return int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1])

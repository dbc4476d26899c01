"""Whether this container's own process lives: `python scripts/alive.py web|worker|clock`; exit code 0 if it does.

For the health checks of docker-compose.yml. `/health/` tells of the whole installation, and one container must not be
called ill because another one is.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path

# The clock writes its schedule every three minutes.
CLOCK_WRITES_WITHIN = 6 * 60
VAR = Path(__file__).resolve().parent.parent / "var"


def web(port=8000):
    """It answers, and has reached the database."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    try:
        connection.request("GET", "/health/", headers={"Host": host})
        return json.load(connection.getresponse())["database"] == "ok"
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return False


def worker():
    """It hears what is said to it through the broker, however busy its hands are."""
    ping = ["celery", "--broker", os.environ["REDIS_URL"], "inspect", "ping", "--timeout", "5"]
    ping += ["--destination", f"celery@{os.uname().nodename}"]
    return subprocess.run(ping, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/").returncode == 0


def clock(folder=VAR):
    """It has written its schedule lately."""
    written = [file.stat().st_mtime for file in folder.glob("celerybeat-schedule*")]
    return bool(written) and time.time() - max(written) < CLOCK_WRITES_WITHIN


if __name__ == "__main__":
    sys.exit(not {"web": web, "worker": worker, "clock": clock}[sys.argv[1]]())

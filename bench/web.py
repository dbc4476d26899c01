"""The served product as its users meet it: gunicorn with two processes, and somebody who is logged in over HTTP."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.scratch import ROOT, environment_for

PROCESSES, THREADS = 2, 8


@contextmanager
def served(database, folder):
    """A `Web` on a free port of this machine, started as the Dockerfile starts it, and stopped afterwards."""
    environment = environment_for(database, folder) | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_STATIC": str(Path(folder) / "static"),
    }
    python = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(python, cwd=ROOT, env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "jobcenter_crm.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", str(PROCESSES),
            "--threads", str(THREADS), "--no-control-socket", "--log-level", "warning",
        ],
        cwd=ROOT, env=environment,
    )  # fmt: skip
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

    def log_in(self, username, password):
        """A `Session` of that user."""
        session = Session(self.port)
        form = session.get("/accounts/login/").form("login")
        session.post(form.action, form.filled(login=username, password=password), expect=302)
        return session

    def memory_mb(self):
        """What the processes hold, and what all do with the one that started them; what some share is split among them."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        processes = sum(_pss_kb(pid) for pid in children)
        return {"processes": round(processes / 1024), "all": round((processes + _pss_kb(self.pid)) / 1024)}


def _pss_kb(pid):
    return int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1])


class Session:
    """One browser, without its scripts: cookies, pages and forms. Each request has a connection of its own, as behind the proxy."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def get(self, path, *, expect=200, headers=()):
        return self._ask("GET", path, None, expect, dict(headers))

    def post(self, path, data, *, expect):
        return self._ask(
            "POST", path, urlencode(data, doseq=True), expect, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _ask(self, method, path, body, expect, headers):
        headers |= {
            "Host": "localhost", "Accept-Encoding": "identity", "Accept-Language": "da",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        connection.close()
        if response.status != expect:
            raise SystemExit(f"{method} {path} answered {response.status}: {content[:2000].decode(errors='replace')}")
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return Answer(content, seconds, response.headers)


class Answer:
    """What came back, and how long it took."""

    def __init__(self, content, seconds, headers):
        self.content, self.seconds, self.headers = content, seconds, headers

    def form(self, with_field):
        """The `Form` that has a field of that name."""
        reader = _Forms()
        reader.feed(self.content.decode())
        return next(form for form in reader.forms if with_field in form.fields)


class Form:
    """One form of a page: where it goes, and what a browser would send of it as it stands."""

    def __init__(self, action):
        self.action, self.fields = action, {}

    def filled(self, **values):
        return {name: value for name, value in self.fields.items() if value is not None} | values


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "form":
            self.forms.append(Form(told.get("action", "")))
        elif tag in ("input", "select", "textarea") and self.forms and "name" in told:
            ticks = told.get("type") in ("checkbox", "radio")
            value = None if tag != "input" or (ticks and "checked" not in told) else told.get("value", "")
            if value is not None or told["name"] not in self.forms[-1].fields:
                self.forms[-1].fields[told["name"]] = value

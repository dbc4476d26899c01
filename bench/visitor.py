"""A browser without a screen, for processes that stand behind no proxy: it says itself what the proxy would say."""

import http.client
import random
import re
import time
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    headers: dict
    body: bytes
    seconds: float

    @property
    def text(self):
        return self.body.decode()

    def form(self, with_field):
        """The `Form` that has a field of that name."""
        reader = _Forms()
        reader.feed(self.text)
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


class Visitor:
    """One person at one address, who may ask any of the webs on this machine: `port` says which."""

    def __init__(self, name=""):
        self.name, self.cookies = name, {}
        # Of a range that is kept for measuring: attempts to log in are counted by address.
        self.address = f"198.18.{random.randrange(256)}.{random.randrange(1, 255)}"

    def get(self, port, path, **headers):
        return self._ask("GET", port, path, headers=headers)

    def post(self, port, path, fields, files=None):
        """Send a form; `files` is name of the field -> (name of the file, bytes)."""
        fields = fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        if not files:
            return self._ask("POST", port, path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        boundary = uuid.uuid4().hex
        parts = [
            f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()
        ]
        for key, (name, content) in files.items():
            head = f'Content-Disposition: form-data; name="{key}"; filename="{name}"\r\nContent-Type: application/octet-stream'
            parts.append(head.encode() + b"\r\n\r\n" + content)
        body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
        return self._ask(
            "POST", port, path, body + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"
        )

    def log_in(self, port, password):
        """The answer of the log-in: a redirect when it went well."""
        self.get(port, "/accounts/login/")
        return self.post(port, "/accounts/login/", {"login": self.name, "password": password})

    def _ask(self, method, port, path, body=None, kind=None, headers=None):
        headers = (headers or {}) | {
            "Host": "localhost",
            "Origin": "https://localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }
        # Each request has a connection of its own, as behind the proxy.
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = connection.getresponse()
            content = answer.read()
            seconds = time.perf_counter() - began
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(line).items()}
        return Answer(answer.status, dict(answer.headers), content, seconds)


def number_in(path):
    """The number in an address, such as that of a job."""
    return int(re.search(r"/(\d+)/", path)[1])

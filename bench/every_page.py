"""Every page that links lead to, for each role: which take long, and which ask the database more than they may.

The pages of `bench.pages` are those of everybody's day. This finds the others, such as one that a planner takes a wrong way
through once there are 300,000 rows. Of each kind of address, told apart by its path without numbers and by what it asks
for, a few are opened; nothing is sent.
"""

import re
import time
from collections import Counter, deque
from html import unescape
from http.client import HTTPException
from urllib.parse import parse_qs

from bench import city
from bench.floor import FLOOR, STATEMENTS
from bench.visitor import Visitor
from bench.web import served

READERS = ["user000", "user006", "user007", "user008", "user009"]
OF_A_KIND, OF_A_PATH, SECONDS_EACH = 2, 30, 240
SLOWEST_SHOWN, LONGEST_IN_FLOORS, STATEMENTS_AT_MOST = 10, 50, 20
LINKS = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')
LEFT = ("/static/", "/accounts/logout")


def measure(database, folder, _rounds=1):
    """The floor in ms; for each kind of page its slowest address, ms and statements, and the same of each kind of file.

    Each address is opened once, however many rounds the other pages are measured in.
    """
    with served(database, folder) as web:
        floors, pages, files, failed, opened, unopened = [], {}, {}, [], 0, {}
        for name in READERS:
            visitor = Visitor(name)
            assert visitor.log_in(web.port, city.PASSWORD).status == 302
            walk = Walk(visitor, web.port)
            for path, answer in walk:
                opened += 1
                if answer is None or answer.status >= 500:
                    failed.append(f"{path} ({name}): {answer.status if answer else 'none in time'}")
                elif answer.status == 200:
                    found = pages if answer.headers["Content-Type"].startswith("text/html") else files
                    _keep(found, path, answer, name)
            if walk.waiting:
                unopened[name] = len(walk.waiting)
            floors += [visitor.get(web.port, FLOOR).seconds * 1000 for _one in range(10)]
        return {"floor_ms": round(sorted(floors)[len(floors) // 2], 1), "opened": opened, "pages": pages,
                "files": files, "failed": failed, "unopened": unopened}  # fmt: skip


class Walk:
    """`(address, answer)` of what is reached from the first page, breadth first, until the time is up; None for no answer.

    `waiting` are the addresses that were still to be opened then, some of them of a kind that had been seen enough.
    """

    def __init__(self, visitor, port):
        self.visitor, self.port, self.waiting = visitor, port, deque(["/"])

    def __iter__(self):
        ends_at, seen, kinds = time.monotonic() + SECONDS_EACH, {"/"}, Counter()
        while self.waiting and time.monotonic() < ends_at:
            path = self.waiting.popleft()
            kind = _kind(path)
            if kinds[kind] >= OF_A_KIND or kinds[kind[0]] >= OF_A_PATH:
                continue
            kinds.update([kind, kind[0]])
            answer = _answer(self.visitor, self.port, path)
            yield path, answer
            if answer and answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
                links = [unescape(link) for link in LINKS.findall(answer.text)]
                fresh = [link for link in dict.fromkeys(links) if link not in seen and not link.startswith(LEFT)]
                seen.update(fresh)
                self.waiting.extend(fresh)


def _answer(visitor, port, path):
    try:
        return visitor.get(port, path)
    except (OSError, HTTPException):
        return None


def _kind(path):
    """The path with # for its numbers, and the names of what it asks for."""
    path, _mark, query = path.partition("?")
    return re.sub(r"\d+", "#", path), tuple(sorted(parse_qs(query)))


def _keep(found, path, answer, name):
    kind = " ".join([_kind(path)[0], *_kind(path)[1]])
    told = {
        "path": path, "who": name, "ms": round(answer.seconds * 1000), "statements": int(answer.headers[STATEMENTS]),
    }  # fmt: skip
    before = found.get(kind, told)
    most = max(before["statements"], told["statements"])
    found[kind] = (told if told["ms"] >= before["ms"] else before) | {"statements": most}


def lines(told):
    """The table, line by line."""
    yield f"  {told['opened']} addresses opened, {len(told['pages'])} kinds of page; floor {told['floor_ms']} ms"
    for name, left in told["unopened"].items():
        yield f"  {name}: the time was up before {left} more had been looked at"
    for what in ("pages", "files"):
        slowest = sorted(told[what].values(), key=lambda one: -one["ms"])[:SLOWEST_SHOWN]
        yield f"  slowest {what}, ms, statements, address:"
        for one in slowest:
            yield f"  {one['ms']:>8}{one['statements']:>5}  {one['path'][:110]} ({one['who']})"


def missed(told):
    """The aims that were not met, in words."""
    yield from (f"no answer: {one}" for one in told["failed"])
    for one in told["pages"].values():
        if one["ms"] > LONGEST_IN_FLOORS * told["floor_ms"]:
            yield f"{one['path']}: at most {LONGEST_IN_FLOORS} floors, {one['ms'] / told['floor_ms']:.0f}"
        if one["statements"] > STATEMENTS_AT_MOST:
            yield f"{one['path']}: at most {STATEMENTS_AT_MOST} statements, {one['statements']}"

"""The text of a file that somebody sends in, or in words why it can't be had."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

READER = Path(__file__).with_name("reader.py")
# The reader ends itself by the time it has used; this is for one that is made to wait.
PATIENCE = 30

WHY_NOT = {
    "empty": _("It has no text, only pictures: a scan, for instance."),
    "encrypted": _("It is locked by a password."),
    "too_much": _("It is too much to read."),
    "too_slow": _("It takes too long to read."),
    "broken": _("It is broken, or not what its name says."),
    "picture": _("It is a picture."),
}


@dataclass(frozen=True)
class Reading:
    """`state` is "read" or a key of `WHY_NOT`; `unread` counts pages and parts of a read file that have no text."""

    state: str
    text: str = ""
    unread: int = 0

    @property
    def is_whole(self):
        """All of it was read."""
        return self.state == "read" and not self.unread

    @property
    def why_not(self):
        """In words, why its text can't be had; empty if it was read."""
        return WHY_NOT.get(self.state, "")


def read(kind, data, *, patience=PATIENCE):
    """The `Reading` of the bytes `data`; `kind` is "pdf", "docx", or anything else, which has no text.

    Never raises for what the file holds, and takes `patience` seconds at most.
    """
    if kind not in ("pdf", "docx"):
        return Reading("picture")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(READER), kind], input=data, capture_output=True, timeout=patience, check=True
        )
        return Reading(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Reading("too_slow")
    except subprocess.CalledProcessError as ended:
        # A negative code: ended by the system, at one of its bounds.
        return Reading("too_much" if ended.returncode < 0 else "broken")
    except (ValueError, OSError):
        return Reading("broken")

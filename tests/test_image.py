"""The Dockerfile, line by line in folders of its own: what is copied, what is run, and that what comes out of it starts.

Docker is not needed for it, only npm and the package indexes that `make setup` asks as well.
"""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
IN_PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "only-for-tests-" + "0123456789" * 5, "ALLOWED_HOSTS": "crm.example.dk"}


def lines_of(name):
    """The lines that say something."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def sent_to_docker():
    """The files of the checkout that .dockerignore does not hold back: all are, then some are not, then some are again."""
    everything, *rules = lines_of(".dockerignore")
    assert everything == "*"
    left_out = [rule.removeprefix("**/").rstrip("/") for rule in rules if not rule.startswith("!")]
    for rule in rules:
        if rule.startswith("!"):
            source = ROOT / rule.removeprefix("!")
            for file in [source] if source.is_file() else source.rglob("*"):
                path = file.relative_to(ROOT)
                if file.is_file() and not any(fnmatch.fnmatch(part, out) for part in path.parts for out in left_out):
                    yield path


class Image:
    """Builds in `folder` as Docker does: each stage is a folder, in which `app` stands for its `/app`."""

    def __init__(self, folder):
        self.folder = folder

    def build(self, last):
        """Every line of the stages up to `last`; returns what its CMD says."""
        for line in lines_of("Dockerfile"):
            instruction, _blank, rest = line.partition(" ")
            if instruction == "FROM":
                if self.folder.joinpath(last).exists():
                    break
                self.app = self.folder / rest.split(" AS ")[1] / "app"
                self.app.mkdir(parents=True)
                self.environment = {
                    name: value for name, value in os.environ.items() if name.startswith(("PIP_", "NPM_", "NODE_"))
                } | {"PATH": f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}", "HOME": str(self.folder)}
            elif instruction == "ENV":
                for pair in rest.split():
                    name, _equals, value = pair.partition("=")
                    value = value.replace("$PATH", self.environment["PATH"]).replace("/app", str(self.app))
                    self.environment[name] = value
            elif instruction == "COPY":
                self.copy(rest.split())
            elif instruction == "RUN" and rest.startswith("apt-get "):
                # Would change this machine; tried by itself below.
                continue
            elif instruction == "RUN":
                # Only root may give files away.
                self.run(rest if os.geteuid() == 0 else rest.partition(" && chown ")[0])
            elif instruction == "CMD":
                command = json.loads(rest)
            else:
                assert instruction in ("WORKDIR", "USER", "EXPOSE"), f"{instruction}: this test does not know it"
        return command

    def copy(self, words):
        stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else None
        *sources, target = words
        if stage:
            made = self.folder / stage / sources[0].lstrip("/")
            shutil.copytree(made, self.app / target, symlinks=True)
            return
        files = list(sent_to_docker())
        for source in sources:
            copied = [path for path in files if source in (".", str(path))]
            assert copied, f"{source} is not sent to Docker"
            for path in copied:
                aim = self.app / path if source == "." else self.app / target / path.name
                aim.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, aim)

    def run(self, command, **environment):
        """What the command wrote; fails with it when the command fails."""
        done = subprocess.run(
            command,
            shell=isinstance(command, str),
            cwd=self.app,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout


@pytest.mark.slow
@pytest.mark.skipif("TEST_IMAGE" not in os.environ, reason="builds all that the image holds; set TEST_IMAGE=1")
def test_each_line_of_the_dockerfile_works_and_what_it_makes_refuses_an_unmigrated_database(tmp_path):
    if not shutil.which("npm"):
        pytest.skip("needs npm, as the image's first stage has it")
    if not find_spec("ensurepip"):
        pytest.skip("needs a Python with ensurepip, as the image has it (on Debian: apt install python3-venv)")
    image = Image(tmp_path)

    command = image.build("app")

    image.run(["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], **IN_PRODUCTION)
    manifest = json.loads((image.app / "staticfiles" / "staticfiles.json").read_text(encoding="utf-8"))
    assert "bootstrap/css/bootstrap.min.css" in manifest["paths"]
    assert list(image.app.glob("locale/da/LC_MESSAGES/django.mo"))
    assert not [name for name in (".env", ".git", "tests", "docs") if (image.app / name).exists()]
    # gunicorn's lines are like the rest: it finds the file beside manage.py.
    assert (image.app / "gunicorn.conf.py").is_file()
    for words in (["migrate", "--verbosity", "0"], ["backup", "made.tar.gz"]):
        image.run(["python", "manage.py", *words], **IN_PRODUCTION, DATABASE_URL=f"sqlite:///{tmp_path}/db")
    # Port 8000 may be somebody else's here.
    command[command.index("0.0.0.0:8000")] = "127.0.0.1:0"
    with pytest.raises(AssertionError, match=r"Run manage\.py migrate, and start again\."):
        image.run(command, **IN_PRODUCTION, WEB_CONCURRENCY="1")


def test_each_file_that_the_dockerfile_copies_by_name_is_sent_to_docker():
    sent = {str(path) for path in sent_to_docker()}

    copied = [
        line.split()[1:-1] for line in lines_of("Dockerfile") if line.startswith("COPY ") and "--from" not in line
    ]
    assert {name for names in copied for name in names if name != "."} <= sent


def test_what_the_code_reads_from_its_own_folder_is_in_the_image():
    """`manage.py backup` once looked for a file that only a checkout had."""
    made_there = {"staticfiles", "node_modules", "var"}
    by_hand = {".env"}
    code = [ROOT / path for path in sent_to_docker() if path.suffix == ".py"]

    named = {name for file in code for name in re.findall(r'BASE_DIR / "([^"]+)"', file.read_text(encoding="utf-8"))}

    assert {"locale", "pyproject.toml", "templates"} <= named
    assert named - made_there - by_hand <= {path.parts[0] for path in sent_to_docker()}


@pytest.mark.slow
@pytest.mark.skipif("TEST_IMAGE" not in os.environ, reason="asks Debian for packages; set TEST_IMAGE=1")
def test_debian_has_the_packages_that_are_put_into_the_images():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip("needs a Debian, and to be root on it, as the image's build is")
    lines = [line for line in lines_of("Dockerfile") if line.startswith("RUN apt-get ")]
    assert len(lines) == 2

    for line in lines:
        update, install, _remove = line.removeprefix("RUN ").split(" && ")
        subprocess.run(update.split(), check=True, capture_output=True)
        tried = subprocess.run([*install.split(), "--simulate"], capture_output=True, text=True)
        assert tried.returncode == 0, tried.stderr

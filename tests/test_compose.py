"""docker-compose.yml and .env.example: what must hold of every service, and that Compose itself can read them."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from jobcenter_crm.backstage.refusals import PLACEHOLDER

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
# They end by themselves; that they ended well is what others wait for.
END_BY_THEMSELVES = {"settings", "migrate", "backup"}
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)*")


@pytest.mark.parametrize("name", SERVICES)
class TestEachService:
    def test_has_a_health_check_or_ends_by_itself(self, name):
        check = SERVICES[name]["healthcheck"]

        assert (check == {"disable": True}) == (name in END_BY_THEMSELVES)
        assert "test" in check or name in END_BY_THEMSELVES

    def test_does_not_run_as_root(self, name):
        user, _colon, group = SERVICES[name]["user"].partition(":")

        assert int(user) > 0
        assert int(group) > 0

    def test_may_gain_no_rights_and_write_nowhere_but_where_it_is_told(self, name):
        service = SERVICES[name]

        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service

    def test_has_a_pinned_image(self, name):
        assert PINNED.fullmatch(SERVICES[name]["image"])

    def test_is_waited_for_until_it_is_ready(self, name):
        for other, how in SERVICES[name].get("depends_on", {}).items():
            ready = "service_completed_successfully" if other in END_BY_THEMSELVES else "service_healthy"
            assert how == {"condition": ready}

    def test_can_run_more_than_once_unless_it_is_a_door(self, name):
        assert "container_name" not in SERVICES[name]
        assert ("ports" in SERVICES[name]) == (name in ("proxy", "mail"))


def test_the_images_that_ours_are_built_from_are_pinned():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert images
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_our_own_images_carry_the_version_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    own = {service["image"] for service in SERVICES.values() if service["image"].startswith("jobcenter-crm")}

    assert own == {f"jobcenter-crm:{version}", f"jobcenter-crm-proxy:{version}", f"jobcenter-crm-pool:{version}"}


def test_no_secret_is_written_down_and_all_that_is_asked_for_stands_in_the_example():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    asked, optional = (set(re.findall(rf"\$\{{(\w+):{sign}", text)) for sign in (r"\?", "-"))

    assert {"SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "EMAIL_URL"} <= asked
    assert asked == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) <= optional


DIRECTLY, PAGES, WORK = "@db:5432/jobcenter", "@pool:6432/pages", "@pool:6432/work"
WAY_TO_THE_DATABASE = {
    "settings": DIRECTLY,
    "migrate": DIRECTLY,
    "backup": DIRECTLY,
    "web": PAGES,
    "worker": WORK,
    "clock": WORK,
}


def test_processes_are_told_the_same_but_for_how_many_there_are_and_their_way_to_the_database():
    apart = {"DATABASE_URL", "WEB_CONCURRENCY"}
    told = {
        name: {key: value for key, value in SERVICES[name]["environment"].items() if key not in apart}
        for name in WAY_TO_THE_DATABASE
    }

    assert all(environment == told["worker"] for environment in told.values())


def test_whoever_runs_in_numbers_goes_through_the_pool_and_whoever_needs_a_session_of_its_own_goes_around_it():
    for name, way in WAY_TO_THE_DATABASE.items():
        told = re.sub(r"\$\{[^}]*\}", "secret", SERVICES[name]["environment"]["DATABASE_URL"])
        url, _question, options = told.partition("?")
        assert url.endswith(way)
        # A cursor of the server lives in one connection, and the next piece of it may be asked for in another.
        assert options == ("" if way == DIRECTLY else "DISABLE_SERVER_SIDE_CURSORS=True")
        waits_for = SERVICES[name].get("depends_on", {})
        assert way == DIRECTLY or {"pool", "migrate"} <= waits_for.keys()


def test_pages_and_work_together_leave_the_database_room_for_whoever_goes_around_the_pool():
    pages, work = (
        int(re.search(r":-(\d+)}", SERVICES["pool"]["environment"][name])[1]) for name in ("POOL_PAGES", "POOL_WORK")
    )

    # Of PostgreSQL's 100, three are its own administrator's.
    assert pages + work <= 100 - 3 - 20


def test_the_log_of_the_database_quotes_no_row():
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} <= set(SERVICES["db"]["command"])


def test_a_backup_is_one_command_with_programs_of_the_servers_own_version():
    [server] = re.findall(r"postgres:(\d+)", SERVICES["db"]["image"])
    [debian] = re.findall(r"^FROM python:\S+-(\w+) AS app$", DOCKERFILE, re.MULTILINE)

    assert {"trixie": "17", "bookworm": "15"}[debian] == server
    assert "postgresql-client" in DOCKERFILE.partition(" AS app\n")[2].partition("\nFROM ")[0]
    assert SERVICES["backup"]["profiles"] == ["by-hand"]
    assert "manage.py backup /backups/" in SERVICES["backup"]["command"][-1]
    assert any(volume.endswith(":/backups") for volume in SERVICES["backup"]["volumes"])


@pytest.fixture
def compose(tmp_path):
    """Runs `docker-compose` with the lines of a `.env` of its own."""
    command = shutil.which("docker-compose")
    if not command:
        pytest.skip("needs docker-compose, to read docker-compose.yml as it does")

    def run(lines, *arguments):
        (tmp_path / "env").write_text(lines, encoding="utf-8")
        files = ["--env-file", str(tmp_path / "env"), "--file", str(ROOT / "docker-compose.yml")]
        # Nothing of the tests' own settings: the environment wins over the file.
        return subprocess.run(
            [command, *files, *arguments],
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return run


def test_compose_reads_it_and_puts_in_what_the_example_asks_for(compose):
    filled_in = (ROOT / ".env.example").read_text(encoding="utf-8").replace(PLACEHOLDER, "own")

    read = compose(filled_in, "--profile", "development", "--profile", "by-hand", "config")

    assert read.returncode == 0, read.stderr
    services = yaml.safe_load(read.stdout)["services"]
    assert set(services) == set(SERVICES)
    assert services["migrate"]["environment"]["DATABASE_URL"] == "postgres://jobcenter:own-password@db:5432/jobcenter"
    assert services["worker"]["environment"]["DATABASE_URL"].startswith(
        "postgres://jobcenter:own-password@pool:6432/work?"
    )
    assert services["pool"]["environment"]["PGPASSWORD"] == "own-password"


def test_compose_starts_nothing_without_a_secret(compose):
    filled_in = (ROOT / ".env.example").read_text(encoding="utf-8").replace("SECRET_KEY=", "NOTHING=")

    refused = compose(filled_in, "config")

    assert refused.returncode != 0
    assert "write it in .env, as .env.example shows" in refused.stderr

"""What `make check` proves, one after the other; says which did not hold."""

import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CHECKS = [
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("lint", [BIN / "ruff", "check", "--quiet", "."]),
    ("templates", [BIN / "djlint", "--lint", "--quiet", "templates"]),
    ("import layers", [BIN / "lint-imports", "--no-cache"]),
    ("settings", [BIN / "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    ("migrations", [BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run", "-v", "0"]),
    ("what released code survives", [BIN / "python", "scripts/migrations.py", "check"]),
    ("Danish", [BIN / "python", "scripts/catalogue.py", "check"]),
]

# Those of a production that nobody serves: what Django's check says of them must not depend on a developer's `.env`.
SETTINGS = {
    "PYTHONPATH": str(ROOT),
    "DEBUG": "0",
    "HTTPS": "1",
    "SECRET_KEY": "only-for-make-check-" + "0123456789" * 5,
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "",
}


def main():
    environment = os.environ | SETTINGS
    failed = []
    for name, command in CHECKS:
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        print(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - begun:.1f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
        elif name == "Danish":
            print(done.stdout.strip(), end="\n" if done.stdout.strip() else "")
    sys.exit(f"Not right: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

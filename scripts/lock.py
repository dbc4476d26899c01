"""Makes the lock files anew: hashes, no download addresses."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
UV = [
    sys.executable, "-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header",
    "--quiet", "--python-version", "3.11",
]  # fmt: skip
FILES = {
    "runtime": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--group", "dev"],
    "node": ["--group", "pyproject.toml:node"],
    "tools": ["--group", "pyproject.toml:tools"],
}

for name, sources in FILES.items():
    subprocess.run([*UV, *sources, "-o", f"requirements/{name}.txt"], cwd=ROOT, check=True)

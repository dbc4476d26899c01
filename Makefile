# The project's commands. `make demo` and `make test` work from a bare checkout: they need only
# Python 3.11-3.13 with pip, make and git.

# The first Python that fits and has pip; if none does, scripts/setup.py says what to do.
FITS := import sys, pip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON = $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(FITS)' 2>/dev/null && echo $$python && exit; done; echo python3)
PORT ?= 8000
PY := .venv/bin/python

help: ## show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: ## set everything up and serve an invented municipality on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(PYTHON) scripts/setup.py runtime
	@$(PY) scripts/demo.py $(PORT)

setup: ## the environment for development, and nothing else
	@$(PYTHON) scripts/setup.py dev

test: setup ## every test that needs no server; says what it skipped and why
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: setup ## format, lint, import layers, missing migrations, what released code survives, missing translations
	@$(PY) scripts/check.py

messages: setup ## take new texts into the Danish catalogue (needs gettext)
	@$(PY) scripts/catalogue.py update

bench: setup ## pages, imports, export, rules and the clock's day at three sizes, beside floors of the same run
	@$(PY) -m bench $(ARGS)

lock: setup ## make the lock files of requirements/ anew from pyproject.toml
	@$(PY) scripts/lock.py

.PHONY: help demo setup test check messages bench lock

# Every path here is relative, so that the folder of the clone may have any name.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PROCESSES ?= 2
ROUNDS ?= 10
COMPILE := $(PY) -m piptools compile --quiet --no-header --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test lint types bench seed reset sure soak nightly mutants requirements

help:
	@echo "make setup         install everything into .venv and instance/ (the other verbs do it when needed)"
	@echo "make run           start everything at http://HOST:PORT (default 127.0.0.1:8000); Ctrl-C stops it"
	@echo "make test          run the tests; ARGS goes to pytest, as in make test ARGS='tests/contests -x'"
	@echo "make lint          check style"
	@echo "make types         check types"
	@echo "make sure          lint, types and tests: what has to pass before a change lands"
	@echo "make bench         measure speed"
	@echo "make soak          repeat the fault tests ROUNDS times (default 10)"
	@echo "make nightly       what takes longer: hostile texts one by one, made-up inputs, sqlmap and wapiti on loopback"
	@echo "make mutants       break each check of the gate and the API once: its test has to notice; ARGS='cookie' chooses by name"
	@echo "make seed          put the demo state into an empty database"
	@echo "make reset         stop the embedded servers and delete their data (FORCE=1 does not ask)"
	@echo "make requirements  pin the newest versions that requirements*.in allow"

setup: .venv/.packages .venv/.tools instance/.front-end

run: .venv/.packages instance/.front-end
	@$(PY) -m flask --app wsgi up

test: setup
	$(PY) -m pytest -n $(PROCESSES) $(ARGS)

lint: .venv/.tools
	$(PY) -m ruff check .

types: .venv/.packages .venv/.tools
	$(PY) -m mypy

sure: lint types test

bench: setup
	@missed=0; for file in bench/[a-z]*.py; do echo "== $$file"; PYTHONPATH=. $(PY) "$$file" || missed=1; done; exit $$missed

soak: setup
	@for round in $$(seq $(ROUNDS)); do echo "== round $$round of $(ROUNDS)"; LONG=1 $(PY) -m pytest -m faults -q $(ARGS) || exit 1; done

nightly: setup .venv/nightly/.made
	LONG=1 $(PY) -m pytest -q --hypothesis-profile=default tests/browser/test_polyglots.py tests/core/test_sheets.py tests/contests/test_import_fuzz.py tests/staff/test_cookies.py $(ARGS)
	LONG=1 $(PY) -m tests.faults.nightly .venv/nightly
	@$(MAKE) mutants

mutants: setup
	PROCESSES=$(PROCESSES) $(PY) -m tests.faults.mutants $(ARGS)

# Programs of others that look for holes, in an environment of their own: they pin what we pin differently.
.venv/nightly/.made:
	@$(PYTHON) -m venv .venv/nightly
	@.venv/nightly/bin/pip --disable-pip-version-check --quiet install sqlmap==1.10.10 wapiti3==3.2.3
	@touch $@

seed: .venv/.packages
	@$(PY) -m flask --app wsgi seed $(ARGS)

reset: .venv/.packages
	@$(PY) -m flask --app wsgi engines remove $(if $(FORCE),--yes)

requirements: .venv/.tools
	$(COMPILE) --upgrade --output-file requirements.txt requirements.in
	$(COMPILE) --upgrade --output-file requirements-dev.txt requirements-dev.in

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is not. Install it, or name one: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) comes without venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.packages: requirements.txt | .venv/.made
	@echo "Installing packages (only when requirements.txt changes)"
	@$(PIP) install --requirement requirements.txt
	@touch $@

.venv/.tools: requirements-dev.txt | .venv/.packages
	@echo "Installing tools (only when requirements-dev.txt changes)"
	@$(PIP) install --requirement requirements-dev.txt
	@touch $@

# Into the project's own instance folder, wherever INSTANCE_PATH points: every instance finds them there.
instance/.front-end: requirements-assets.txt app/core/assets/libraries.py | .venv/.packages
	@echo "Getting front-end files (only when requirements-assets.txt changes)"
	@env -u INSTANCE_PATH -u DUEL_INSTANCE_PATH $(PY) -m app.core.assets fetch
	@touch $@

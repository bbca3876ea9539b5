# The commands of the house. `make run` and `make test` set up everything they need.
SHELL := /bin/bash
PYTHON := .venv/bin/python
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SYSTEM := python3 python3-venv ca-certificates libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
SYSTEM_TEST := $(SYSTEM) chromium chromium-headless-shell postgresql poppler-utils qpdf libnss3-tools libatomic1 util-linux openssl softhsm2

# Six thousand tests are millions of small objects: in large pages they are found sooner, a sixth of all (decision 0024).
LARGE_PAGES := PYTHONMALLOC=malloc GLIBC_TUNABLES=glibc.malloc.hugetlb=1

unexport PYTHONDONTWRITEBYTECODE # or every process that a test starts would compile all of the house again

.PHONY: help setup setup-test run test test-quick stress mutants check format golden bench demo migration locks clean

help: ## show these lines
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

define install_system
	@missing=$$(for name in $(1); do dpkg-query -W -f='$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || echo $$name; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing system packages:" $$missing; \
	  $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

# Debian's own interpreter runs our code quicker than one built without its optimisations (decision 0024).
define MAKE_VENV
for one in /usr/bin/python3 python3; do \
	  if $$one -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then exec $$one -m venv .venv; fi; \
	done; echo "Trainer needs Python 3.11 or later with its venv module, and found none."; exit 1
endef

.venv/ready: requirements.lock
	@echo "Preparing the Python environment (a minute, once)"
	@[ -x $(PYTHON) ] || { $(MAKE_VENV); }
	@$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@printf '#!/bin/sh\nexec "$(CURDIR)/$(PYTHON)" -P -c "import sys; sys.path.insert(0, \\"$(CURDIR)\\"); from trainer.__main__ import main; main()" "$$@"\n' > .venv/bin/trainer && chmod +x .venv/bin/trainer
	@touch $@

.venv/ready-to-test: .venv/ready requirements-test.lock
	@$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

setup: ## install system packages, environment, database and demo data
	$(call install_system,$(SYSTEM))
	@$(MAKE) -s .venv/ready
	@.venv/bin/trainer setup

setup-test:
	$(call install_system,$(SYSTEM_TEST))
	@$(MAKE) -s .venv/ready-to-test

run: setup ## set up everything and serve the demonstration on http://127.0.0.1:8000
	@.venv/bin/trainer serve

test: setup-test ## run all tests: SQLite, PostgreSQL and Chromium included
	@$(LARGE_PAGES) $(PYTHON) -m pytest -n 3 --dist worksteal -q --durations=8

stress: setup-test ## run the long tests: a thousand certificates by four workers, a hundred kills
	@$(PYTHON) -m pytest -m stress -q --hypothesis-profile=default --durations=8

mutants: setup-test ## break the rules that decide, in every way, and see whether the tests notice
	@$(PYTHON) -m tests.mutants

test-quick: setup-test ## run the tests that need no browser
	@$(PYTHON) -m pytest -n 2 -q -m "not browser and not stress"

check: setup-test ## format, lint, contracts, types, content; then all tests
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/mypy
	@.venv/bin/trainer content check
	@$(MAKE) -s test

format: ## format the code
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .

golden: setup-test ## keep a copy of an installation of this version, which all later ones must open
	@$(PYTHON) -m tests.golden.keep

bench: setup-test ## measure the figures of the design
	@$(PYTHON) -m benchmarks

demo: setup ## walk one person through the whole programme to a verified certificate
	@.venv/bin/trainer demo --out demo-out

migration: ## write a migration from the models: make migration m="what changes"
	@.venv/bin/trainer db revision "$(m)"

# Hashes of all files of a release, whatever the machine, so that one lock serves every processor and Python.
LOCK := uv pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --custom-compile-command "make locks"

locks: ## write the locks from pyproject.toml: make locks [o="--upgrade-package flask"]
	@venv=$$(mktemp -d) && trap 'rm -rf "$$venv"' EXIT && python3 -m venv $$venv && $$venv/bin/pip install -q --disable-pip-version-check uv && \
	$$venv/bin/$(LOCK) $(o) -o requirements.lock && \
	$$venv/bin/$(LOCK) $(o) --extra dev -c requirements.lock -o requirements-test.lock

clean: ## remove the environment; instance/ stays
	@rm -rf .venv

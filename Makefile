# The commands of the house. `make help` lists them.

SHELL := /bin/sh
PORT ?= 8501
export PORT
# Each of the many processes that tests start would compile the house anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt
# Touched when an installation is complete, so that it runs again only when the requirements change.
RUNTIME := $(VENV)/.installed
TESTING := $(VENV)/.installed-dev
# One browser story at a time beside everything else: two workers for two cores.
PYTEST_OPTIONS ?= -n 2 --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test lint audit format browser screenshots translations clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## start Uptake on http://localhost:8501 (another port: make run PORT=8600)
	@$(PYTHON) app.py

# What lint checks is checked in the pauses of the browser's tests, and told below theirs where it finds something.
test: audit browser ## run every test, and check style, types, layers and dependencies; any of them may fail it
	@found=$$(mktemp); nice -n 10 $(MAKE) --no-print-directory lint >"$$found" 2>&1 & linting=$$!; \
	$(PYTHON) -m pytest $(PYTEST_OPTIONS); tests=$$?; \
	wait $$linting || { cat "$$found"; echo 'make lint found the above.'; tests=1; }; \
	rm -f "$$found"; exit $$tests

lint: $(TESTING) ## check style, types and layers only
	@$(PYTHON) -m ruff check --quiet
	@$(PYTHON) -m ruff format --check --quiet --output-format concise || { echo 'Run `make format`.'; exit 1; }
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

audit: $(TESTING) ## ask whether a known weakness is in what Uptake depends on
	@$(PYTHON) -m tests.advisories

format: $(TESTING) ## put the code into the one format
	@$(PYTHON) -m ruff check --quiet --fix --exit-zero
	@$(PYTHON) -m ruff format --quiet

browser: $(TESTING) # Chromium for the browser tests; installed only where CI=true
	@$(PYTHON) -m tests.chromium

screenshots: browser ## make the README's screenshots
	@$(PYTHON) -m tests.browser.screenshots

translations: $(RUNTIME) ## bring locale/ up to date with the texts in the code
	@$(PYTHON) -m access.language extract
	@$(PYTHON) -m access.language check

clean: ## remove what the commands made, but not data/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.txt constraints.txt | $(PYTHON)
	@echo 'Installing what Uptake runs on (a minute or two the first time) ...'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

# Two thirds of it is never imported. What is, Python compiles then, on both cores.
$(TESTING): requirements-dev.txt requirements.txt constraints.txt | $(PYTHON)
	@echo 'Installing what the tests need ...'
	@$(PIP_INSTALL) --no-compile -r requirements-dev.txt
	@touch $@ $(RUNTIME)

# The first Python that runs, is new enough and can make environments. A name on PATH may be a shim that does not run.
$(PYTHON):
	@for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		found=$$python; \
		"$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
		"$$python" -m venv $(VENV) && exit 0; \
		rm -rf $(VENV); exit 1; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a virtual environment: its venv module is missing." >&2; \
		echo 'On Debian or Ubuntu: apt-get install python3-venv' >&2; \
	else \
		echo 'Uptake needs Python 3.11 or newer, and found none on PATH.' >&2; \
		echo 'On Debian or Ubuntu: apt-get install python3 python3-venv' >&2; \
	fi; \
	exit 1

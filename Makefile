# Every target sets itself up: a fresh clone needs Python 3.11 or newer and make, nothing else.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := demo
SHELL := /bin/bash
# Some machines forbid it: then each of the hundred processes of a test run compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON3 ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check
# The locks are whole: nothing but the files they name may be installed. uv does in seconds what
# takes pip minutes; where it can't, pip does it.
UV := $(BIN)/uv --no-config pip install --quiet --python $(BIN)/python --require-hashes --requirement
FROM_LOCK := $(PIP) --require-hashes --requirement
THIS_PROJECT := $(PIP) --no-deps --no-build-isolation --editable .
LOCK := $(BIN)/uv --no-config pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --all-extras

# Each worker has its own browser and takes a file's tests together, which share a district.
WORKERS := -n logical --maxprocesses 4
# What failed is looked at once more, alone, so that a starved machine stops nobody; what fails then
# is ours. What only failed at first is still to be looked into: it has been ours, too.
AGAIN := $(BIN)/pytest -m browser --last-failed --last-failed-no-failures none

.PHONY: demo
demo: .venv/run.stamp
	$(BIN)/xunan demo

# The types are looked through beside the tests, which leave part of a processor free.
.PHONY: test
test: lint
	$(MAKE) --jobs 2 types tests

.PHONY: tests
tests: .venv/dev.stamp
	timeout 600 tests/prepare.sh
	timeout 1800 $(BIN)/pytest -m "not browser" $(WORKERS) --dist worksteal
	timeout 1800 $(BIN)/pytest -m browser $(WORKERS) --dist loadfile || timeout 900 $(AGAIN)

.PHONY: lint
lint: .venv/dev.stamp
	timeout 120 $(BIN)/ruff check
	timeout 120 $(BIN)/ruff format --check
	timeout 120 $(BIN)/lint-imports

.PHONY: types
types: .venv/dev.stamp
	timeout 600 $(BIN)/basedpyright

.PHONY: bench
bench: .venv/dev.stamp
	timeout 1800 $(BIN)/python -m tests.bench --json bench-results.json

# Days the machine makes up, and kills; see docs/trust.md.
.PHONY: prove
prove: .venv/dev.stamp
	XUNAN_PROVE_RUNS=$(or $(RUNS),500) XUNAN_PROVE_KILLS=$(or $(KILLS),600) timeout 7200 \
		$(BIN)/pytest tests/two_devices/test_any_network.py tests/two_devices/test_any_instant.py

.PHONY: words
words: .venv/dev.stamp
	timeout 60 $(BIN)/python -m tests.client.words.catalogue_files

.PHONY: screenshots
screenshots: .venv/dev.stamp
	timeout 600 tests/prepare.sh
	timeout 900 $(BIN)/python -m tests.browser.screenshots

# Keeps the locked versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
.PHONY: lock
lock: .venv/dev.stamp
	timeout 300 $(LOCK) $(UPGRADE) --group dev --output-file requirements/dev.lock
	timeout 300 $(LOCK) $(UPGRADE) --group build --constraint requirements/dev.lock \
		--output-file requirements/run.lock
	echo uv | timeout 300 $(BIN)/uv --no-config pip compile - --quiet --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--constraint requirements/dev.lock --output-file requirements/uv.lock

.venv/bin/python:
	timeout 120 $(PYTHON3) -m venv .venv

.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv: once, a minute or two"
	timeout 300 $(FROM_LOCK) requirements/uv.lock
	timeout 900 $(UV) requirements/run.lock || timeout 1200 $(FROM_LOCK) requirements/run.lock
	timeout 120 $(THIS_PROJECT)
	touch $@

.venv/dev.stamp: requirements/dev.lock .venv/run.stamp
	timeout 900 $(UV) requirements/dev.lock || timeout 1800 $(FROM_LOCK) requirements/dev.lock
	touch $@

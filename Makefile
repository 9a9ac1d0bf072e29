# Every target does what it needs from a fresh clone on; with DATABASE_URL set nothing embedded is touched.
.DEFAULT_GOAL := help
.PHONY: help setup tools up down demo run test test-all lint bench backtest schema openapi admin psql migrate apply lock clean

PYTHON ?= python3
BIN := .venv/bin
# Programs that PyPI does not have, each in the Debian package of its name.
TOOLS ?= pgbouncer wrk

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.done ## make .venv with the pinned dependencies

.venv/.done: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "shokti needs Python 3.11 or newer; $$($(PYTHON) --version) found (choose another: make PYTHON=python3.12)" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv # anew where one was left half made
	@echo "installing the pinned dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

tools: ## Debian packages that tests and bench use: installed where you are root and apt-get is there, else named
	@for tool in $(TOOLS); do \
	  PATH="$$PATH:/usr/sbin" command -v $$tool >/dev/null && continue; \
	  if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing the Debian package $$tool"; \
	    { [ -n "$$updated" ] || apt-get update -qq; } && updated=yes && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$tool >/dev/null && continue; \
	  fi; \
	  echo "$$tool could not be installed: what needs it is skipped, or takes its slower way" >&2; \
	done

up: setup ## start the database and bring it up to date
	@$(BIN)/python -m db up

down: setup ## stop the embedded database
	@$(BIN)/python -m db down

demo: setup ## one whole day on a made-up marketplace, delivered to a mailbox folder
	@$(BIN)/python -m worker day

run: setup ## serve the HTTP app and a worker, restarting what dies
	@$(BIN)/python -m worker supervise

admin: setup ## make an admin, or give one a new password: make admin LOGIN=…
	@test -n "$(LOGIN)" || { echo "say who: make admin LOGIN=name" >&2; exit 2; }
	@$(BIN)/python -m app admin --login "$(LOGIN)"

test: setup tools ## the test-suite
	@$(BIN)/python -m pytest -n 2 -m "not slow and not bench"

test-all: setup tools ## the test-suite with its slow parts
	@$(BIN)/python -m pytest -n 2 -m "not bench"

lint: setup ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: setup tools ## measure: one line per figure, each with its floor from the same run
	@$(BIN)/python -m tests.bench

backtest: setup ## how good the prediction would have been on the loaded marketplace
	@$(BIN)/python -m db backtest

schema: setup ## write db/schema.sql and sql/MAP.md from a fresh database
	@$(BIN)/python -m db schema

openapi: setup ## write app/openapi.json
	@$(BIN)/python -m app openapi

psql: setup ## a psql in the database
	@$(BIN)/python -m db psql

migrate: setup ## apply what is new in db/migrations
	@$(BIN)/python -m db migrate

apply: setup ## re-apply what changed in sql/
	@$(BIN)/python -m db apply

lock: setup ## pin the dependencies of pyproject.toml anew
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements.lock

clean: ## stop the embedded database, remove it and everything installed
	@test ! -x $(BIN)/python || $(BIN)/python -m db down --remove
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

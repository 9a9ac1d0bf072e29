# Every target works in a fresh clone; with DATABASE_URL set nothing embedded is touched.
.DEFAULT_GOAL := help
.PHONY: help setup tools up down demo run test test-all lint bench backtest schema openapi admin psql migrate apply lock clean

PYTHON ?= python3
BIN := .venv/bin
# Programs that PyPI does not have, in Debian packages of the same names.
TOOLS ?= pgbouncer wrk

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.done ## make .venv with the pinned dependencies

.venv/.done: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "shokti needs Python 3.11 or newer; $$($(PYTHON) --version) found (choose another: make PYTHON=python3.12)" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv # again where an earlier attempt was cut off
	@echo "installing the pinned dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

tools: ## install the Debian packages of tests and bench, as root with apt-get; else name them
	@for tool in $(TOOLS); do \
	  PATH="$$PATH:/usr/sbin" command -v $$tool >/dev/null && continue; \
	  if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing the Debian package $$tool"; \
	    { [ -n "$$updated" ] || apt-get update -qq; } && updated=yes && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$tool >/dev/null && continue; \
	  fi; \
	  echo "$$tool could not be installed: tests and figures that need it are skipped or run slower" >&2; \
	done

up: setup ## start the database and bring it up to date
	@$(BIN)/python -m db up

down: setup ## stop the embedded database
	@$(BIN)/python -m db down

demo: setup ## run a whole day on a made-up marketplace, delivered to a mailbox folder
	@$(BIN)/python -m worker day

run: setup ## run the HTTP app and a worker process, and restart them when they end
	@$(BIN)/python -m worker supervise

admin: setup ## create an admin, or set a new password: make admin LOGIN=…
	@test -n "$(LOGIN)" || { echo "LOGIN is missing: make admin LOGIN=name" >&2; exit 2; }
	@$(BIN)/python -m app admin --login "$(LOGIN)"

test: setup tools ## run the fast tests
	@$(BIN)/python -m pytest -n 2 -m "not slow and not bench"

test-all: setup tools ## run all tests, the slow ones included
	@$(BIN)/python -m pytest -n 2 -m "not bench"

lint: setup ## run ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: setup tools ## measure: one line for each figure, with its floor from the same run
	@$(BIN)/python -m tests.bench

backtest: setup ## measure the accuracy of past predictions on the loaded marketplace
	@$(BIN)/python -m db backtest

schema: setup ## write db/schema.sql and sql/MAP.md from a fresh database
	@$(BIN)/python -m db schema

openapi: setup ## write app/openapi.json
	@$(BIN)/python -m app openapi

psql: setup ## open psql in the database
	@$(BIN)/python -m db psql

migrate: setup ## apply the pending migrations of db/migrations
	@$(BIN)/python -m db migrate

apply: setup ## apply the changed files of sql/
	@$(BIN)/python -m db apply

lock: setup ## pin the newest versions of the dependencies in pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet --output-file requirements.lock

clean: ## stop the embedded database, remove it and everything installed
	@test ! -x $(BIN)/python || $(BIN)/python -m db down --remove
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

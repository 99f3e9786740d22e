# Two commands carry the project: make demo, make check. `make` alone lists all of them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# Real records are read in place from here; nothing else in the project knows this path.
DATA ?= $(if $(wildcard ../shared/data/README.md),../shared/data,)
GONGSHI_HOME ?= ./.gongshi
SERVE ?= 1
PORT ?= 8000
SEED ?= 2016
AS_OF ?=
ROOM ?=
STRICT ?=
SEEDS ?= 100
export DATA GONGSHI_HOME STRICT SEEDS

$(BIN)/uv:
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

$(VENV)/.run: $(BIN)/uv requirements.lock pyproject.toml verifier/pyproject.toml
	@echo "installing the pinned dependencies"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python "setuptools>=80"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e verifier -e .
	@touch $@

$(VENV)/.check: $(VENV)/.run requirements-check.lock
	@echo "installing what the checks need"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-check.lock
	@touch $@

.PHONY: help env
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

env: $(VENV)/.check ## make the environment with everything the checks need

lock: $(BIN)/uv ## write the locks anew: hashes, no addresses
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-default-groups --no-annotate --no-header -o requirements.lock >/dev/null
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-default-groups --group check --no-annotate --no-header -o requirements-check.lock >/dev/null
.PHONY: lock

include evm.mk

locale: $(VENV)/.run ## take sentences from locale/*.tsv into the catalogues
	@$(BIN)/python locale/from_tsv.py
.PHONY: locale

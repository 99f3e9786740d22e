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
VERAPDF := org.verapdf.apps:greenfield-apps:1.28.2
COMETBFT := v0.38.25
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

.PHONY: help env demo check quick lint types imports tests coverage bench system locale
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

env: $(VENV)/.check ## make the environment with everything the checks need

lock: $(BIN)/uv ## write the locks anew: hashes, no addresses
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-default-groups --no-annotate --no-header -o requirements.lock >/dev/null
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-default-groups --group check --no-annotate --no-header -o requirements-check.lock >/dev/null
.PHONY: lock

include evm.mk

GONGSHI := $(BIN)/gongshi $(if $(AS_OF),--as-of $(AS_OF))
demo: $(VENV)/.run $(EVM_VENV)/.run ## the whole job on the example alliance, then the desk at http://127.0.0.1:8000
	@$(GONGSHI) rehearse --seed $(SEED)
	@$(GONGSHI) accounts
	@if [ "$(SERVE)" = 1 ]; then exec $(GONGSHI) serve --port $(PORT); fi

check: lint types imports tests coverage ## everything that has to hold

quick: $(VENV)/.check ## the tests without the longer walks
	@$(BIN)/python -m pytest -n 2 -m "not slow"

lint: $(VENV)/.check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet src tests verifier bench

types: $(VENV)/.check
	@$(BIN)/mypy

imports: $(VENV)/.check
	@$(BIN)/lint-imports

tests: $(VENV)/.check
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report= --ignore tests/sim
	@$(BIN)/python -m pytest -n 2 tests/sim  # its seeds share nothing, and counting lines would double their time

# Each of these rooms and each rules.py on its own, so that a well-tested one does not lend its figure to another.
COVERED_90 := terms/* seal/* ledger/* $(patsubst src/gongshi/%,%,$(wildcard src/gongshi/*/rules.py))
coverage: $(VENV)/.check
	@for part in $(COVERED_90); do $(BIN)/coverage report --fail-under=90 --include="src/gongshi/$$part" --format=total >/dev/null \
	  || { echo "branch coverage of $$part is below 90 %"; $(BIN)/coverage report --include="src/gongshi/$$part" | tail -30; exit 1; }; done
	@$(BIN)/coverage report --fail-under=80 --format=total >/dev/null || { $(BIN)/coverage report; exit 1; }
	@echo "branch coverage: $$($(BIN)/coverage report --format=total) % in all"

bench: $(VENV)/.check ## measure beside the peer; ROOM=ledger for one room
	@$(BIN)/python -m bench $(ROOM)

system: ## what browser, printing and judging need from the system: Chromium, Chinese fonts, poppler, veraPDF
	@apt-get update -qq
	@DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk poppler-utils default-jre-headless maven >/dev/null
	@mvn -q dependency:copy -Dartifact=$(VERAPDF) -DoutputDirectory=$(CURDIR)/.cache/verapdf

proto: $(VENV)/.check ## write the messages of the CometBFT interface anew from their .proto
	@$(BIN)/python -m grpc_tools.protoc -I src --python_out=src --pyi_out=src src/gongshi/ledger/abci/messages.proto

engine: ## build the CometBFT node that a network of organisations runs on (Go 1.22.11 or later)
	@GOBIN=$(CURDIR)/.cache/engine/bin go install github.com/cometbft/cometbft/cmd/cometbft@$(COMETBFT)
.PHONY: proto engine

locale: $(VENV)/.run ## take new sentences from locale/*.tsv into the catalogues
	@$(BIN)/python locale/from_tsv.py

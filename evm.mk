# The Ethereum virtual machine of the lab, in an environment of its own: .venv-evm.
EVM_VENV := .venv-evm

.PHONY: evm evm-lock
evm: $(EVM_VENV)/.run ## install the Ethereum virtual machine that the lab tests

$(EVM_VENV)/.run: $(BIN)/uv requirements-evm.lock
	@echo "making $(EVM_VENV)"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(EVM_VENV)
	@$(BIN)/uv pip install --quiet --python $(EVM_VENV)/bin/python --require-hashes -r requirements-evm.lock
	@touch $@

evm-lock: $(BIN)/uv
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header requirements-evm.in -o requirements-evm.lock

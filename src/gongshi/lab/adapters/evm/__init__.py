"""A real Ethereum virtual machine: `process` speaks to it from here; the other modules run in `.venv-evm` alone.

They import the standard library and the Ethereum packages and nothing else of this project.
"""

import subprocess
import sys

import numpy as np
import pytest
from numba.core.caching import CacheImpl

from gongshi.supervision import kernels
from gongshi.supervision.kernels import compiled, link_rows

PAYER, PAYEE = np.array([0, 1, 0, 1], np.int32), np.array([1, 0, 1, 1], np.int32)


@pytest.fixture
def fresh(monkeypatch):
    """Nothing was compiled in this process before, and nothing is afterwards."""
    memories = (kernels._compile, kernels._compile_in_memory)
    for memory in memories:
        memory.cache_clear()
    yield monkeypatch
    for memory in memories:
        memory.cache_clear()


def as_lists(pointers):
    return [part.tolist() for part in pointers]


def test_two_pointers_a_row():
    """
    row 0  a -> b     row 1  b -> a     row 2  a -> b     row 3  b -> b
    """
    pointers = as_lists(link_rows(PAYER, PAYEE, 2))
    assert pointers == [[-1, -1, 0, 2], [-1, 0, 1, 2]]
    assert as_lists(compiled(link_rows)(PAYER, PAYEE, 2)) == pointers


def test_the_compiler_is_not_loaded_before_it_is_needed():
    code = "import sys, gongshi.supervision.rules; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_no_folder_can_be_written_a_kernel_is_compiled_in_memory(fresh):
    """An installation that is only read, and a user without a home."""
    fresh.setattr(CacheImpl, "_locator_classes", [])
    assert as_lists(compiled(link_rows)(PAYER, PAYEE, 2)) == as_lists(link_rows(PAYER, PAYEE, 2))


def test_on_a_full_disk_a_kernel_is_compiled_in_memory(fresh):
    def full(*_):
        raise OSError(28, "No space left on device")

    fresh.setattr(kernels, "_compile", lambda function: full)
    assert as_lists(compiled(link_rows)(PAYER, PAYEE, 2)) == as_lists(link_rows(PAYER, PAYEE, 2))


def test_one_function_is_compiled_once():
    assert kernels._compile(link_rows) is kernels._compile(link_rows)

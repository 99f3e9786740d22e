import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from gongshi.supervision import kernels
from gongshi.supervision.kernels import compiled, link_rows

ROOT = Path(__file__).parents[2]
# A package folder and a home that nobody can write: an installation that is only read.
READ_ONLY = """
import json, os, sys
from numba.core import caching
caching._CacheImpl._locator_classes = []
import numpy as np
from gongshi.supervision.kernels import compiled, link_rows
print(json.dumps([part.tolist() for part in compiled(link_rows)(np.array([0, 1], np.int32), np.array([1, 0], np.int32), 2)]))
"""


def test_two_pointers_a_row():
    """
    row 0  a -> b     row 1  b -> a     row 2  a -> b     row 3  b -> b
    """
    payer, payee = np.array([0, 1, 0, 1], np.int32), np.array([1, 0, 1, 1], np.int32)
    previous, before = link_rows(payer, payee, 2)
    assert previous.tolist() == [-1, -1, 0, 2]
    assert before.tolist() == [-1, 0, 1, 2]
    again = compiled(link_rows)(payer, payee, 2)
    assert [part.tolist() for part in again] == [previous.tolist(), before.tolist()]


def test_the_compiler_is_not_loaded_before_it_is_needed():
    code = "import sys, gongshi.supervision.rules; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_nothing_can_be_kept_a_kernel_is_compiled_in_memory():
    done = subprocess.run([sys.executable, "-c", READ_ONLY], capture_output=True, text=True, check=True, env={**os.environ})
    assert json.loads(done.stdout) == [[-1, -1], [-1, 0]]


def test_one_function_is_compiled_once():
    assert kernels._compile(link_rows) is kernels._compile(link_rows)

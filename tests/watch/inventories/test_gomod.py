import pytest

from gongshi.terms.problem import Problem
from gongshi.watch.inventories import read_inventory
from gongshi.watch.inventories.gomod import read
from gongshi.watch.records import Component

TEXT = b"""
module example.org/node // the node

go 1.21
toolchain go1.21.3

require example.org/a v1.0.0
require (
    example.org/b v1.1.0+incompatible // indirect
    // example.org/never v1.0.0
    "example.org/C/v2" v2.0.0
)
exclude example.org/b v1.1.0+incompatible
replace example.org/a => example.org/fork v1.0.1
replace (
    example.org/b v9.9.9 => example.org/b v10.0.0
    example.org/C/v2 v2.0.0 => ../local
)
retract [v0.1.0, v0.2.0]
this is no directive
require too many words here
"""


def test_every_form_of_requirement_and_replacement():
    components, problems = read(TEXT, "go.mod")
    assert components == [
        Component("Go", "example.org/a", "v1.0.0", False, "example.org/fork v1.0.1"),
        Component("Go", "example.org/b", "v1.1.0+incompatible", True, ""),
        Component("Go", "example.org/C/v2", "v2.0.0", False, "../local"),
    ]
    assert [problem.code for problem in problems] == [
        "watch.inventory.line_unread",
        "watch.inventory.line_unread",
        "watch.inventory.version_excluded",
    ]
    assert problems[0] == Problem("watch.inventory.line_unread", "go.mod:20", {"line": "this is no directive"})


@pytest.mark.parametrize(
    ("ledger", "required", "indirect"),
    [("xuperchain", 179, 165), ("cometbft-v0.37.0", 283, 237), ("hyperledger-fabric", 119, 80)],
)
def test_real_inventories_are_read_whole(data, ledger, required, indirect):
    components, problems = read((data / "inventories" / ledger / "go.mod").read_bytes(), ledger)
    assert problems == []
    assert (len(components), sum(component.indirect for component in components)) == (required, indirect)


def test_go_sum_is_no_inventory():
    inventory, problems = read_inventory(b"example.org/a v1.0.0 h1:x=\n", "go.sum", "bank", "node")
    assert inventory.components == ()
    assert [problem.code for problem in problems] == ["watch.inventory.unknown_kind"]

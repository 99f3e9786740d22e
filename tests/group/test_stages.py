import pytest

from gongshi.group.records import Stage
from gongshi.group.stages import STAGES, check_move, get_moves

LEGAL = {
    "00": "00 20 60 98 99",
    "10": "00 20 60 92 98 99",
    "20": "00 20 60 98 99",
    "30": "00 20 60 92 98 99",
    "40": "00 20 60 92 93 98 99",
    "50": "00 20 60 92 98 99",
    "60": "00 60",
    "90": "20 60 92 93 99",
    "95": "20 60 92 99",
}


def stage(code: str) -> Stage:
    return Stage(int(code[:2]), int(code[3:]))


def moves(code: str) -> set[str]:
    return {following.code for following in get_moves(stage(code))}


def test_the_matrix_has_the_46_cells_of_the_harmonised_codes():
    assert {cell.code for cell in STAGES} == {f"{row}.{sub}" for row, subs in LEGAL.items() for sub in subs.split()}
    assert len(STAGES) == 46


def test_every_move_ends_in_a_cell():
    assert {following for cell in STAGES for following in get_moves(cell)} <= set(STAGES)


@pytest.mark.parametrize(
    ("code", "following"),
    [
        ("00.00", "00.20"),
        ("00.20", "00.60"),
        ("00.60", "00.98 00.99"),
        ("00.99", "10.00 20.00"),
        ("10.60", "10.92 10.98 10.99"),
        ("10.92", "00.00 00.20"),
        ("10.98", ""),
        ("20.60", "20.98 20.99"),
        ("20.99", "30.00 40.00"),
        ("30.92", "00.00 00.20 10.00 10.20 20.00 20.20"),
        ("40.60", "40.92 40.93 40.98 40.99"),
        ("40.93", "40.20"),
        ("40.99", "50.00 60.00"),
        ("50.99", "60.00"),
        ("60.00", "60.60"),
        ("60.60", "90.20"),
        ("90.20", "90.60"),
        ("90.60", "90.92 90.93 90.99"),
        ("90.92", ""),
        ("90.93", "90.20"),
        ("90.99", "95.20"),
        ("95.60", "95.92 95.99"),
        ("95.92", "60.60"),
        ("95.99", ""),
    ],
)
def test_moves(code, following):
    assert moves(code) == set(following.split())


def test_a_skipped_row_has_its_reason():
    assert check_move(stage("40.99"), stage("50.00"), {}) is None
    assert check_move(stage("40.99"), stage("60.00"), {50: "no negative vote"}) is None
    for skipped in ({}, {50: ""}, {30: "why"}, {50: "why", 30: "why"}):
        assert check_move(stage("40.99"), stage("60.00"), skipped).code == "group.stage.skip_reason"
    assert check_move(stage("40.00"), stage("40.20"), {10: "why"}).code == "group.stage.skip_reason"


def test_what_the_matrix_has_not_is_refused():
    assert check_move(stage("40.20"), Stage(40, 97), {}).code == "group.stage.unknown"
    problem = check_move(stage("40.20"), stage("40.99"), {})
    assert (problem.code, dict(problem.values)) == ("group.stage.move", {"from": "40.20", "to": "40.99"})

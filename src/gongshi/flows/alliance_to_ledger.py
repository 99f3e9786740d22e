"""From the founding file to the ledger: the genesis, the members' certified keys, their mandates, and the committees.

1. the genesis document fixes members, roots and governed parameters;  2. each root certifies its signing key;
3. each organisation grants its persons' mandates;  4. the secretariat founds the committees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gongshi.flows.desk import Desk
from gongshi.group.entries import found_committee
from gongshi.group.founding import group_parameters
from gongshi.group.queries import get_committees
from gongshi.group.records import Founding
from gongshi.ledger.entries import certify_suite_key, grant_mandate
from gongshi.ledger.records import Genesis
from gongshi.ledger.rules import Kinds
from gongshi.ledger.state import MEMBERS

# A leaf's length has 16 bits where the log is served as tiles (C2SP tlog-tiles), so no entry may be longer; what is bulky is a blob.
SIZES = {"entry_bytes_max": 65_535, "block_bytes_max": 1 << 24, "valid_window_max": 1000}


def get_parameters(kinds: Kinds, namespaces: Mapping[str, str]) -> dict[str, Any]:
    """Give a genesis' governed parameters with every registered kind active from the first block."""
    return {**SIZES, "kinds": {f"{name}/{version}": 0 for name, version in kinds}, "namespaces": dict(namespaces)}


def make_genesis(founding: Founding, kinds: Kinds, namespaces: Mapping[str, str]) -> Genesis:
    """Give the genesis without its members, whose roots are made with their key folders."""
    params = {**get_parameters(kinds, namespaces), "group": group_parameters(founding), **founding.parameters}
    return Genesis(founding.chain, founding.founded_at, (), params)


def found_alliance(desk: Desk, founding: Founding) -> None:
    """Enter keys, mandates and committees; what a founding that was cut off has entered already is left as it is."""
    names = [o.id for o in founding.organisations if not _is_there(desk, f"sealing/{o.id}")]
    desk.settle(*[desk.submit(name, _certificate(desk, name), by_root=True) for name in names])
    wanted = [m for m in founding.mandates if not _is_there(desk, f"mandate/{m.id}")]
    desk.settle(*[desk.submit(m.organisation, grant_mandate(m.id, list(m.roles), m.until)) for m in wanted])
    secretary = get_mandate(founding, founding.secretariat, "secretariat")
    for committee in founding.committees:
        if committee.id not in _known_committees(desk):
            desk.act(committee.secretariat, found_committee(committee, founding.rehearsal), mandate=secretary)


def is_founded(desk: Desk, founding: Founding) -> bool:
    """Ask whether the founding came to its end: the committees are its last step."""
    return _known_committees(desk) >= {committee.id for committee in founding.committees}


def _is_there(desk: Desk, key: str) -> bool:
    return desk.engine.get(MEMBERS, key) is not None


def _known_committees(desk: Desk) -> set[str]:
    with desk.read() as connection:
        return {committee.id for committee in get_committees(connection)}


def get_mandate(founding: Founding, organisation: str, role: str) -> str:
    """Give the organisation's mandate that has the role; KeyError when the founding file grants none."""
    for mandate in founding.mandates:
        if mandate.organisation == organisation and role in mandate.roles:
            return mandate.id
    raise KeyError(organisation, role)


def _certificate(desk: Desk, organisation: str) -> Any:
    keyring = desk.keyring(organisation)
    sealing = keyring.sealing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return certify_suite_key(keyring.signing_key(), desk.engine.chain, organisation, sealing)

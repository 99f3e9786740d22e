"""The definitions once more, slow and plain: what the kernels are held against. Rows come sorted by (time, id)."""

from __future__ import annotations

from gongshi.supervision.columns import Columns

Numbers = set[tuple[int, ...]]


def number(columns: Columns, at: int) -> int:
    return int.from_bytes(columns.row_id(at))


def temporal_cycles(columns: Columns, parameters: dict[str, int]) -> Numbers:
    """Every e₁ < … < e_k, consecutive, closed, accounts distinct, within the window; conserving if asked."""
    found: Numbers = set()
    u, v = columns.payer.tolist(), columns.payee.tolist()
    t, a = columns.time.tolist(), columns.worth.tolist()
    window = parameters["window_s"] * 1000

    def extend(path: list[int]) -> None:
        if v[path[-1]] == u[path[0]]:
            if len(path) >= parameters["length_min"]:
                found.add(tuple(number(columns, e) for e in path))
            return
        if len(path) == parameters["length_max"]:
            return
        for e in range(path[-1] + 1, len(u)):
            if u[e] != v[path[-1]] or u[e] == v[e] or t[e] - t[path[0]] >= window:
                continue
            if u[e] in {u[f] for f in path}:
                continue
            kept = a[path[-1]] * parameters["keep_ppm"] <= a[e] * 1_000_000 <= a[path[-1]] * 1_000_000
            if kept or not parameters["conserving"]:
                extend([*path, e])

    for e in range(len(u)):
        if u[e] != v[e]:
            extend([e])
    return found


def structuring(columns: Columns, parameters: dict[str, int]) -> Numbers:
    """At row e: the customer's rows inside the band and the window; enough of them, and enough money."""
    found: Numbers = set()
    limit, window = parameters["threshold_fen"], parameters["window_s"] * 1000
    side = columns.payee if parameters["incoming"] else columns.payer

    def customer(e: int) -> int:
        return int(columns.owner[side[e]]) if parameters["linked"] else int(side[e])

    def counts(e: int) -> bool:
        amount = int(columns.worth[e])
        inside = amount * 1_000_000 >= (1_000_000 - parameters["band_ppm"]) * limit and amount < limit
        return inside and columns.payer[e] != columns.payee[e]

    for e in range(len(columns)):
        same = [f for f in range(e + 1) if counts(f) and customer(f) == customer(e)]
        rows = [f for f in same if columns.time[e] - window < columns.time[f]]
        if e in rows and len(rows) >= parameters["rows_min"] and sum(int(columns.worth[f]) for f in rows) >= limit:
            found.add(tuple(number(columns, f) for f in rows))
    return found


def mirror_transfers(columns: Columns, parameters: dict[str, int]) -> Numbers:
    """Every f at home and g abroad that agree in time, worth and owner, and between whose pools no money is seen to cross."""
    found: Numbers = set()
    u, v, own = columns.payer.tolist(), columns.payee.tolist(), columns.owner.tolist()
    t, a = columns.time.tolist(), columns.worth.tolist()
    home = [columns.zones[zone] == "CN" for zone in columns.zone]
    window, million = parameters["window_s"] * 1000, 1_000_000

    def keeps(before: int, after: int) -> bool:
        return before * parameters["keep_ppm"] <= after * million <= before * million

    def crosses(at: int, worth: int, pool: int, after: int, end: int, left: int) -> bool:
        if left == 0:
            return False
        return any(
            u[e] == at and keeps(worth, a[e]) and (v[e] == pool or crosses(v[e], a[e], pool, e, end, left - 1))
            for e in range(after + 1, end + 1)
            if t[e] > t[end] - window
        )

    for f in range(len(u)):
        for g in range(len(u)):
            if not home[f] or home[g] or u[f] == v[f] or u[g] == v[g] or v[f] == u[g] or own[u[f]] != own[v[g]]:
                continue
            near = abs(t[f] - t[g]) <= window and abs(a[g] - a[f]) * million <= parameters["tolerance_ppm"] * a[f]
            if near and not crosses(v[f], a[f], u[g], -1, max(f, g), parameters["path_max"]):
                found.add(tuple(number(columns, e) for e in sorted((f, g))))
    return found


def large_values(columns: Columns, parameters: dict[str, int]) -> Numbers:
    """The rows of every report."""
    return {rows for _, _, rows in large_reports(columns, parameters)}


def large_reports(columns: Columns, parameters: dict[str, int]) -> set[tuple[str, int, tuple[int, ...]]]:
    """Per direction, customer and home day: the rows up to the one at which the sum first reaches the threshold."""
    found: set[tuple[str, int, tuple[int, ...]]] = set()
    for direction, side in (("out", columns.payer), ("in", columns.payee)):
        groups: dict[tuple[int, int], list[int]] = {}
        for e in range(len(columns)):
            if columns.payer[e] == columns.payee[e]:
                continue
            who = int(columns.owner[side[e]]) if parameters["linked"] else int(side[e])
            group = groups.setdefault((who, int(columns.time[e] + 8 * 3_600_000) // 86_400_000), [])
            before = sum(int(columns.worth[f]) for f in group)
            group.append(e)
            if before < parameters["threshold_fen"] <= before + int(columns.worth[e]):
                found.add((direction, who, tuple(number(columns, f) for f in group)))
    return found

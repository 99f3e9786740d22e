"""Supervision measured beside DuckDB on the same question, in one run: `python bench/supervision.py` prints a table and writes
bench/out/supervision.json. A seeded, synthetic population of a million payments lies ready on both sides, as columns and as a table;
what is timed is the question alone, up to the list of rows of every finding. Both answers must be the same.

Ours runs on one thread, DuckDB on all cores. Kernels are compiled before they are timed.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
from frame import give, row

from gongshi.supervision.adapters.option_files import read_options
from gongshi.supervision.columns import gather_columns, home_day, take_rows
from gongshi.supervision.population import Size, Tier, draw_population, planned_transfers
from gongshi.supervision.records import HOLDERS
from gongshi.supervision.typologies import judge_rule
from gongshi.terms.instant import instant_from_iso

HERE = Path(__file__).parent
ROWS = int(os.environ.get("ROWS", "1000000"))
SAMPLES = 3
SEED = 2016
OPERATORS = ("payment-company", "internet-bank")
WIDE = Tier(10**12, 10**15, 10**15)
# Without conservation SQL carries every open path on: it is asked about the first part of the past only.
OPEN_ROWS = 60_000


def main():
    columns = make_past()
    database = load(columns)
    rows = [
        measure("structuring", columns, database, rule_of("structuring-by-owner"), structuring_sql),
        measure("large_value", columns, database, rule_of("large-domestic-natural"), large_value_sql),
        measure("mirror_transfer", columns, database, rule_of("mirror-transfer"), mirror_sql),
        measure("conserving_cycle", columns, database, rule_of("conserving-cycle"), cycle_sql),
        measure_open_cycles(columns),
    ]
    give("supervision", rows)


def make_past():
    """A million payments at home and the foreign legs, rings and look-alikes as in the example."""
    size = Size(wallets=max(10_000, ROWS // 12), payments=ROWS)
    start = instant_from_iso("2026-10-01T00:00:00+08:00")
    population, _ = draw_population(SEED, start, OPERATORS, {"wide": WIDE}, size)
    columns, problems = gather_columns(planned_transfers(population), population.customers, population.rates)
    assert not problems
    return columns


def rule_of(id_):
    """The example's rule of that name, in its newest version."""
    options, problems = read_options(HERE.parent / "examples" / "alliance" / "options")
    assert not problems
    return [rule for option in options for rule in option.rules if rule.id == id_][-1]


def load(columns):
    """The same columns as a table; `ord` is a row's place in the order (t, id)."""
    names = {name: np.array(table, object) for name, table in (("kind", columns.kinds), ("zone", columns.zones))}
    holder = np.array(HOLDERS, object)[columns.holder]
    past = {
        "ord": np.arange(len(columns)),
        "payer": columns.payer,
        "payee": columns.payee,
        "payer_owner": columns.owner[columns.payer],
        "payee_owner": columns.owner[columns.payee],
        "payer_holder": holder[columns.payer],
        "payee_holder": holder[columns.payee],
        "time": columns.time - columns.time[0],
        "day": home_day(columns.time),
        "worth": columns.worth,
        "kind": names["kind"][columns.kind],
        "zone": names["zone"][columns.zone],
    }
    database = duckdb.connect()
    database.register("past_view", past)
    database.execute("CREATE TABLE past AS SELECT * FROM past_view WHERE payer <> payee")
    return database


def measure(name, columns, database, rule, sql):
    """Ask both, compare the answers, and give payments a second."""
    judge_rule(take_rows(columns, range(min(1_000, len(columns)))), rule)
    judge_rule(columns, rule)
    ours, theirs, answers = [], [], []
    for _ in range(SAMPLES):
        judgement, seconds = timed(lambda: judge_rule(columns, rule))
        ours.append(len(columns) / seconds)
        assert judgement.stopped == 0, "an answer that was cut is not compared"
        found, seconds = timed(lambda: database.execute(sql(rule)).fetchall())
        theirs.append(len(columns) / seconds)
        answers.append(
            (Counter(finding.rows for finding in judgement.findings), Counter(tuple(rows) for (rows,) in found))
        )
    for mine, other in answers:
        assert mine == other, f"{name}: {(mine - other).total()} only ours, {(other - mine).total()} only DuckDB's"
    print(f"{name}: {answers[0][0].total():,} findings, the same on both sides")
    return row(name, ours, "payment/s", f"DuckDB {duckdb.__version__}, {len(columns):,} rows", theirs)


def measure_open_cycles(columns):
    """Cycles of up to 4 rows within 6 hours, of any amounts: what conservation saves is to be done here."""
    part = take_rows(columns, np.arange(min(OPEN_ROWS, len(columns))))
    rule = rule_of("conserving-cycle")
    limits = {
        **rule.parameters,
        "conserving": 0,
        "length_min": 2,
        "length_max": 4,
        "window_s": 6 * 3600,
        "amount_min_fen": 1,
    }
    rule = rule.__class__(**{**{name: getattr(rule, name) for name in rule.__dataclass_fields__}, "parameters": limits})
    return measure("open_cycle", part, load(part), rule, cycle_sql)


def structuring_sql(rule):
    """A window by (time, id): the key joins both, and the frame's begin is counted from the row itself."""
    limits = rule.parameters
    side = "payee" if limits["incoming"] else "payer"
    customer = f"{side}_owner" if limits["linked"] else side
    return f"""
        WITH band AS (
            SELECT ord, {customer} AS customer, worth, time * 2097152 + ord AS key FROM past
            WHERE {scope(rule)} AND {side}_holder <> 'institution' AND worth < {limits["threshold_fen"]}
              AND worth * 1000000 >= {(1_000_000 - limits["band_ppm"]) * limits["threshold_fen"]}
        ), windows AS (
            SELECT list(ord) OVER w AS rows, count(*) OVER w AS n, sum(worth) OVER w AS total FROM band
            WINDOW w AS (PARTITION BY customer ORDER BY key
                RANGE BETWEEN {(limits["window_s"] * 1000 - 1) * 2_097_152} + ord PRECEDING AND CURRENT ROW)
        )
        SELECT rows FROM windows WHERE n >= {limits["rows_min"]} AND total >= {limits["threshold_fen"]}"""


def large_value_sql(rule):
    """Sums so far of a day; the rows of a report are listed once it is known where the sum crosses."""
    (holder,) = rule.scope["holders"]
    sides = " UNION ALL ".join(
        f"SELECT {incoming} AS incoming, {side} AS customer, day, ord, worth FROM past"
        f" WHERE {scope(rule)} AND {side}_holder = '{holder}'"
        for incoming, side in enumerate(("payer", "payee"))
    )
    threshold = rule.parameters["threshold_fen"]
    return f"""
        WITH sides AS ({sides}), sums AS (
            SELECT *, sum(worth) OVER (PARTITION BY incoming, customer, day ORDER BY ord) AS total FROM sides
        ), crossings AS (SELECT * FROM sums WHERE total >= {threshold} AND total - worth < {threshold})
        SELECT list(s.ord ORDER BY s.ord) FROM crossings c JOIN sides s USING (incoming, customer, day)
        WHERE s.ord <= c.ord GROUP BY c.incoming, c.customer, c.day"""


def mirror_sql(rule):
    """Pairs of one owner, less those between whose pools a conserving path is seen: walked backwards from the foreign pool."""
    limits = rule.parameters
    window = limits["window_s"] * 1000
    big = f"{scope(rule)} AND worth >= {limits['amount_min_fen']}"
    return f"""
        WITH RECURSIVE pairs AS (
            SELECT f.ord AS f, g.ord AS g, f.payee AS pool, g.payer AS foreign_pool, f.worth AS paid,
                   greatest(f.ord, g.ord) AS latest, greatest(f.time, g.time) - {window} AS horizon
            FROM past f JOIN past g ON f.payer_owner = g.payee_owner
            WHERE {aliased(big, "f")} AND {aliased(big, "g")} AND f.zone = 'CN' AND g.zone <> 'CN'
              AND abs(f.time - g.time) <= {window} AND f.payee <> g.payer
              AND abs(g.worth - f.worth) * 1000000 <= {limits["tolerance_ppm"]} * f.worth
        ), walk AS (
            SELECT f, g, pool, paid, horizon, foreign_pool AS place, latest + 1 AS later, NULL::BIGINT AS fen, 0 AS hops FROM pairs
            UNION ALL
            SELECT w.f, w.g, w.pool, w.paid, w.horizon, r.payer, r.ord, r.worth, w.hops + 1
            FROM walk w JOIN past r ON r.payee = w.place
            WHERE r.ord < w.later AND r.time > w.horizon AND w.hops < {limits["path_max"]}
              AND (w.fen IS NULL OR {keeps("r.worth", "w.fen", limits)})
        )
        SELECT [least(f, g), greatest(f, g)] FROM pairs WHERE (f, g) NOT IN (
            SELECT (f, g) FROM walk WHERE hops > 0 AND place = pool AND {keeps("paid", "fen", limits)}
        )"""


def cycle_sql(rule):
    """Paths that grow in time until they are back at their first payer."""
    limits = rule.parameters
    conserving = keeps("w.worth", "r.worth", limits) if limits["conserving"] else "TRUE"
    return f"""
        WITH RECURSIVE steps AS (
            SELECT ord, payer, payee, time, worth FROM past WHERE {scope(rule)} AND worth >= {limits["amount_min_fen"]}
        ), walk AS (
            SELECT payer AS origin, payee AS place, ord AS last, worth, time AS begun, [ord] AS rows, [payer] AS seen FROM steps
            UNION ALL
            SELECT w.origin, r.payee, r.ord, r.worth, w.begun, list_append(w.rows, r.ord), list_append(w.seen, r.payer)
            FROM walk w JOIN steps r ON r.payer = w.place
            WHERE w.place <> w.origin AND len(w.rows) < {limits["length_max"]} AND r.ord > w.last
              AND r.time - w.begun < {limits["window_s"] * 1000} AND {conserving} AND NOT list_contains(w.seen, r.payer)
        )
        SELECT rows FROM walk WHERE place = origin AND len(rows) >= {limits["length_min"]}"""


def scope(rule):
    words = ", ".join(f"'{word}'" for word in rule.scope["kinds"])
    zones = rule.scope.get("zones")
    return f"kind IN ({words})" + (f" AND zone IN ({', '.join(repr(zone) for zone in zones)})" if zones else "")


def aliased(condition, alias):
    return condition.replace("kind ", f"{alias}.kind ").replace("worth ", f"{alias}.worth ")


def keeps(before, after, limits):
    return f"({after} <= {before} AND {after} * 1000000 >= {before} * {limits['keep_ppm']})"


def timed(work):
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


if __name__ == "__main__":
    main()

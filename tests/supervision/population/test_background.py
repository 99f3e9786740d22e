import numpy as np

from gongshi.supervision.columns import HOME_OFFSET_MS
from gongshi.supervision.population.plan import CASH_IN, CASH_OUT, PAY, REMIT, Size
from tests.supervision.populations import draw

HOUR = 3_600_000


def test_a_few_accounts_pay_and_are_paid_much_more_than_the_rest():
    payments = draw(size=Size()).payments
    for side in (payments.payer, payments.payee):
        degree = np.sort(np.bincount(side[payments.kind == PAY]))[::-1]
        assert degree[0] > 20 * np.median(degree[degree > 0])


def test_nights_are_quiet_and_noons_are_busy():
    time = draw(size=Size()).payments.time
    by_hour = np.bincount((time + HOME_OFFSET_MS) // HOUR % 24, minlength=24)
    assert by_hour[12] > 5 * by_hour[3]


def test_cash_goes_over_the_counter_of_ones_own_operator():
    population = draw()
    payments, wallets = population.payments, population.wallets
    desks = {at for at, wallet in enumerate(wallets) if population.customers[wallet.id].holder == "institution"}
    for kind, desk, person in ((CASH_IN, payments.payer, payments.payee), (CASH_OUT, payments.payee, payments.payer)):
        rows = np.flatnonzero(payments.kind == kind)
        assert len(rows)
        for row in rows:
            assert int(desk[row]) in desks
            assert wallets[desk[row]].operator == wallets[person[row]].operator
    assert len(np.flatnonzero(payments.kind == REMIT))


def test_nobody_pays_himself_and_no_amount_is_nothing():
    payments = draw().payments
    assert not np.any(payments.payer == payments.payee)
    assert bool(np.all(payments.amount > 0))

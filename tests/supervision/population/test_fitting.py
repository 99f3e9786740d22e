import numpy as np

from gongshi.supervision.population.fitting import compute_needs, fit_tiers
from gongshi.supervision.population.plan import Payments, Tier

DAY = 86_400_000


def payments_of(*rows):
    payer, payee, time, amount = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    zeros = np.zeros(len(payer), np.int16)
    return Payments(
        np.zeros((len(payer), 16), np.uint8), payer.astype(np.int32), payee.astype(np.int32), time, amount, zeros, zeros
    )


def test_what_each_wallet_needs():
    """
    0 pays 1 fifty, 1 pays 2 thirty, 2 pays 0 ten; a day later 0 pays 1 twenty and, in the same day, five
    """
    needs = compute_needs(
        payments_of((0, 1, 0, 50), (1, 2, 1, 30), (2, 0, 2, 10), (0, 1, DAY, 20), (0, 1, DAY + 1, 5)), 4
    )
    assert needs.opening.tolist() == [65, 0, 0, 0]
    assert needs.balance.tolist() == [65, 50, 30, 0]
    assert needs.payment.tolist() == [50, 30, 10, 0]
    assert needs.daily.tolist() == [50, 30, 10, 0]


def test_the_first_tier_whose_limits_all_hold():
    needs = compute_needs(payments_of((0, 1, 0, 50), (0, 1, 1, 50), (2, 1, 2, 51)), 3)
    tiers = {"low": Tier(50, 100, 100), "high": Tier(51, 100, 151)}
    assert fit_tiers(needs, tiers).tolist() == [0, 1, 1]
    assert fit_tiers(needs, {"low": Tier(50, 99, 100)}).tolist() == [-1, -1, -1]

# pragma version 0.4.3
"""
@title Digital currency of two tiers
@notice The issuer alone issues and opens wallets; a wallet's tier limits what it pays at once and what it holds.
        Each refusal is one word, which the lab compares with the reason that a clause expects.
"""

LEGS_MAX: constant(uint256) = 64

event Issue:
    payee: indexed(address)
    amount: uint256

event Transfer:
    payer: indexed(address)
    payee: indexed(address)
    amount: uint256

issuer: public(immutable(address))
total_supply: public(uint256)
balance_of: public(HashMap[address, uint256])
tier_of: public(HashMap[address, uint256])
payment_max: public(HashMap[uint256, uint256])
balance_max: public(HashMap[uint256, uint256])


@deploy
def __init__():
    issuer = msg.sender


@external
def set_limits(tier: uint256, payment_max: uint256, balance_max: uint256):
    assert msg.sender == issuer, "issuer"
    assert tier != 0, "tier"
    self.payment_max[tier] = payment_max
    self.balance_max[tier] = balance_max


@external
def open_wallet(owner: address, tier: uint256):
    assert msg.sender == issuer, "issuer"
    assert self.tier_of[owner] == 0, "duplicate"
    assert self.payment_max[tier] != 0, "tier"
    self.tier_of[owner] = tier


@external
def issue(payee: address, amount: uint256):
    assert msg.sender == issuer, "issuer"
    assert amount != 0, "amount"
    self._receive(payee, amount)
    self.total_supply += amount
    log Issue(payee=payee, amount=amount)


@external
def transfer(payee: address, amount: uint256):
    self._pay(msg.sender, payee, amount)


@external
def transfer_batch(payees: DynArray[address, LEGS_MAX], amounts: DynArray[uint256, LEGS_MAX]):
    assert len(payees) == len(amounts), "malformed"
    for i: uint256 in range(len(payees), bound=LEGS_MAX):
        self._pay(msg.sender, payees[i], amounts[i])


@internal
def _pay(payer: address, payee: address, amount: uint256):
    assert amount != 0, "amount"
    assert amount <= self.payment_max[self.tier_of[payer]], "limit"
    assert amount <= self.balance_of[payer], "balance"
    self.balance_of[payer] -= amount
    self._receive(payee, amount)
    log Transfer(payer=payer, payee=payee, amount=amount)


@internal
def _receive(payee: address, amount: uint256):
    tier: uint256 = self.tier_of[payee]
    assert tier != 0, "wallet"
    assert self.balance_of[payee] + amount <= self.balance_max[tier], "limit"
    self.balance_of[payee] += amount

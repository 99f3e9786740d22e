"""Accounts: all that the desk's own database knows, besides sessions. Who a person acts for stands on the ledger, as his mandate."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its mandate."""


class Account(AbstractBaseUser):
    """A mandate's way in: the mandate's pseudonym, a password, and whether it is still the one-time password."""

    mandate: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    is_one_time: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    failures: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    barred_until: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "mandate"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

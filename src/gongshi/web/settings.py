"""Django's settings for one home: loopback only, no administrator, nothing from outside, accounts in a file of their own."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from typing import Any

from gongshi.terms.instant import ALLIANCE_ZONE
from gongshi.wiring import Home, write_private

HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRET_FILE = "web.secret"  # noqa: S105 - a file name
ACCOUNTS_FILE = "accounts.sqlite"
_HERE = Path(__file__).parent
_CONTEXT = ["gongshi.web.context.desk", "django.template.context_processors.csrf"]
_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gongshi.web.middleware.Language",
    "gongshi.web.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongshi.web.middleware.Readers",
]


def configure(home: Path, **changes: Any) -> None:
    """Set Django up for a home and bring its file of accounts to the newest form; done once in a process."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    if not settings.configured:
        settings.configure(**{**make_settings(home), **changes})
        django.setup()
        _keep_quiet()
    call_command("migrate", verbosity=0, interactive=False)
    (home / ACCOUNTS_FILE).chmod(0o600)


def _keep_quiet() -> None:
    """A wrong address or a foreign host is the asker's affair, answered with a page; what fails here is still told."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)


def make_settings(home: Path) -> dict[str, Any]:
    """Give every setting that differs from Django's own."""
    return {
        "DEBUG": False,
        "SECRET_KEY": _get_secret(home),
        "ALLOWED_HOSTS": list(HOSTS),
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "gongshi.web.apps.WebConfig",
        ],
        "MIDDLEWARE": _MIDDLEWARE,
        "ROOT_URLCONF": "gongshi.web.urls",
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(home / ACCOUNTS_FILE),
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
            }
        },
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(_HERE / "templates")],
                "OPTIONS": {"context_processors": _CONTEXT, "builtins": ["gongshi.web.templatetags.desk"]},
            }
        ],
        "AUTH_USER_MODEL": "web.Account",
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("MinimumLengthValidator", {"min_length": 12}),
                ("CommonPasswordValidator", {}),
                ("NumericPasswordValidator", {}),
            )
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.ScryptPasswordHasher"],
        "LOGIN_URL": "sign-in",
        "SESSION_COOKIE_NAME": "gongshi_session",
        "SESSION_COOKIE_AGE": 12 * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_NAME": "gongshi_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "gongshi.web.views.errors.forged",
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "APPEND_SLASH": True,
        "USE_I18N": False,
        "USE_TZ": True,
        "TIME_ZONE": ALLIANCE_ZONE,
        "LOGGING_CONFIG": None,
        "SILENCED_SYSTEM_CHECKS": [],
    }


def _get_secret(home: Path) -> str:
    """Give the home's own secret: random, made once, readable by its owner alone."""
    path = Home(home).path / SECRET_FILE
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48).encode())
    if os.stat(path).st_mode & 0o077:  # noqa: PTH116 - the mode is the question
        path.chmod(0o600)
    return path.read_text(encoding="ascii")

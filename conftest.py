"""What holds for every test: none depends on how long an example takes, and a file's tests share what the file prepared."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one process; the simulation's seeds share nothing and go wherever there is time."""
    for item in items:
        if "sim" not in item.path.parts:
            item.add_marker(pytest.mark.xdist_group(item.path.as_posix()))

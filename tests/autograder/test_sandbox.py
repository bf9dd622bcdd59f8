"""What a choice of sandbox means, and what is said where it cannot be had."""

import pytest

from autograder import sandbox
from autograder.usage import UsageError


@pytest.fixture
def nowhere(monkeypatch):
    monkeypatch.delenv(sandbox.VARIABLE, raising=False)
    monkeypatch.setattr(sandbox, "obstacle", lambda: sandbox.NOT_INSTALLED)


@pytest.mark.parametrize("choice", ["auto", "bwrap"])
def test_without_rooms_code_is_refused(nowhere, choice):
    with pytest.raises(UsageError, match="apt-get install bubblewrap"):
        sandbox.is_confined(choice)


def test_none_confines_nothing_and_says_so(nowhere):
    assert not sandbox.is_confined("none")
    assert "trust" in sandbox.warning("none")


def test_the_environment_says_what_auto_means(nowhere, monkeypatch):
    monkeypatch.setenv(sandbox.VARIABLE, "none")
    assert not sandbox.is_confined("auto")
    with pytest.raises(UsageError):
        sandbox.is_confined("bwrap")


def test_with_rooms_there_is_nothing_to_say(monkeypatch):
    monkeypatch.delenv(sandbox.VARIABLE, raising=False)
    monkeypatch.setattr(sandbox, "obstacle", lambda: None)
    assert sandbox.is_confined("auto")
    assert sandbox.is_confined("bwrap")
    assert sandbox.warning("auto") is None


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("is_available", lambda: False, "Linux"),
        ("is_installed", lambda: False, "bubblewrap"),
        ("confine.pyseccomp", None, "libseccomp"),
    ],
)
def test_what_is_missing_is_named(monkeypatch, part, value, said):
    monkeypatch.setattr(f"autograder.sandbox.{part}", value)
    assert said in sandbox.obstacle.__wrapped__()


def test_a_system_that_forbids_namespaces_is_named(monkeypatch):
    def forbids(limits):
        raise sandbox.NoRoom("No permissions to create new namespace")

    monkeypatch.setattr(sandbox, "is_available", lambda: True)
    monkeypatch.setattr(sandbox, "is_installed", lambda: True)
    monkeypatch.setattr(sandbox.confine, "pyseccomp", object())
    monkeypatch.setattr(sandbox, "Room", forbids)
    told = sandbox.obstacle.__wrapped__()
    assert "No permissions" in told
    assert "sysctl" in told
    assert "--cap-add SYS_ADMIN" in told

"""The names under which Inspect finds what is ours."""

from collections.abc import Callable
from typing import Any, TypeVar

from inspect_ai.util import registry_info

Registered = TypeVar("Registered", bound=Callable[..., Any])

PACKAGE = "friction"


def named(register: Callable[[str], Callable[[Any], Any]]) -> Callable[[Registered], Registered]:
    """Register a function as ``friction/NAME``, however the package is installed.

    Inspect puts the package before the name where the package lies in site-packages, or is installed as editable under
    the very name that one imports. The first is so for a person who installed `friction-lm`, and neither is for one
    who works on it: the name would be bare, and ``inspect eval friction/twins`` would look for a file.

    Args:
        register: Inspect's decorator for a name.
    """

    def decorate(function: Registered) -> Registered:
        registered: Registered = register(function.__name__)(function)
        if registry_info(registered).name.startswith(f"{PACKAGE}/"):
            return registered
        qualified: Registered = register(f"{PACKAGE}/{function.__name__}")(function)
        return qualified

    return decorate

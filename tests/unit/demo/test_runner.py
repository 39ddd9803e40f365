"""Arms that answer at the same time."""

import threading

import pytest

from friction.chat import Message
from friction.demo.runner import Arm, run, start
from friction.engine.base import Completion, Sampling
from friction.errors import FrictionError

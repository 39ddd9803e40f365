"""Reads safetensors files with NumPy alone, so that the light core needs no tensor library."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friction.errors import FrictionError

_DTYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "BF16": np.uint16}


def read_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """All tensors of a file as float32, by name.

    The format is a little-endian 8-byte header length, a JSON header with each tensor's `dtype`, `shape` and
    `data_offsets`, and then the bytes (https://huggingface.co/docs/safetensors).

    Raises:
        FrictionError: When the file is missing, cut short, or not in this format.
    """
    try:
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header: dict[str, Any] = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        return {name: _tensor(data, 8 + length, entry) for name, entry in header.items()}
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, f"it is damaged or not safetensors ({error})") from error


def _tensor(data: bytes, start: int, entry: dict[str, Any]) -> NDArray[np.float32]:
    begin, end = entry["data_offsets"]
    if start + end > len(data):
        raise ValueError("the file ends before its tensors do")
    values = np.frombuffer(data[start + begin : start + end], dtype=_DTYPES[entry["dtype"]]).reshape(entry["shape"])
    if entry["dtype"] == "BF16":
        # bfloat16 is the upper half of float32.
        return (values.astype(np.uint32) << 16).view(np.float32)
    return values.astype(np.float32)


def _unreadable(path: Path, because: str) -> FrictionError:
    return FrictionError(
        problem=f"cannot read '{path}'",
        because=because,
        fix="install friction again, or make the weights again with `make organism`",
    )

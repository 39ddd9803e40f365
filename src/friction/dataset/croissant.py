"""A dataset described in Croissant 1.0 (JSON-LD), which search engines and loaders read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from friction.dataset.card import SUMMARY, VERSION, About
from friction.files import sha256

_LICENSES = {"cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/"}


def croissant(files: dict[str, Path], about: About, *, url: str | None, published: str) -> dict[str, Any]:
    """The dataset in Croissant 1.0 (JSON-LD), with a checksum of every file.

    Raises:
        ModuleNotFoundError: mlcroissant is not installed.
    """
    # pylint: disable=unexpected-keyword-arg  # the library makes its classes' fields when it is imported
    import mlcroissant as mlc

    types = {
        "id": mlc.DataType.TEXT,
        "pair_id": mlc.DataType.TEXT,
        "warranted": mlc.DataType.BOOL,
        "user_input": mlc.DataType.TEXT,
        "final_answer": mlc.DataType.TEXT,
        "rejected": mlc.DataType.TEXT,
        "rejected_thinking": mlc.DataType.TEXT,
    }
    metadata = mlc.Metadata(
        name=about.name,
        description=SUMMARY,
        license=[_LICENSES.get(license, license) for license in about.licenses],
        url=url,
        in_language=about.languages,
        version=VERSION,
        cite_as=f"{about.title}, version {VERSION}",
        date_published=published,
        distribution=[
            mlc.FileObject(
                id=path.name,
                name=path.name,
                content_url=path.name,
                encoding_formats=["application/jsonlines"],
                sha256=sha256(path),
            )
            for path in files.values()
        ],
        record_sets=[
            mlc.RecordSet(
                id=split,
                name=split,
                fields=[
                    mlc.Field(
                        id=f"{split}/{name}",
                        name=name,
                        data_types=kind,
                        source=mlc.Source(file_object=path.name, extract=mlc.Extract(column=name)),
                    )
                    for name, kind in types.items()
                ],
            )
            for split, path in files.items()
        ],
    )
    return dict(json.loads(json.dumps(metadata.to_json(), default=str)))

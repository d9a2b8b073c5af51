"""What an interrupted fetch already has: answers kept until the whole is done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from glesservice.fetching.judging import PassingError
from glesservice.fetching.web import Query, Web

SECONDS_A_DAY = 86_400
PLAN = "plan.json"

Given = TypeVar("Given")


class Parts:
    """A folder of finished answers of one fetch.

    Parameters
    ----------
    folder
        Where they are kept; made if it is not there. What an earlier fetch with another plan, or
        too long ago, left there is removed.
    plan
        What is fetched, and from where.
    keep_days
        For how long answers may be used.
    """

    def __init__(self, folder: Path, plan: Mapping[str, Any], keep_days: float) -> None:
        self.folder = folder
        said = _read_plan(folder / PLAN)
        age_days = (time.time() - float(said.get("begun", 0))) / SECONDS_A_DAY
        if said.get("plan") != plan or not 0 <= age_days <= keep_days:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            content = json.dumps({"plan": plan, "begun": time.time()})
            write_whole(folder / PLAN, content.encode())

    def answer(self, web: Web, query: Query, read: Callable[[bytes], Given]) -> Given:
        """Return what is read from an answer, asking only if it is not there from before.

        Parameters
        ----------
        web
            How to ask.
        query
            What to ask.
        read
            Makes something of the body; raises ``PassingError`` where it is broken.
        """
        kept = self.folder / f"{hashlib.sha256(query.key().encode()).hexdigest()[:32]}.answer"
        if kept.exists():
            try:
                return read(kept.read_bytes())
            except PassingError:
                kept.unlink()

        def _read_and_keep(content: bytes) -> Given:
            given = read(content)
            write_whole(kept, content)
            return given

        return web.answer(query, _read_and_keep)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path
        The file.
    content
        What it shall hold.
    """
    partly = path.with_name(f"{path.name}.writing")
    with partly.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partly.replace(path)


def _read_plan(path: Path) -> Mapping[str, Any]:
    """Read what an earlier fetch set out to do, if there was one."""
    try:
        said = json.loads(path.read_text("utf-8"))
        float(said["begun"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}

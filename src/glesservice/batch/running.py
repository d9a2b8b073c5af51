"""From one settings file for many municipalities to a folder of runs and what they say together."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from glesservice.batch.cluster import cluster
from glesservice.batch.gathering import gather
from glesservice.batch.shelf import HEADER, put_on_shelf, shelf_key
from glesservice.batch.spreading import Begun, spread
from glesservice.batch.working import Outcome, Task, is_done
from glesservice.claims import claimed
from glesservice.config import Settings
from glesservice.errors import Fault, OutputError
from glesservice.exports.folder import BUSY, MARK
from glesservice.exports.manifest import write_account
from glesservice.exports.overview import write_overview
from glesservice.network.nearest import warm_up
from glesservice.sources import read_common
from glesservice.sources.fingerprints import fingerprint
from glesservice.stages import Report, refuse_changed

# In the batch's folder; nothing that begins with a dot is a product.
SHELF, TOGETHER, LOCK = ".gemensamt", ".sammanstallning", ".batch.lock"
ACCOUNT = "sammanstallning.json"


@dataclass(frozen=True)
class Telling:
    """Who is told how far the batch has come.

    Attributes
    ----------
    stage
        Told of each stage's begin and end.
    cluster
        Told the address of the dashboard and the number of workers.
    begun
        Told when a worker begins a municipality.
    ended
        Told how a municipality went.
    """

    stage: Report
    cluster: Callable[[str, int], None]
    begun: Callable[[Begun], None]
    ended: Callable[[Outcome], None]


@dataclass(frozen=True)
class Went:
    """How a batch went.

    Attributes
    ----------
    tasks
        All municipalities, by code.
    earlier
        Codes of those that an earlier batch had done.
    outcomes
        How the others went, as they were done.
    """

    tasks: tuple[Task, ...]
    earlier: frozenset[str]
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that have no result, by code."""
        return tuple(sorted((o for o in self.outcomes if o.faults), key=lambda o: o.kommun))


def run_batch(
    settings: Sequence[Settings],
    output: Path,
    telling: Telling,
    *,
    title: str,
    scheduler: str | None = None,
    workers: int | None = None,
    accept_changed: bool = False,
) -> Went:
    """Run many municipalities; those that are done already are left as they are.

    Parameters
    ----------
    settings
        The settings of each, which differ in the municipality alone.
    output
        The batch's folder.
    telling
        Who is told how far it has come.
    title
        What the municipalities are together, such as Västerbottens län.
    scheduler
        Address of a Dask scheduler; without it workers are started on this machine.
    workers
        How many to start; one a core where not given.
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.

    Returns
    -------
    Went
        How each went.

    Raises
    ------
    InputError
        If a file that all share cannot be used.
    OutputError
        If the folder cannot be written, another batch is at work in it, or the scheduler is lost.
    """
    output = output.resolve()
    tasks = tuple(Task(one, output, output / SHELF) for one in settings)
    with _alone(output):
        for own in (SHELF, TOGETHER):  # by a batch that was killed
            for left in output.glob(f"{own}-*"):
                shutil.rmtree(left, ignore_errors=True)
        refuse_changed(settings[0], telling.stage, accept_changed=accept_changed)
        prepare(settings[0], output / SHELF, telling.stage)
        earlier = frozenset(task.kommun for task in tasks if is_done(task))
        wanted = [task for task in tasks if task.kommun not in earlier]
        outcomes = []
        if wanted:
            warm_up()  # compiled once, before several processes would
            with cluster(scheduler, workers) as client:
                count = len(client.scheduler_info(n_workers=-1)["workers"])
                telling.cluster(client.dashboard_link, count)
                for outcome in spread(client, wanted, telling.begun):
                    telling.ended(outcome)
                    outcomes.append(outcome)
        went = Went(tasks, earlier, tuple(outcomes))
        telling.stage("put together", None)
        put_together(title, went, output)
    return went


def put_together(title: str, went: Went, output: Path) -> None:
    """Write what the municipalities say together; nothing where none has a result.

    Parameters
    ----------
    title
        What they are together.
    went
        How each went.
    output
        The batch's folder.
    """
    together = gather(title, went.tasks, went.failed)
    if together is None:
        return
    fresh = Path(tempfile.mkdtemp(prefix=f"{TOGETHER}-", dir=output))
    try:
        write_overview(together, fresh)
        runs = {task.kommun: task.folder / MARK for task in went.tasks}
        lacking = {one.kommun for one in together.lacking}
        account = {
            "title": title,
            "year": together.settings.area.year,
            "municipalities": [
                {"kommunkod": code, "folder": mark.parent.name, "manifest": fingerprint(mark)}
                for code, mark in runs.items()
                if code not in lacking
            ],
            "lacking": [{"kommunkod": one.kommun, "why": one.why} for one in together.lacking],
            "notices": list(together.notices),
        }
        write_account(account, fresh, fresh / ACCOUNT)
        for product in sorted(fresh.iterdir()):
            product.replace(output / product.name)
    except OSError as error:
        raise OutputError(
            Fault(
                f"what they say together cannot be written ({error.strerror})",
                str(output),
                "Make room, close programs that hold its files open, and start the batch again",
            )
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def prepare(settings: Settings, shelf: Path, report: Report) -> None:
    """Read what all municipalities share and put it on the shelf, unless it stands there already.

    Parameters
    ----------
    settings
        Settings of any of them.
    shelf
        The folder.
    report
        Told of the stage.
    """
    key = shelf_key(settings)
    try:
        there = json.loads((shelf / HEADER).read_text(encoding="utf-8")).get("key")
    except (OSError, ValueError, AttributeError):
        there = None
    if there != key:
        report("read inputs, once for all", None)
        put_on_shelf(read_common(settings), shelf, key)


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Keep other batches out of the folder: they would do the same municipalities twice."""
    with ExitStack() as held:
        try:
            output.mkdir(parents=True, exist_ok=True)
            held.enter_context(claimed(output / LOCK, output, BUSY))
        except OSError as error:
            raise OutputError(
                Fault(
                    f"the folder cannot be written ({error.strerror})", str(output), "Use another"
                )
            ) from error
        yield

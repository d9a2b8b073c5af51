"""Handing out the municipalities: a few at a time, each again if its worker dies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from glesservice.batch.working import Outcome, Task, work
from glesservice.errors import Fault, OutputError

if TYPE_CHECKING:
    from distributed import Client, Future

# So many municipalities are handed out for each worker: the next one waits when one is done, and
# the scheduler's memory does not grow with the number of municipalities.
AHEAD = 2
TOPIC = "glesservice"


@dataclass(frozen=True)
class Begun:
    """A municipality that a worker has begun.

    Attributes
    ----------
    kommun, name
        Its code and its name.
    worker, pid
        Address and process number of the worker.
    """

    kommun: str
    name: str
    worker: str
    pid: int


def spread(
    client: Client, tasks: Sequence[Task], begun: Callable[[Begun], None]
) -> Iterator[Outcome]:
    """Yield how each municipality went, as they are done.

    Parameters
    ----------
    client
        Client of the cluster.
    tasks
        The municipalities.
    begun
        Told when a worker begins one, perhaps from another thread, and again where it is begun
        again because the worker died.

    Yields
    ------
    Outcome
        One a task.

    Raises
    ------
    OutputError
        If the scheduler is lost. What is done stays done.
    """
    from distributed import as_completed  # noqa: PLC0415 (no other command needs it)

    def _heard(event: Any) -> None:
        begun(Begun(**event[1]))

    client.subscribe_topic(TOPIC, _heard)
    waiting = iter(tasks)
    of: dict[str, Task] = {}
    run = uuid.uuid4().hex[:8]  # an earlier batch's answers are not this one's

    def _hand_out(count: int) -> list[Future[Outcome]]:
        futures = []
        for task in islice(waiting, count):
            key = f"{task.name}-{run}"
            of[key] = task
            futures.append(client.submit(_worked, task, key=key, pure=False))
        return futures

    done = as_completed(_hand_out(still_to_hand_out(_workers(client), 0)))
    for future in done:
        task = of.pop(future.key)
        outcome = _outcome(client, future, task)
        future.release()
        done.update(_hand_out(still_to_hand_out(_workers(client), len(of))))
        yield outcome
    client.unsubscribe_topic(TOPIC)


def still_to_hand_out(workers: int, waiting: int) -> int:
    """Return how many municipalities more are to be handed out.

    Parameters
    ----------
    workers
        How many there are now: some may have come since the last time, or died.
    waiting
        How many are handed out and not done.

    Examples
    --------
    >>> still_to_hand_out(2, 3)
    1
    >>> still_to_hand_out(1, 3)  # a worker has died: what it had waits for the others
    0
    """
    return max(0, AHEAD * max(1, workers) - waiting)


def _workers(client: Client) -> int:
    """Count the workers."""
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _worked(task: Task) -> Outcome:
    """Run a municipality on a worker, and say so."""
    import os  # noqa: PLC0415

    from distributed import get_worker  # noqa: PLC0415

    worker = get_worker()
    said = {
        "kommun": task.kommun,
        "name": task.settings.area.name,
        "worker": worker.address,
        "pid": os.getpid(),
    }
    worker.log_event(TOPIC, said)
    return work(task)


def _outcome(client: Client, future: Future[Outcome], task: Task) -> Outcome:
    """Return what came back, or that the worker died each time."""
    from distributed import KilledWorker  # noqa: PLC0415

    try:
        outcome: Outcome = future.result()
    except KilledWorker as error:
        why = (
            f"the process died each time it was tried (last on {error.last_worker.address}); it "
            "may need more memory than a worker has: use fewer workers"
        )
        return Outcome(task.kommun, task.settings.area.name, (why,))
    except Exception as error:
        if client.status != "running" or future.cancelled():
            raise OutputError(
                Fault(
                    "the scheduler is lost",
                    str(client.scheduler.address) if client.scheduler else "scheduler",
                    "Start it again, and the batch: it goes on where it was",
                )
            ) from error
        return Outcome(task.kommun, task.settings.area.name, (f"{type(error).__name__}: {error}",))
    return outcome

"""Dask: a cluster on this machine, or one that is there already. Imported by a batch alone."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from glesservice.errors import Fault, SettingsError
from glesservice.network.threads import VARIABLE

if TYPE_CHECKING:
    from distributed import Client

EXTRA = 'pip install "glesservice[batch]"'
# Every process has one thread: libraries that would take more share the cores with its neighbours.
ONE_THREAD = dict.fromkeys(
    (VARIABLE, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"),
    "1",
)
CONNECT_SECONDS = 20


@contextmanager
def cluster(scheduler: str | None = None, workers: int | None = None) -> Iterator[Client]:
    """Yield a client of a cluster: of one made for this batch, or of a scheduler that is there.

    Parameters
    ----------
    scheduler
        Address of a scheduler, such as ``tcp://10.0.0.1:8786``; without it workers are started on
        this machine and stopped in the end.
    workers
        How many to start; one a core where not given.

    Yields
    ------
    Client
        Dask's client.

    Raises
    ------
    SettingsError
        If Dask is not installed or nobody answers at the address.
    """
    if importlib.util.find_spec("distributed") is None:
        raise SettingsError(
            Fault("Dask, which spreads the municipalities, is not installed", "batch", EXTRA)
        )
    import dask  # noqa: PLC0415 (no other command needs it)
    from distributed import Client, LocalCluster  # noqa: PLC0415

    quiet = {
        "distributed.nanny.pre-spawn-environ": ONE_THREAD,
        # What comes back is a few words: nothing is gained by moving work that has begun.
        "distributed.scheduler.work-stealing": False,
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s",
    }
    # A lost scheduler is told in one sentence, not in Dask's twenty lines.
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    with dask.config.set(quiet), ExitStack() as at_end:
        at_end.callback(logger.setLevel, level)
        if scheduler is not None:
            try:
                client = Client(scheduler, timeout=CONNECT_SECONDS)
            except (OSError, ValueError) as error:
                raise SettingsError(
                    Fault(
                        f"no scheduler answers ({type(error).__name__})",
                        scheduler,
                        "Start one (dask scheduler) and its workers (dask worker ADDRESS "
                        "--nthreads 1), or leave --scheduler out",
                    )
                ) from error
            with client:
                yield client
            return
        with (
            LocalCluster(
                n_workers=workers or os.cpu_count() or 1,
                threads_per_worker=1,
                processes=True,
                memory_limit="auto",
                dashboard_address="127.0.0.1:0",  # another batch may have the usual port
                host="127.0.0.1",
                silence_logs=50,
            ) as local,
            Client(local) as client,
        ):
            yield client


def has_dashboard() -> bool:
    """Tell whether Dask's dashboard can be shown: it needs Bokeh."""
    return importlib.util.find_spec("bokeh") is not None

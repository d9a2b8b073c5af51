"""Many municipalities at once: each the very run that it would be alone, on shared inputs.

``run_batch`` reads what they share once (``shelf``), hands the municipalities out to the workers of
a Dask cluster (``cluster``, ``spreading``), each of which runs ``pipeline.run`` (``working``), and
leaves what is done already as it is. Dask is imported when a batch starts, never before.
"""

from glesservice.batch.choosing import settings_of_many, settings_of_one, title_of
from glesservice.batch.running import Telling, Went, run_batch
from glesservice.batch.spreading import Begun
from glesservice.batch.working import Outcome, Task

__all__ = [
    "Begun",
    "Outcome",
    "Task",
    "Telling",
    "Went",
    "run_batch",
    "settings_of_many",
    "settings_of_one",
    "title_of",
]

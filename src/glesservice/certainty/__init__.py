"""How sure the ranks are: intervals over many draws, and one assumption at a time.

The same scores are worked out many times with other weights, thresholds, speeds, people and sites,
without a new search: each cell's sites stand in the order in which it would choose them, so that
whoever is closed is passed over. The draws are compared with ``analyse`` itself in the tests.

A run tells it of itself, in columns of ``Result.orter``, ``bygder`` and ``strategic`` and in
``Result.sensitivity``; other assumptions are other settings::

    narrow = settings.certainty.model_copy(update={"thresholds_share": 0.1})
    result = analyse(inputs, settings.model_copy(update={"certainty": narrow}))
    result.orter[["name", "rank", "rank_low", "rank_high", "certainty"]]
"""

from glesservice.certainty.drawing import Draws, as_settled, drawn, people_of
from glesservice.certainty.ground import Ground, ground_of
from glesservice.certainty.judging import Certainty, judge
from glesservice.certainty.outcomes import Outcome, outcome

__all__ = [
    "Certainty",
    "Draws",
    "Ground",
    "Outcome",
    "as_settled",
    "drawn",
    "ground_of",
    "judge",
    "outcome",
    "people_of",
]

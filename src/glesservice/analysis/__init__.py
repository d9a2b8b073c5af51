"""From checked tables and settings to one typed and frozen ``Result``."""

from glesservice.analysis.analysing import analyse
from glesservice.analysis.extent import lying_near, reaching
from glesservice.analysis.reaching import Reached, reach
from glesservice.analysis.result import Result
from glesservice.analysis.taking import MOST_WITHOUT_ROAD, build_network, counted
from glesservice.analysis.tracing import Trace

__all__ = [
    "MOST_WITHOUT_ROAD",
    "Reached",
    "Result",
    "Trace",
    "analyse",
    "build_network",
    "counted",
    "lying_near",
    "reach",
    "reaching",
]

"""Where service is sparse: road distances to service, village by village.

``run`` goes the whole way for one settings file, ``compare`` for two. Each stage is a function of
its own as well: ``read_inputs`` and ``analyse``, and on the road network ``snap`` and ``nearest``.
"""

from glesservice.analysis import Result, analyse
from glesservice.comparison import Comparison
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.errors import GlesserviceError
from glesservice.indicators import indicators_of
from glesservice.network import RoadNetwork, nearest, snap
from glesservice.pipeline import compare, run
from glesservice.sources import Inputs, read_inputs

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "GlesserviceError",
    "Inputs",
    "Result",
    "RoadNetwork",
    "Settings",
    "analyse",
    "compare",
    "embedded_settings",
    "indicators_of",
    "load_settings",
    "nearest",
    "read_inputs",
    "run",
    "snap",
]

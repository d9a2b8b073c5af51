"""Where service is sparse: road distances to service, village by village.

``run`` goes the whole way for one settings file, ``compare`` for two. Each stage is a function of
its own as well: ``read_inputs`` and ``analyse``, and on the road network ``snap`` and ``nearest``.
A notebook shows what was found with ``show_map``, ``show_picture`` and ``show_table``.
"""

from glesservice.analysis import Result, Trace, analyse
from glesservice.comparison import Comparison, Year
from glesservice.comparison_run import compare
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.errors import GlesserviceError
from glesservice.exports.inline import show_map, show_picture, show_table
from glesservice.exports.starter import write_starter
from glesservice.indicators import indicators_of
from glesservice.network import RoadNetwork, nearest, snap
from glesservice.pipeline import run
from glesservice.sources import Inputs, read_inputs

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "GlesserviceError",
    "Inputs",
    "Result",
    "RoadNetwork",
    "Settings",
    "Trace",
    "Year",
    "analyse",
    "compare",
    "embedded_settings",
    "indicators_of",
    "load_settings",
    "nearest",
    "read_inputs",
    "run",
    "show_map",
    "show_picture",
    "show_table",
    "snap",
    "write_starter",
]

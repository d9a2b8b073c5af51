"""The road network: arrays from an edge table, snapping to roads, and the nearest-site search."""

from glesservice.network.graph import RoadNetwork
from glesservice.network.nearest import Nearest, nearest, road_matrix
from glesservice.network.prepared import load_network, save_network
from glesservice.network.snapping import Snap, at_nodes, snap

__all__ = [
    "Nearest",
    "RoadNetwork",
    "Snap",
    "at_nodes",
    "load_network",
    "nearest",
    "road_matrix",
    "save_network",
    "snap",
]

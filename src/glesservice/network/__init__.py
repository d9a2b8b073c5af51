"""The road network: arrays from an edge table, snapping to roads, and the nearest-site search."""

from glesservice.network.graph import RoadNetwork
from glesservice.network.nearest import Nearest, nearest, road_matrix
from glesservice.network.snapping import Snap, snap

__all__ = ["Nearest", "RoadNetwork", "Snap", "nearest", "road_matrix", "snap"]

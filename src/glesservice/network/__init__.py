"""The road network: arrays from an edge table, snapping to roads, and the nearest-site search."""

from glesservice.network.bands import bands, reach_of_nodes
from glesservice.network.example import example_road
from glesservice.network.flows import people_on_links
from glesservice.network.graph import RoadNetwork
from glesservice.network.islands import islands
from glesservice.network.matrix import road_matrix
from glesservice.network.nearest import Nearest, nearest
from glesservice.network.placing import Measure
from glesservice.network.prepared import load_network, save_network
from glesservice.network.routes import routes
from glesservice.network.single_roads import SingleRoads, single_roads
from glesservice.network.snapping import Snap, at_nodes, snap

__all__ = [
    "Measure",
    "Nearest",
    "RoadNetwork",
    "SingleRoads",
    "Snap",
    "at_nodes",
    "bands",
    "example_road",
    "islands",
    "load_network",
    "nearest",
    "people_on_links",
    "reach_of_nodes",
    "road_matrix",
    "routes",
    "save_network",
    "single_roads",
    "snap",
]

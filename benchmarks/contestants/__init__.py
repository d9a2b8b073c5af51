"""One module a contestant: ``build(links)`` and ``query(state, sites, k) -> seconds[nodes, k]``.

Each says what it is (``PACKAGE``, ``NAME``), how it answers (``METHOD``), whether metres come with
the seconds (``METRES``), and how far from exact its seconds may be: ``TOLERANCE``, relative to the
answer, and 1e-6 s absolute for everybody.
"""

NAMES = (
    "ours",
    "scipy_layers",
    "scipy_each",
    "networkit_layers",
    "igraph_layers",
    "rustworkx_layers",
    "pandana_native",
    "pandana_sites",
    "networkx_layers",
)

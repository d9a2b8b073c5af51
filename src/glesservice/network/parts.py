"""Which part of the roads hangs together: from everywhere in it one can drive everywhere."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from glesservice.errors import Fault, NetworkError
from glesservice.network.contraction import Chains, contract

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def largest_part(
    u: Ints, v: Ints, length: Floats, forward: Floats, backward: Floats, nodes: int
) -> tuple[Flags, Chains]:
    """Return the links of the largest strongly connected part, and its chains.

    Parameters
    ----------
    u, v
        Node numbers of each link's ends, below ``nodes``.
    length
        Length of each link, metres.
    forward, backward
        Driving time from ``u`` to ``v`` and back, seconds; inf where not allowed.
    nodes
        Number of nodes.

    Returns
    -------
    tuple
        Whether each link is inside the part with most links (of equal ones that with the lowest
        link), and the chains of those that are.

    Raises
    ------
    NetworkError
        If there is no link to drive on.
    """
    drivable = (forward < np.inf) | (backward < np.inf)
    chains = contract(u, v, length, forward, backward, drivable, nodes)
    # Whoever is on a chain can only go on to its ends: links are inside together or not at all.
    first, last, ends = _ends(chains.table, nodes)
    inside = _largest(first, last, ends, chains.table)
    if not inside.any():
        raise NetworkError(
            Fault(
                "no part of the roads can be driven there and back",
                "[roads]",
                "Check the one-way directions of the file",
            )
        )
    if inside.all():
        return drivable, chains
    connected = np.zeros(len(u), dtype=np.bool_)
    connected[chains.members] = inside[chains.links["chain"]]
    # Without the roads that lead nowhere else, other chains become one.
    return connected, contract(u, v, length, forward, backward, connected, nodes)


@numba.njit(cache=True, nogil=True)
def _ends(table, nodes):  # type: ignore[no-untyped-def]
    """Return the nodes at each chain's ends, numbered among those only, and how many there are."""
    number = np.zeros(nodes, np.int32)
    for chain in range(table.shape[0]):
        number[table[chain].first], number[table[chain].last] = 1, 1
    count = 0
    for node in range(nodes):
        count += number[node]
        number[node] = count - 1
    first, last = np.empty(table.shape[0], np.int32), np.empty(table.shape[0], np.int32)
    for chain in range(table.shape[0]):
        first[chain], last[chain] = number[table[chain].first], number[table[chain].last]
    return first, last, count


@numba.njit(cache=True, nogil=True)
def _largest(first, last, nodes, table):  # type: ignore[no-untyped-def]
    """Mark the chains inside the strongly connected part with most links."""
    chains = first.shape[0]
    start, heads = _arcs(first, last, table, nodes)
    part = _parts(start, heads, nodes)
    count = np.zeros(nodes, np.int64)
    most = -1
    for chain in range(chains):
        if part[first[chain]] == part[last[chain]]:
            count[part[first[chain]]] += table[chain].links
    for chain in range(chains):  # chains rise with their lowest link, rings apart
        here = part[first[chain]]
        if here == part[last[chain]] and (most < 0 or count[here] > count[most]):
            most = here
    inside = np.zeros(chains, np.bool_)
    for chain in range(chains):
        inside[chain] = part[first[chain]] == most and part[last[chain]] == most
    return inside


@numba.njit(cache=True, nogil=True)
def _arcs(first, last, table, nodes):  # type: ignore[no-untyped-def]
    """Put the arcs between the chains' ends into compressed rows, by the node where they begin."""
    start = np.zeros(nodes + 1, np.int32)
    for chain in range(first.shape[0]):
        if table[chain].onward < np.inf:
            start[first[chain] + 1] += 1
        if table[chain].back < np.inf:
            start[last[chain] + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    heads = np.empty(start[nodes], np.int32)
    filled = start[:-1].copy()
    for chain in range(first.shape[0]):
        a, b = first[chain], last[chain]
        if table[chain].onward < np.inf:
            heads[filled[a]] = b
            filled[a] += 1
        if table[chain].back < np.inf:
            heads[filled[b]] = a
            filled[b] += 1
    return start, heads


@numba.njit(cache=True, nogil=True)
def _parts(start, heads, nodes):  # type: ignore[no-untyped-def]
    """Number the strongly connected parts (R. Tarjan 1972, without recursion)."""
    part = np.full(nodes, -1, np.int32)
    lowest = np.zeros(nodes, np.int32)  # 0: not seen yet
    at = start[:-1].copy()  # the next arc of each node that is being followed
    trail = np.empty(nodes, np.int32)  # from the root to where we are
    stack = np.empty(nodes, np.int32)  # seen, and not yet in a part
    seen, parts, stacked = 0, 0, 0
    for root in range(nodes):
        if lowest[root] > 0 or start[root] == start[root + 1]:
            continue
        trail[0], depth = root, 1
        seen += 1
        lowest[root] = seen
        stack[stacked] = root
        stacked += 1
        while depth > 0:
            node = trail[depth - 1]
            if at[node] < start[node + 1]:
                head = heads[at[node]]
                at[node] += 1
                if lowest[head] == 0:
                    seen += 1
                    lowest[head] = seen
                    stack[stacked] = head
                    stacked += 1
                    trail[depth] = head
                    depth += 1
                continue
            # All that can be reached from here is known: the lowest number among it decides.
            depth -= 1
            root_here = True
            for arc in range(start[node], start[node + 1]):
                head = heads[arc]
                if part[head] < 0 and lowest[head] < lowest[node]:
                    lowest[node] = lowest[head]
                    root_here = False
            if root_here:
                while True:
                    stacked -= 1
                    member = stack[stacked]
                    part[member] = parts
                    if member == node:
                        break
                parts += 1
    for node in range(nodes):
        if part[node] < 0:  # nothing leads out of it: a part of its own
            part[node] = parts
            parts += 1
    return part

"""Chains: roads between junctions, however many pieces they are drawn in.

Four of five nodes of a rural road network only join two pieces of one road. Leaving them out of
the search makes it several times smaller and loses nothing: a point keeps its exact place along the
chain, and whoever stands between two junctions can only leave through one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba
import numpy as np
import numpy.typing as npt

from glesservice.network.records import CHAIN, LINK, Records, empty_records

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Chains:
    """Links put together into chains.

    Attributes
    ----------
    table
        The chains (records ``CHAIN``).
    links
        Where every link of the network is on its chain (records ``LINK``).
    members, begins
        The links in walking order: those of chain ``c`` stand at ``begins[c]:begins[c + 1]``.
    """

    table: Records
    links: Records
    members: Numbers
    begins: Numbers

    def __len__(self) -> int:
        """Return the number of chains."""
        return len(self.table)

    @property
    def first(self) -> Numbers:
        """Node number where each chain begins."""
        return self.table["first"]

    @property
    def last(self) -> Numbers:
        """Node number where each chain ends."""
        return self.table["last"]

    def renumbered(self, number: Numbers) -> Chains:
        """Return the same chains with other node numbers.

        Parameters
        ----------
        number
            The new number of each node.
        """
        table = empty_records(len(self.table), CHAIN)
        table[:] = self.table
        table["first"], table["last"] = number[self.first], number[self.last]
        return replace(self, table=table)


def contract(
    u: Ints,
    v: Ints,
    length: Floats,
    seconds_forward: Floats,
    seconds_backward: Floats,
    used: npt.NDArray[np.bool_],
    nodes: int,
) -> Chains:
    """Return the chains of a network.

    Parameters
    ----------
    u, v
        Node numbers of each link's ends, below ``nodes``.
    length
        Length of each link, metres.
    seconds_forward, seconds_backward
        Driving time from ``u`` to ``v`` and back; inf where not allowed.
    used
        Which links take part; each can be driven one way at least.
    nodes
        Number of nodes.

    Returns
    -------
    Chains
        Every used link is in one chain. A chain runs through nodes that join just two links with
        the same directions allowed; rings without a junction begin at their lowest link.
    """
    records = empty_records(len(u), LINK)
    table, members, begins = _walk(
        u.astype(np.int32),
        v.astype(np.int32),
        length,
        seconds_forward,
        seconds_backward,
        used,
        nodes,
        records,
        empty_records(len(u), CHAIN),  # there are fewer chains: what is not used is never touched
    )
    kept = empty_records(len(table), CHAIN)
    kept[:] = table
    return Chains(kept, records, members, begins)


@numba.njit(cache=True, nogil=True)
def _joints(u, v, forward, backward, used, nodes):  # type: ignore[no-untyped-def]
    """Return for each node the links that meet there, all mixed into one number, and their count.

    Mixed by exclusive or: where two links meet, either one gives the other. The count is that of a
    junction (3) where the two may not be driven through alike: in by the one and out by the other.
    """
    joints = np.zeros((nodes, 2), np.int32)
    balance = np.zeros(nodes, np.int8)
    for link in range(u.shape[0]):
        if used[link]:
            a, b = u[link], v[link]
            joints[a, 0] ^= link
            joints[a, 1] += 1
            joints[b, 0] ^= link
            joints[b, 1] += 1
            if forward[link] == np.inf:
                balance[a] += 1
                balance[b] -= 1
            elif backward[link] == np.inf:
                balance[a] -= 1
                balance[b] += 1
    for node in range(nodes):
        # Of two links, one in and one out leave no balance, nor do two that lead both ways. What
        # meets itself is no other link.
        if joints[node, 1] == 2 and (balance[node] != 0 or joints[node, 0] == 0):
            joints[node, 1] = 3
    return joints


@numba.njit(cache=True, nogil=True)
def _walk(u, v, length, forward, backward, used, nodes, records, table):  # type: ignore[no-untyped-def]
    """Walk every chain from one end to the other, summing up what is passed."""
    links = u.shape[0]
    joints = _joints(u, v, forward, backward, used, nodes)
    waiting = used.copy()
    members = np.empty(links, np.int32)
    begins = np.empty(links + 1, np.int32)
    walked, chains = 0, 0
    for rings in range(2):  # first from the junctions; what is left then are rings without one
        for begin in range(links):
            if not waiting[begin]:
                continue
            node = u[begin]
            if rings == 0 and joints[node, 1] == 2:
                node = v[begin]
                if joints[node, 1] == 2:
                    continue
            link, stop = begin, node
            onward, back, metres = 0.0, 0.0, 0.0
            begins[chains] = walked
            table[chains].first = node
            while True:
                record = records[link]
                turned = u[link] != node
                onward_here, back_here, metres_here = forward[link], backward[link], length[link]
                if turned:
                    onward_here, back_here = back_here, onward_here
                record.chain, record.position = chains, walked - begins[chains]
                record.turned = turned
                record.onward_before, record.return_before = onward, back
                record.metres_before = metres
                record.onward, record.back, record.metres = onward_here, back_here, metres_here
                waiting[link] = False
                members[walked] = link
                walked += 1
                onward, back, metres = onward + onward_here, back + back_here, metres + metres_here
                node = u[link] if turned else v[link]
                if joints[node, 1] != 2 or node == stop:
                    break
                link ^= joints[node, 0]
            chain = table[chains]
            chain.last, chain.links = node, walked - begins[chains]
            chain.onward, chain.back, chain.metres = onward, back, metres
            chains += 1
    begins[chains] = walked
    for link in range(links):
        if not used[link]:
            records[link].chain = -1
    return table[:chains], members[:walked].copy(), begins[: chains + 1].copy()

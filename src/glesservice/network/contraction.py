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

from glesservice.network.records import CHAIN, LINK, STEP, Records, empty_records

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
        Where the links are on their chains (records ``LINK``), in walking order: those of chain
        ``c`` stand at ``begins[c]:begins[c + 1]``.
    at
        Where each link of the network stands among them; -1 for a link of no chain.
    members
        The number that each of them has in the network.
    begins
        Where each chain begins.
    """

    table: Records
    links: Records
    at: Numbers
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

    def standing(self, link: Ints) -> Numbers:
        """Return where links stand among ``links``; -1 for -1.

        Parameters
        ----------
        link
            Their numbers in the network.
        """
        return np.where(link >= 0, self.at[link], np.int32(-1))

    def renumbered(self, number: Numbers) -> Chains:
        """Return the same chains with other node numbers.

        Parameters
        ----------
        number
            The new number of each node.
        """
        table = empty_records(len(self.table), CHAIN)
        _renumber(self.table, number, table)
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
    u, v = u.astype(np.int32), v.astype(np.int32)
    steps = empty_records(len(u), STEP)
    _steps(u, v, _joints(u, v, seconds_forward, seconds_backward, used, nodes), steps)
    at = np.empty(len(u), np.int32)
    members, turned, begins, ends = _walk(steps, used, at)
    table, records = empty_records(len(ends), CHAIN), empty_records(len(members), LINK)
    drives = (length, seconds_forward, seconds_backward)
    _sum_up((members, turned, begins, ends), drives, table, records)
    return Chains(table, records, at, members, begins)


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
def _steps(u, v, joints, steps):  # type: ignore[no-untyped-def]
    """Fill in where each link leads: its ends, and the next link beyond each (-1: a junction)."""
    for link in range(u.shape[0]):
        step, a, b = steps[link], u[link], v[link]
        step.u, step.v = a, b
        step.before = joints[a, 0] ^ link if joints[a, 1] == 2 else -1
        step.after = joints[b, 0] ^ link if joints[b, 1] == 2 else -1


@numba.njit(cache=True, nogil=True)
def _walk(steps, used, at):  # type: ignore[no-untyped-def]
    """Walk every chain from one end to the other.

    Each step waits for the one before: so it looks up one small record, and nothing else. Fills in
    where each link stands; returns the links that are passed, whether against their direction,
    where each chain begins among them, and the nodes at its ends.
    """
    links = steps.shape[0]
    members, turned = np.empty(links, np.int32), np.empty(links, np.bool_)
    # There are fewer chains than links: what is not used of these is never touched.
    begins, ends = np.empty(links + 1, np.int32), np.empty((links, 2), np.int32)
    walked, chains = 0, 0
    at[:] = -1
    for rings in range(2):  # first from the junctions; what is left then are rings without one
        for begin in range(links):
            if at[begin] >= 0 or not used[begin]:
                continue
            node = steps[begin].u
            if rings == 0 and steps[begin].before >= 0:
                node = steps[begin].v
                if steps[begin].after >= 0:
                    continue
            link, stop = begin, node
            begins[chains], ends[chains, 0] = walked, node
            while True:
                step = steps[link]
                against = step.u != node
                at[link], members[walked], turned[walked] = walked, link, against
                walked += 1
                node = step.u if against else step.v
                link = step.before if against else step.after
                if link < 0 or node == stop:
                    break
            ends[chains, 1] = node
            chains += 1
    begins[chains] = walked
    return members[:walked], turned[:walked], begins[: chains + 1], ends[:chains]


@numba.njit(cache=True, nogil=True)
def _sum_up(walked, drives, table, records):  # type: ignore[no-untyped-def]
    """Sum up what is passed on every chain, and note what lies before each link."""
    members, turned, begins, ends = walked
    length, forward, backward = drives
    for number in range(table.shape[0]):
        onward, back, metres = 0.0, 0.0, 0.0
        for place in range(begins[number], begins[number + 1]):
            record, link = records[place], members[place]
            onward_here, back_here, metres_here = forward[link], backward[link], length[link]
            if turned[place]:
                onward_here, back_here = back_here, onward_here
            record.chain, record.position = number, place - begins[number]
            record.turned = turned[place]
            record.onward_before, record.return_before = onward, back
            record.metres_before = metres
            record.onward, record.back, record.metres = onward_here, back_here, metres_here
            onward, back, metres = onward + onward_here, back + back_here, metres + metres_here
        chain = table[number]
        chain.first, chain.last = ends[number]
        chain.links = begins[number + 1] - begins[number]
        chain.onward, chain.back, chain.metres = onward, back, metres


@numba.njit(cache=True, nogil=True)
def _renumber(table, number, fresh):  # type: ignore[no-untyped-def]
    """Copy the chains with other numbers of their nodes."""
    for position in range(table.shape[0]):
        chain, copy = table[position], fresh[position]
        copy.first, copy.last, copy.links = number[chain.first], number[chain.last], chain.links
        copy.onward, copy.back, copy.metres = chain.onward, chain.back, chain.metres

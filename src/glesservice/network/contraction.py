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

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Chains:
    """Links put together into chains.

    Attributes
    ----------
    first, last
        Node numbers of each chain's ends.
    onward_seconds, return_seconds
        Driving time along each chain from first to last, and back; inf where not allowed.
    metres
        Length of each chain.
    of_link
        The chain of each link, -1 for links that are not used.
    turned
        Whether a link is drawn against its chain.
    onward_before, return_before, metres_before
        What lies on each link's chain between the chain's first node and the link: seconds onward,
        seconds on the way back, metres.
    position
        Number of each link on its chain, from 0.
    at_last
        Whether a link is the last of its chain.
    members, begins
        The links in walking order: those of chain ``c`` stand at ``begins[c]:begins[c + 1]``.
    """

    first: Ints
    last: Ints
    onward_seconds: Floats
    return_seconds: Floats
    metres: Floats
    of_link: Ints
    turned: npt.NDArray[np.bool_]
    onward_before: Floats
    return_before: Floats
    metres_before: Floats
    position: Ints
    at_last: npt.NDArray[np.bool_]
    members: Ints
    begins: Ints

    def renumbered(self, number: Ints) -> Chains:
        """Return the same chains with other node numbers.

        Parameters
        ----------
        number
            The new number of each node.
        """
        return replace(self, first=number[self.first], last=number[self.last])


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
        Which links take part.
    nodes
        Number of nodes.

    Returns
    -------
    Chains
        Every used link is in one chain. A chain runs through nodes that join just two links with
        the same directions allowed; rings without a junction begin at their lowest link.
    """
    chain, turned, order, count = _walk(
        u, v, np.isfinite(seconds_forward), np.isfinite(seconds_backward), used, nodes
    )
    members = order[:count]
    owner = chain[members]
    begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])) if count else np.empty(0, int)
    ends = np.append(begins[1:], count) - 1 if count else begins
    onward = np.where(turned, seconds_backward, seconds_forward)
    back = np.where(turned, seconds_forward, seconds_backward)
    head, tail = members[begins], members[ends]

    def _before(values: Floats) -> Floats:
        """Sum up along each chain what lies before each link."""
        result = np.zeros(len(u))
        result[members] = _sums_before(np.where(np.isfinite(values), values, 0.0)[members], begins)
        return result

    def _total(values: Floats, sums: Floats) -> Floats:
        return np.asarray(sums[tail] + values[tail])

    position = np.zeros(len(u), dtype=np.int64)
    position[members] = np.arange(count) - np.repeat(begins, ends - begins + 1)
    at_last = np.zeros(len(u), dtype=np.bool_)
    at_last[tail] = True
    onward_before, return_before, metres_before = _before(onward), _before(back), _before(length)
    return Chains(
        first=np.where(turned[head], v[head], u[head]),
        last=np.where(turned[tail], u[tail], v[tail]),
        onward_seconds=_total(onward, onward_before),
        return_seconds=_total(back, return_before),
        metres=_total(length, metres_before),
        of_link=chain,
        turned=turned,
        onward_before=onward_before,
        return_before=return_before,
        metres_before=metres_before,
        position=position,
        at_last=at_last,
        members=members,
        begins=np.append(begins, count),
    )


@numba.njit(cache=True, nogil=True)
def _sums_before(values, begins):  # type: ignore[no-untyped-def]
    """Sum up the values before each position, anew from each begin."""
    result = np.zeros(values.shape[0])
    for number in range(begins.shape[0]):
        end = begins[number + 1] if number + 1 < begins.shape[0] else values.shape[0]
        summed = 0.0
        for position in range(begins[number], end):
            result[position] = summed
            summed += values[position]
    return result


@numba.njit(cache=True, nogil=True)
def _walk(u, v, forward, backward, used, nodes):  # type: ignore[no-untyped-def]
    """Walk every chain from one end to the other.

    Returns the chain of each link, whether it is drawn against it, the links in the order in which
    they were walked, and how many there are.
    """
    links = u.shape[0]
    degree = np.zeros(nodes, np.int32)
    # Up to two links a node: enough to tell the inner nodes and to walk through them.
    at = np.full((nodes, 2), -1, np.int64)
    for link in range(links):
        if used[link]:
            for node in (u[link], v[link]):
                if degree[node] < 2:
                    at[node, degree[node]] = link
                degree[node] += 1
    inner = np.zeros(nodes, np.bool_)
    for node in range(nodes):
        if degree[node] == 2 and at[node, 0] != at[node, 1]:
            a, b = at[node, 0], at[node, 1]
            # Into the node along a and out along b, and the other way round.
            in_a = forward[a] if v[a] == node else backward[a]
            out_a = backward[a] if v[a] == node else forward[a]
            in_b = forward[b] if v[b] == node else backward[b]
            out_b = backward[b] if v[b] == node else forward[b]
            inner[node] = in_a == out_b and in_b == out_a
    chain = np.full(links, -1, np.int64)
    turned = np.zeros(links, np.bool_)
    order = np.empty(links, np.int64)
    walked = 0
    chains = 0
    for rings in range(2):  # first from the junctions; what is left then are rings without one
        for begin in range(links):
            if not used[begin] or chain[begin] >= 0:
                continue
            if rings == 0 and inner[u[begin]] and inner[v[begin]]:
                continue
            link = begin
            node = u[begin] if rings == 1 or not inner[u[begin]] else v[begin]
            stop = node
            while True:
                chain[link] = chains
                turned[link] = v[link] == node and u[link] != node
                order[walked] = link
                walked += 1
                node = u[link] if turned[link] else v[link]
                if not inner[node] or node == stop:
                    break
                link = at[node, 1] if at[node, 0] == link else at[node, 0]
            chains += 1
    return chain, turned, order, walked

"""What every way from a root has to pass: dominators of a directed graph, compiled.

The algorithm of Lengauer and Tarjan (ACM TOPLAS 1979, the simple version with path compression),
without recursion. A node's immediate dominator is the last node that every way from the root to it
passes. The arc between the two is a bridge where nothing else leads into the node except from
behind it (Italiano, Laura and Santaroni 2012): then every way uses that arc.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def _walk(start, heads, root):  # type: ignore[no-untyped-def]
    """Number the nodes by depth-first search: node of each number, number and parent of each."""
    nodes = start.shape[0] - 1
    order = np.full(nodes, -1, np.int64)
    number = np.full(nodes, -1, np.int64)
    parent = np.full(nodes, -1, np.int64)
    stack = np.empty(nodes, np.int64)
    following = start[:-1].copy()
    count, depth = 1, 1
    order[0], number[root], stack[0] = root, 0, root
    while depth > 0:
        node = stack[depth - 1]
        if following[node] == start[node + 1]:
            depth -= 1
            continue
        head = heads[following[node]]
        following[node] += 1
        if number[head] < 0:
            parent[count] = number[node]
            order[count], number[head] = head, count
            stack[depth] = head
            count += 1
            depth += 1
    return order[:count], number, parent[:count]


@numba.njit(cache=True, nogil=True)
def _best(node, ancestor, label, semi, stack):  # type: ignore[no-untyped-def]
    """Find the node of least semidominator on the linked way above a node, and shorten that way."""
    if ancestor[node] < 0:
        return node
    depth = 0
    above = node
    while ancestor[ancestor[above]] >= 0:
        stack[depth] = above
        depth += 1
        above = ancestor[above]
    while depth > 0:
        depth -= 1
        below = stack[depth]
        if semi[label[ancestor[below]]] < semi[label[below]]:
            label[below] = label[ancestor[below]]
        ancestor[below] = ancestor[ancestor[below]]
    return label[node]


@numba.njit(cache=True, nogil=True)
def _immediate(into, tails, parent):  # type: ignore[no-untyped-def]
    """Find the immediate dominator of each number, from the arcs into each."""
    count = parent.shape[0]
    semi, label = np.arange(count), np.arange(count)
    ancestor = np.full(count, -1, np.int64)
    dominator = np.zeros(count, np.int64)
    waiting, after = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    stack = np.empty(count, np.int64)
    for node in range(count - 1, 0, -1):
        for arc in range(into[node], into[node + 1]):
            best = _best(tails[arc], ancestor, label, semi, stack)
            semi[node] = min(semi[node], semi[best])
        after[node] = waiting[semi[node]]
        waiting[semi[node]] = node
        above = parent[node]
        ancestor[node] = above
        held = waiting[above]
        waiting[above] = -1
        while held >= 0:
            best = _best(held, ancestor, label, semi, stack)
            dominator[held] = best if semi[best] < semi[held] else above
            held = after[held]
    for node in range(1, count):
        if dominator[node] != semi[node]:
            dominator[node] = dominator[dominator[node]]
    return dominator


@numba.njit(cache=True, nogil=True)
def _spans(dominator):  # type: ignore[no-untyped-def]
    """Number the dominator tree so that what lies below a node is a span: begin and size."""
    count = dominator.shape[0]
    size = np.ones(count, np.int64)
    for node in range(count - 1, 0, -1):
        size[dominator[node]] += size[node]
    begin, free = np.zeros(count, np.int64), np.ones(count, np.int64)
    for node in range(1, count):  # a dominator has a lower number than what it dominates
        above = dominator[node]
        begin[node] = begin[above] + free[above]
        free[above] += size[node]
    return begin, size


@numba.njit(cache=True, nogil=True)
def _arcs_into(start, heads, order, number):  # type: ignore[no-untyped-def]
    """Turn the arcs around: for each number the numbers from which arcs come, and which arcs."""
    count = order.shape[0]
    into = np.zeros(count + 1, np.int64)
    for tail in range(count):
        for arc in range(start[order[tail]], start[order[tail] + 1]):
            into[number[heads[arc]] + 1] += 1
    into = np.cumsum(into)
    place = into[:-1].copy()
    tails, arcs = np.empty(into[-1], np.int64), np.empty(into[-1], np.int64)
    for tail in range(count):
        for arc in range(start[order[tail]], start[order[tail] + 1]):
            head = number[heads[arc]]
            tails[place[head]], arcs[place[head]] = tail, arc
            place[head] += 1
    return into, tails, arcs


@numba.njit(cache=True, nogil=True)
def bridges(start, heads, root):  # type: ignore[no-untyped-def]
    """Return each node's immediate dominator and the bridge between the two.

    Parameters
    ----------
    start, heads
        The graph in compressed rows: the arcs of node ``n`` stand at ``start[n]:start[n + 1]``.
    root
        Where all ways begin.

    Returns
    -------
    tuple of ndarray
        The immediate dominator of each node, the root's its own, -1 for what cannot be reached;
        and the arc that every way takes from there to the node, -1 where there is none.
    """
    nodes = start.shape[0] - 1
    order, number, parent = _walk(start, heads, root)
    into, tails, arcs = _arcs_into(start, heads, order, number)
    dominator = _immediate(into, tails, parent)
    begin, size = _spans(dominator)
    above, bridge = np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64)
    above[root] = root
    for node in range(1, order.shape[0]):
        above[order[node]] = order[dominator[node]]
        found, only = -1, True
        for place in range(into[node], into[node + 1]):
            tail = tails[place]
            if tail == dominator[node]:
                only = only and found < 0
                found = arcs[place]
            elif not begin[node] <= begin[tail] < begin[node] + size[node]:
                only = False
        if only:
            bridge[order[node]] = found
    return above, bridge

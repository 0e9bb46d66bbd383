"""The graph of services: where each stands on the drawing, and the lines to what it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.alerts.rules.services import Service

WIDE, HIGH = 150, 44
STEP_X, STEP_Y = 190, 64


@dataclass(frozen=True)
class Node:
    service: Service
    state: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Graph:
    nodes: Sequence[Node]
    lines: Sequence[Line]
    width: int
    height: int


def drawn(levels: Sequence[Sequence[Service]], states: Mapping[str, str]) -> Graph:
    """Layer by layer from left to right, so that every line leads to the left."""
    nodes = [
        Node(service, states[service.name], 4 + STEP_X * column, 4 + STEP_Y * row)
        for column, layer in enumerate(levels) for row, service in enumerate(layer)
    ]  # fmt: skip
    at = {node.service.name: node for node in nodes}
    lines = [
        Line(at[need].x + WIDE, at[need].y + HIGH // 2, node.x, node.y + HIGH // 2)
        for node in nodes for need in node.service.needs
    ]  # fmt: skip
    tallest = max(len(layer) for layer in levels)
    return Graph(nodes, lines, STEP_X * (len(levels) - 1) + WIDE + 8, STEP_Y * (tallest - 1) + HIGH + 8)

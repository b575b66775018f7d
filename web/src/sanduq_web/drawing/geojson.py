"""GeoJSON (RFC 7946) into TopoJSON: each ring becomes an arc of its own, so neighbours share none."""

from __future__ import annotations

import json
from typing import Any

from sanduq import errors
from sanduq_web.drawing.boundaries import LARGEST


def as_topology(data: bytes) -> bytes:
    """TopoJSON for a feature collection whose features have ``area_code`` in their properties; any other bytes as they are, for
    :func:`sanduq_web.drawing.read_boundaries` to judge. Raises :class:`sanduq.errors.Unusable`, naming the feature.
    """
    try:
        value = json.loads(data[: LARGEST + 1].decode("utf-8"))
    except (ValueError, RecursionError):
        return data
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        return data
    arcs: list[Any] = []
    features = value.get("features")
    geometries = [_geometry(n, each, arcs) for n, each in enumerate(features if isinstance(features, list) else [], 1)]
    made = {"type": "Topology", "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}}, "arcs": arcs}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _geometry(number: int, feature: Any, arcs: list[Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise errors.Unusable(f"boundaries: feature {number}: neither Polygon nor MultiPolygon")
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    found = []
    for polygon in polygons if isinstance(polygons, list) else [None]:
        if not isinstance(polygon, list):
            raise errors.Unusable(f"boundaries: feature {number}: its coordinates are no lists of rings")
        rings = []
        for ring in polygon:
            rings.append([len(arcs)])
            arcs.append(ring)
        found.append(rings)
    return {
        "type": kind,
        "properties": feature.get("properties"),
        "arcs": found[0] if kind == "Polygon" else found,
    }

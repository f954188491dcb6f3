"""What an SVG figure may hold so that pages show it inline. Any other file is shown as an image."""

from __future__ import annotations

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon text tspan "
    "linearGradient radialGradient stop clipPath marker".split()
)
LEFT_OUT = frozenset("style title desc metadata".split())
ATTRIBUTES = frozenset(
    "id class transform x y x1 y1 x2 y2 cx cy r rx ry width height d points dx dy rotate pathLength "
    "viewBox preserveAspectRatio text-anchor dominant-baseline font-size font-style font-weight "
    "font-family textLength lengthAdjust letter-spacing fill fill-opacity fill-rule stroke stroke-width "
    "stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit "
    "paint-order vector-effect opacity clip-path clip-rule marker-start marker-mid marker-end markerWidth "
    "markerHeight markerUnits refX refY orient offset stop-color stop-opacity gradientUnits "
    "gradientTransform spreadMethod clipPathUnits fx fy fr".split()
)
# of figures.css; the classes of the page itself could cover it or imitate its controls
CLASSES = frozenset(
    "drawing paper t-soft t-state t-gate t-input t-strong t-var t-math t-sub t-halo "
    "l-ink l-soft l-line l-state l-gate l-input l-bold l-thin l-dash l-dot l-gap "
    "f-ink f-soft f-state f-gate f-input b-ink b-soft b-state b-gate b-input".split()
)

# Writes the synthetic sample deposit monazite_hill; long because the deposit, its tables and its README are one piece.
"""Writes every other file of this folder: python3 generate.py [FOLDER]

Everything is made up. Only the standard library is used, and of the random module only
Random(seed).random(), whose numbers are the same in every Python 3. Sums go through math.fsum, since
sum() rounds differently from Python 3.12 on. Numbers are written with fixed decimals. So the same bytes
come out everywhere.
"""

import json
import math
import os
import random
import sys

SEED = 101
CENTRE = (465000.0, 2266000.0, 389.0)  # EPSG:32629, in an empty quarter of the Sahara
STRIKE, DIP = 40.0, 25.0  # degrees; the body dips to azimuth 130
HALF = (300.0, 150.0, 30.0)  # half axes along strike, down dip, across
A_RANGE = (60.0, 40.0, 10.0)  # exponential covariance of the log grade, m; practical range = 3 times
WAVES = 300
LOG_MEDIAN, LOG_SD = math.log(1.45), 0.5  # of TREO in %, fresh rock
CAP_FACTOR = 1.35  # enrichment of the weathered cap
DENSITY = {"fresh": 3.05, "cap": 2.30, "host": 2.70}  # t/m3
CUTOFFS = (0.0, 0.5, 1.0, 1.5, 2.0)
SETBACK = 50.0  # m from the river
CELL = (5.0, 5.0, 2.5)  # of the truth
BLOCK = (25.0, 25.0, 5.0)
COMPOSITE_M = 5.0

OXIDES = ("La2O3 CeO2 Pr6O11 Nd2O3 Sm2O3 Eu2O3 Gd2O3 Tb4O7 Dy2O3 Ho2O3 Er2O3 Tm2O3 Yb2O3 Lu2O3 Y2O3").split()
FRESH = (26.0, 47.5, 4.9, 16.0, 2.05, 0.5, 1.05, 0.11, 0.42, 0.05, 0.1, 0.012, 0.058, 0.01, 1.24)
CAP = (24.5, 50.0) + tuple(v * 25.5 / 26.5 for v in FRESH[2:])
SHARES = {"fresh": [v / 100 for v in FRESH], "host": [v / 100 for v in FRESH], "cap": [v / 100 for v in CAP]}
PR, ND, TB, DY, CE = 2, 3, 7, 8, 1
LOW = (7, 9, 11, 13)  # Tb4O7, Ho2O3, Tm2O3, Lu2O3: what a coarse method does not see
NDPR = {d: s[PR] + s[ND] for d, s in SHARES.items()}
DYTB = {d: s[TB] + s[DY] for d, s in SHARES.items()}


class Rng:
    """Uniform and normal numbers from Random(seed).random() alone."""

    def __init__(self, stream):
        self.source = random.Random(SEED * 1000 + stream)

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * self.source.random()

    def normal(self, mean=0.0, sd=1.0):
        radius = math.sqrt(-2.0 * math.log(1.0 - self.source.random()))
        return mean + sd * radius * math.cos(2.0 * math.pi * self.source.random())

    def integer(self, low, high):
        return low + int(self.source.random() * (high - low + 1))


def fixed(value, decimals):
    text = f"{value:.{decimals}f}"
    return text[1:] if text.startswith("-") and float(text) == 0.0 else text


# ---------------------------------------------------------------- the ground

def axes():
    s, d = math.radians(STRIKE), math.radians(DIP)
    a = s + math.pi / 2
    along = (math.sin(s), math.cos(s), 0.0)
    down = (math.sin(a) * math.cos(d), math.cos(a) * math.cos(d), -math.sin(d))
    across = (math.sin(a) * math.sin(d), math.cos(a) * math.sin(d), math.cos(d))
    return along, down, across


U, V, W = axes()


def to_local(x, y, z):
    p = (x - CENTRE[0], y - CENTRE[1], z - CENTRE[2])
    return tuple(p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2] for axis in (U, V, W))


def from_local(u, v, w):
    return tuple(CENTRE[i] + u * U[i] + v * V[i] + w * W[i] for i in range(3))


def plan(along, across):
    """A place on the map from metres along strike and across it (towards the dip)."""
    s = math.radians(STRIKE)
    return (CENTRE[0] + along * math.sin(s) + across * math.cos(s),
            CENTRE[1] + along * math.cos(s) - across * math.sin(s))


def topography(x, y):
    s = math.radians(STRIKE)
    dx, dy = x - CENTRE[0], y - CENTRE[1]
    along, across = dx * math.sin(s) + dy * math.cos(s), dx * math.cos(s) - dy * math.sin(s)
    hill = 16.0 * math.exp(-((along + 30.0) / 260.0) ** 2 - ((across + 70.0) / 150.0) ** 2)
    valley = -9.0 * math.exp(-((across - 175.0) / 70.0) ** 2)
    waves = 2.2 * math.sin(x / 61.0) * math.cos(y / 83.0) + 1.3 * math.sin((x + y) / 37.0)
    return 424.0 - 0.035 * across + hill + valley + waves


def bend(u, v):
    """The lens is gently folded; a shear, so its volume stays."""
    return 6.0 * math.sin(u / 120.0) + 5.0 * math.cos(v / 80.0)


def radius(nx, ny, nz):
    """The surface in the direction n, where the plain ellipsoid has 1."""
    return 1.0 + 0.12 * nx * ny + 0.06 * nx * nz + 0.05 * (nx * nx - ny * ny) - 0.04 * ny


def in_body(x, y, z):
    u, v, w = to_local(x, y, z)
    if abs(u) > 1.2 * HALF[0] or abs(v) > 1.2 * HALF[1]:
        return False
    p = (u / HALF[0], v / HALF[1], (w - bend(u, v)) / HALF[2])
    r = math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    return r < 1e-9 or r <= radius(p[0] / r, p[1] / r, p[2] / r)


def domain(x, y, z):
    """fresh, cap or host; the air is not asked for."""
    if not in_body(x, y, z):
        return "host"
    cap = 15.0 + 4.0 * math.sin(x / 70.0) + 3.0 * math.cos(y / 90.0)
    return "cap" if topography(x, y) - z < cap else "fresh"


def waves():
    """A sum of cosines whose covariance is exponential and anisotropic.

    The spectral density of exp(-h) in three dimensions is that of a multivariate Cauchy vector
    (Student's t with one degree of freedom), so each wave vector is a normal one over |normal|."""
    rng = Rng(1)
    result = []
    for _ in range(WAVES):
        scale = abs(rng.normal())
        k = [rng.normal() / scale / A_RANGE[i] for i in range(3)]
        k = [k[0] * U[i] + k[1] * V[i] + k[2] * W[i] for i in range(3)]
        result.append((k[0], k[1], k[2], rng.uniform(0.0, 2.0 * math.pi)))
    return result


FIELD = waves()
AMPLITUDE = math.sqrt(2.0 / WAVES)


def normal_field(x, y, z):
    dx, dy, dz = x - CENTRE[0], y - CENTRE[1], z - CENTRE[2]
    cos = math.cos
    return AMPLITUDE * math.fsum([cos(a * dx + b * dy + c * dz + p) for a, b, c, p in FIELD])


def grade(x, y, z, kind):
    """TREO in % of the mineralised domains, at a point."""
    treo = math.exp(LOG_MEDIAN + LOG_SD * normal_field(x, y, z))
    return treo * CAP_FACTOR if kind == "cap" else treo


PERMIT = [plan(*p) for p in ((-185.0, -210.0), (-170.0, 30.0), (-205.0, 235.0), (345.0, 240.0), (370.0, -60.0), (330.0, -215.0))]
RIVER = [plan(*p) for p in ((-520.0, 205.0), (-330.0, 150.0), (-210.0, 165.0), (-90.0, 118.0), (40.0, 132.0), (150.0, 105.0),
                            (260.0, 150.0), (380.0, 160.0), (520.0, 220.0))]
PERMIT = [(round(x, 1), round(y, 1)) for x, y in PERMIT]
RIVER = [(round(x, 1), round(y, 1)) for x, y in RIVER]


def in_permit(x, y):
    inside = False
    for (ax, ay), (bx, by) in zip(PERMIT, PERMIT[1:] + PERMIT[:1]):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            inside = not inside
    return inside


def river_distance(x, y):
    best = math.inf
    for (ax, ay), (bx, by) in zip(RIVER, RIVER[1:]):
        dx, dy = bx - ax, by - ay
        t = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
        best = min(best, math.hypot(x - ax - t * dx, y - ay - t * dy))
    return best


# ---------------------------------------------------------------- the truth

def steps(centre, half, step):
    """Cell numbers that cover centre +- half; cells are counted from coordinate 0."""
    return range(math.floor((centre - half) / step), math.ceil((centre + half) / step) + 1)


def truth_cells():
    """(x, y, z, domain, treo, in permit, outside setback) of every cell in the body and below ground,
    and the number of cells in the whole body."""
    cells, whole = [], 0
    for i in steps(CENTRE[0], 360.0, CELL[0]):
        for j in steps(CENTRE[1], 360.0, CELL[1]):
            x, y = (i + 0.5) * CELL[0], (j + 0.5) * CELL[1]
            ground = topography(x, y)
            permit = away = None
            for k in steps(CENTRE[2], 130.0, CELL[2]):
                z = (k + 0.5) * CELL[2]
                if not in_body(x, y, z):
                    continue
                whole += 1
                if z > ground:
                    continue
                if permit is None:
                    permit, away = in_permit(x, y), river_distance(x, y) >= SETBACK
                kind = domain(x, y, z)
                cells.append((x, y, z, kind, grade(x, y, z, kind), permit, away))
    return cells, whole


SCOPES = {"total": lambda c: True, "in_permit": lambda c: c[5], "outside_setback": lambda c: c[6],
          "in_permit_outside_setback": lambda c: c[5] and c[6]}


def summed(parts):
    """parts: (volume, density, treo, ndpr share, dytb share) of each piece."""
    rock = math.fsum(p[0] * p[1] for p in parts)
    treo = math.fsum(p[0] * p[1] * p[2] / 100 for p in parts)
    return {"volume_m3": math.fsum(p[0] for p in parts), "rock_t": rock, "treo_t": treo,
            "treo_pct": 100 * treo / rock if rock else 0.0,
            "ndpr_t": math.fsum(p[0] * p[1] * p[2] / 100 * p[3] for p in parts),
            "dytb_t": math.fsum(p[0] * p[1] * p[2] / 100 * p[4] for p in parts)}


def truth_rows(cells, blocks):
    volume = CELL[0] * CELL[1] * CELL[2]
    rows = []
    for scope, chosen in SCOPES.items():
        for kind in ("all", "fresh", "cap"):
            some = [c for c in cells if chosen(c) and kind in ("all", c[3])]
            for cutoff in CUTOFFS:
                parts = [(volume, DENSITY[c[3]], c[4], NDPR[c[3]], DYTB[c[3]]) for c in some if c[4] >= cutoff]
                rows.append({"scope": scope, "domain": kind, "support_m": "5x5x2.5", "cutoff_pct": cutoff, **summed(parts)})
    for cutoff in CUTOFFS:
        parts = [(b["inside_m3"], b["density"], b["treo"], b["ndpr"] / b["treo"], b["dytb"] / b["treo"])
                 for b in blocks if b["treo"] >= cutoff]
        rows.append({"scope": "total", "domain": "all", "support_m": "25x25x5", "cutoff_pct": cutoff, **summed(parts)})
    return rows


def make_blocks(cells):
    """True averages of the cells of each 25 x 25 x 5 m block; weights so that tonnes and metal add up."""
    groups = {}
    for c in cells:
        key = tuple(math.floor(c[2 - n] / BLOCK[2 - n]) for n in range(3))
        groups.setdefault(key, []).append(c)
    volume = CELL[0] * CELL[1] * CELL[2]
    blocks = []
    for key in sorted(groups):
        group = groups[key]
        mass = math.fsum(DENSITY[c[3]] for c in group)
        metal = [(DENSITY[c[3]] * c[4], c[3]) for c in group]
        fresh = len([c for c in group if c[3] == "fresh"])
        blocks.append({
            "x": (key[2] + 0.5) * BLOCK[0], "y": (key[1] + 0.5) * BLOCK[1], "z": (key[0] + 0.5) * BLOCK[2],
            "treo": math.fsum(m for m, _ in metal) / mass, "ndpr": math.fsum(m * NDPR[k] for m, k in metal) / mass,
            "dytb": math.fsum(m * DYTB[k] for m, k in metal) / mass,
            "density": mass / len(group), "domain": "fresh" if 2 * fresh >= len(group) else "cap",
            "inside_m3": len(group) * volume, "proportion": len(group) * volume / (BLOCK[0] * BLOCK[1] * BLOCK[2])})
    return blocks


# ---------------------------------------------------------------- drillholes

def direction(azimuth, dip):
    a, d = math.radians(azimuth), math.radians(dip)
    return math.sin(a) * math.cos(d), math.cos(a) * math.cos(d), -math.sin(d)


def advance(place, first, second, length, share=1.0):
    """Minimum curvature: along the arc from direction `first` to `second`, `share` of its length."""
    cosine = max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(first, second))))
    angle = math.acos(cosine)
    if angle < 1e-9:
        return tuple(p + length * share * a for p, a in zip(place, first))
    here = [(math.sin((1 - share) * angle) * a + math.sin(share * angle) * b) / math.sin(angle)
            for a, b in zip(first, second)]
    turned = angle * share
    factor = math.tan(turned / 2) / turned * length * share if turned > 0 else 0.0
    return tuple(p + factor * (a + h) for p, a, h in zip(place, first, here))


class Hole:
    def __init__(self, collar, stations):
        self.collar, self.stations, self.name, self.depth = collar, stations, "", 0.0
        self.no_survey = self.no_assay = False
        self.path = []

    def build(self):
        """Places at the stations. The first direction holds from the collar, the last to the end."""
        aims = [(at, direction(azimuth, dip)) for at, azimuth, dip in self.stations]
        if aims[0][0] > 0:
            aims.insert(0, (0.0, aims[0][1]))
        aims.append((aims[-1][0] + 1000.0, aims[-1][1]))
        place = self.collar
        self.path = [(aims[0][0], aims[0][1], place)]
        for (a, first), (b, second) in zip(aims, aims[1:]):
            place = advance(place, first, second, b - a)
            self.path.append((b, second, place))

    def at(self, depth):
        for (a, first, place), (b, second, _) in zip(self.path, self.path[1:]):
            if depth <= b:
                return advance(place, first, second, b - a, (depth - a) / (b - a))
        raise ValueError("beyond the path")

    def kind(self, depth):
        return domain(*self.at(depth))


def survey_of(rng, azimuth, dip, drift=0.4, spread=1.0, flatten=0.5):
    """Stations every 30 m to 300 m, rounded as they are recorded, with a driller's deviation."""
    stations = []
    for n in range(11):
        stations.append((30.0 * n, round(azimuth % 360.0, 1) % 360.0, round(min(90.0, dip), 1)))
        azimuth += rng.normal(drift, spread)
        dip -= rng.normal(flatten, 0.5)
    return stations


def plan_holes():
    rng = Rng(2)
    holes = []
    for row, across in enumerate(range(-140, 176, 45)):
        for col in range(-6, 7):
            along = col * 56.0 + (28.0 if row % 2 else 0.0)
            if (along / 325.0) ** 2 + ((across - 8.0) / 165.0) ** 2 > 1.0:
                continue
            x, y = plan(along + rng.normal(0, 3), across + rng.normal(0, 3))
            number = len(holes) + 1
            if number % 3 == 0:  # across the dip, through the middle of the lens below this place
                v = across / math.cos(math.radians(DIP))
                target = from_local(along, v, bend(along, v))
                azimuth, dip = (310.0 + rng.normal(0, 3), 64.0 + rng.normal(0, 3)) if number != 30 else (358.2, 66.0)
                stations = survey_of(rng, azimuth, dip) if number != 30 else survey_of(rng, azimuth, dip, 1.2, 0.2)
                length = max(0.0, topography(x, y) - target[2]) / math.sin(math.radians(dip))
                aim = direction(azimuth, dip)
                x, y = target[0] - aim[0] * length, target[1] - aim[1] * length
            elif number == 11:
                stations = [(0.0, 0.0, 90.0)]
            else:
                stations = survey_of(rng, rng.uniform(0, 360), rng.uniform(88.6, 89.9), 4.0, 6.0, 0.15)
            x, y = round(x, 2), round(y, 2)
            hole = Hole((x, y, round(topography(x, y) + rng.normal(0, 0.05), 2)), stations)
            hole.name = f"MH-{number:03d}"
            if number == 22:
                hole.stations[0] = (6.0,) + hole.stations[0][1:]
            hole.no_survey, hole.no_assay = number == 11, number == 47
            hole.build()
            finish(hole)
            holes.append(hole)
    return holes


def finish(hole):
    """Depth 12 m below the last ore, or below the middle of the lens where there is none."""
    last = middle = 0.0
    for n in range(1, 1000):
        x, y, z = hole.at(n * 0.25)
        if in_body(x, y, z):
            last = n * 0.25
        u, v, w = to_local(x, y, z)
        if not middle and w < bend(u, v):
            middle = n * 0.25
    hole.depth = max(30.0, math.ceil(2 * ((last or middle) + 12.0)) / 2)
    hole.stations = [s for s in hole.stations if s[0] <= hole.depth]
    hole.build()


def contacts(hole):
    """[(from, to, domain)] in decimetres, runs under 3 dm joined to the one above."""
    runs, total = [], round(hole.depth * 10)
    for dm in range(total):
        kind = hole.kind((dm + 0.5) / 10)
        if runs and runs[-1][2] == kind:
            runs[-1][1] = dm + 1
        else:
            runs.append([dm, dm + 1, kind])
    joined = []
    for run in runs:
        if joined and (run[1] - run[0] < 3 or run[2] == joined[-1][2]):
            joined[-1][1] = run[1]
        else:
            joined.append(run)
    return joined


def sample_lengths(start, end, step):
    """Cuts a run into samples of `step`; a rest shorter than half a step lengthens the last one."""
    edges = list(range(start, end, step)) + [end]
    if len(edges) > 2 and 2 * (edges[-1] - edges[-2]) < step:
        del edges[-2]
    return list(zip(edges, edges[1:]))


def assay(rng, hole, start, end, kind):
    """One sample: the truth along it with sampling and laboratory noise; parts per million, whole."""
    if kind == "host":
        treo = 0.03 * math.exp(rng.normal(0, 0.8))
    else:
        thirds = [hole.at((start + (end - start) * t) / 10) for t in (1 / 6, 0.5, 5 / 6)]
        treo = math.fsum(grade(*p, kind) for p in thirds) / 3 * math.exp(rng.normal(0, 0.06) + rng.normal(0, 0.02))
    shares = [s * math.exp(rng.normal(0, 0.03)) for s in SHARES[kind]]
    total = math.fsum(shares)
    ppm = [round(treo * 1e4 * s / total) for s in shares]
    return {"from": start, "to": end, "kind": kind, "ppm": ppm, "treo": sum(ppm),
            "th": round((40.0 + 310.0 * treo) * math.exp(rng.normal(0, 0.1))),
            "u": round((3.0 + 7.0 * treo) * math.exp(rng.normal(0, 0.15))),
            "density": DENSITY[kind] + rng.normal(0, 0.04),
            "recovery": min(100.0, rng.normal(96.5, 2.0) if kind != "cap" else rng.normal(86.0, 5.0)),
            "blank": False, "below": False, "some_below": False}


def make_assays(holes):
    rng = Rng(3)
    result = {}
    for number, hole in enumerate(holes, 1):
        hole.runs = contacts(hole)
        ore = [r for r in hole.runs if r[2] != "host"]
        step = (15, 20, 15, 10)[number % 4]
        rows = []
        middle = round(hole.depth * 10) - 120  # a hole that missed was sampled where the ore was looked for
        low, high = (ore[0][0] - 60, ore[-1][1] + 60) if ore else (middle - 60, middle + 60)
        for start, end, kind in hole.runs:
            start, end = max(start, low), min(end, high)
            if end > start:
                rows += [assay(rng, hole, a, b, kind) for a, b in sample_lengths(start, end, step)]
        result[hole.name] = rows
    return result


# ---------------------------------------------------------------- defects that can be mended

def spoil(holes, assays):
    """Puts the deliberate defects in; returns [(hole, interval, what)] for the README."""
    for hole in holes:
        if hole.no_assay:
            assays[hole.name] = []
    told = [("MH-011", "whole hole", "no rows in survey.csv (it is vertical)"),
            ("MH-022", "0 to 6 m", "first survey at 6 m, not at 0"),
            ("MH-047", "whole hole", "no rows in assay.csv")]
    for name in ("MH-019", "MH-038"):  # lost core: a gap in the middle of the ore
        rows = assays[name]
        middle = len(rows) // 2
        gap = rows[middle:middle + 2]
        del rows[middle:middle + 2]
        told.append((name, f"{gap[0]['from'] / 10} to {gap[-1]['to'] / 10} m", "gap: core lost, no assay rows"))
    for row in sorted((r for r in assays["MH-009"] if r["kind"] == "host"), key=lambda r: (r["treo"], r["from"]))[:3]:
        row["below"] = True
        told.append(("MH-009", f"{row['from'] / 10} to {row['to'] / 10} m", "TREO below detection, `<0.01`; its parts were not sought"))
    for row in [r for r in assays["MH-027"] if r["kind"] == "fresh" and r["treo"] > 8000][:2]:
        for oxide in LOW:
            row["ppm"][oxide] = 50  # half the limit, so that composites hold what the rule "half" gives
        row["some_below"] = True
        told.append(("MH-027", f"{row['from'] / 10} to {row['to'] / 10} m", "Tb4O7, Ho2O3, Tm2O3, Lu2O3 below detection, `<0.01`; "
                     "TREO as the laboratory gave it"))
    row = [r for r in assays["MH-033"] if r["kind"] == "fresh"][4]
    row["blank"] = True
    told.append(("MH-033", f"{row['from'] / 10} to {row['to'] / 10} m", "no result came back: oxides, TREO, thorium, uranium blank"))
    told.append(("MH-008", "whole hole", "written `MH-008 ` with a trailing blank in assay.csv"))
    told.append(("MH-024", "whole hole", "written `mh-024` in survey.csv"))
    told.append(("MH-007", "whole hole", "assay rows from the bottom up"))
    told.append(("MH-016, MH-017", "whole holes", "survey rows from the bottom up, the two holes by turns"))
    return sorted(told)


def write(folder, name, lines):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


def write_holes(folder, holes, assays):
    collar, survey, lithology = ["hole,x,y,z,depth_m"], [], ["hole,from_m,to_m,rock,domain"]
    rocks = {"host": "fenite", "fresh": "monazite carbonatite", "cap": "weathered carbonatite"}
    for hole in holes:
        x, y, z = hole.collar
        collar.append(f"{hole.name},{fixed(x, 2)},{fixed(y, 2)},{fixed(z, 2)},{fixed(hole.depth, 1)}")
        for start, end, kind in hole.runs:
            lithology.append(f"{hole.name},{fixed(start / 10, 1)},{fixed(end / 10, 1)},{rocks[kind]},{kind}")
        if not hole.no_survey:
            name = "mh-024" if hole.name == "MH-024" else hole.name
            survey += [f"{name},{fixed(at, 1)},{fixed(azimuth, 1)},{fixed(dip, 1)}" for at, azimuth, dip in hole.stations]
    mixed = [n for n, line in enumerate(survey) if line.startswith(("MH-016", "MH-017"))]
    # From the bottom up and hole by turns; both stand side by side in the collars.
    for n, line in zip(mixed, sorted([survey[n] for n in mixed], key=lambda text: (-float(text.split(",")[1]), text))):
        survey[n] = line
    rows = ["hole,from_m,to_m," + ",".join(o.lower() + "_pct" for o in OXIDES) + ",treo_pct,th_ppm,u_ppm,density_t_m3,recovery_pct"]
    for hole in holes:
        name = "MH-008 " if hole.name == "MH-008" else hole.name
        lines = [f"{name},{fixed(a['from'] / 10, 1)},{fixed(a['to'] / 10, 1)}," + assay_text(a) for a in assays[hole.name]]
        rows += lines[::-1] if hole.name == "MH-007" else lines
    write(folder, "collar.csv", collar)
    write(folder, "survey.csv", ["hole,at_m,azimuth_deg,dip_deg"] + survey)
    write(folder, "assay.csv", rows)
    write(folder, "lithology.csv", lithology)


def assay_text(a):
    tail = f"{fixed(a['density'], 2)},{fixed(a['recovery'], 0)}"
    if a["blank"]:
        return "," * 18 + tail
    if a["below"]:
        return "," * 15 + f"<0.01,{a['th']},{a['u']}," + tail
    low = LOW if a["some_below"] else ()
    return ",".join("<0.01" if n in low else fixed(p / 1e4, 4) for n, p in enumerate(a["ppm"])) + f",{fixed(a['treo'] / 1e4, 4)},{a['th']},{a['u']}," + tail


def make_composites(holes, assays):
    """5 m down the hole within one domain; a rest under 2.5 m lengthens the one before."""
    result = []
    for hole in holes:
        for start, end, kind in hole.runs:
            if kind == "host":
                continue
            for a, b in sample_lengths(start, end, round(COMPOSITE_M * 10)):
                parts = [(min(b, r["to"]) - max(a, r["from"]), r) for r in assays[hole.name]
                         if r["from"] < b and r["to"] > a and not r["blank"]]
                length = sum(n for n, _ in parts)
                if 2 * length < b - a:
                    continue
                mean = lambda value: math.fsum(n * value(r) for n, r in parts) / length
                result.append({"place": hole.at((a + b) / 20), "hole": hole.name, "from": a, "to": b, "length": length,
                               "treo": mean(lambda r: r["treo"]) / 1e4, "ndpr": mean(lambda r: r["ppm"][PR] + r["ppm"][ND]) / 1e4,
                               "dytb": mean(lambda r: r["ppm"][DY] + r["ppm"][TB]) / 1e4, "ceo2": mean(lambda r: r["ppm"][CE]) / 1e4,
                               "domain": kind, "density": mean(lambda r: r["density"])})
    return result


def write_points(folder, composites, blocks):
    rows = ["x,y,z,hole,from_m,to_m,length_m,treo_pct,ndpr_pct,dytb_pct,ceo2_pct,domain,density_t_m3"]
    for c in composites:
        rows.append(",".join(fixed(p, 2) for p in c["place"]) + f",{c['hole']},{fixed(c['from'] / 10, 1)},{fixed(c['to'] / 10, 1)},"
                    f"{fixed(c['length'] / 10, 1)},{fixed(c['treo'], 4)},{fixed(c['ndpr'], 4)},{fixed(c['dytb'], 5)},"
                    f"{fixed(c['ceo2'], 4)},{c['domain']},{fixed(c['density'], 3)}")
    write(folder, "composites.csv", rows)
    rows = ["x,y,z,dx,dy,dz,treo_pct,ndpr_pct,dytb_pct,density_t_m3,domain,proportion"]
    for b in blocks:
        rows.append(f"{fixed(b['x'], 1)},{fixed(b['y'], 1)},{fixed(b['z'], 1)},25,25,5,{fixed(b['treo'], 4)},{fixed(b['ndpr'], 4)},"
                    f"{fixed(b['dytb'], 5)},{fixed(b['density'], 4)},{b['domain']},{fixed(b['proportion'], 2)}")
    write(folder, "blocks.csv", rows)


def write_qaqc(folder):
    rng = Rng(5)
    rows = ["sample,kind,standard,expected_pct,sd_pct,value_pct,original_pct"]
    standards = (("STD-LOW", 0.42, 0.012), ("STD-MID", 1.55, 0.035), ("STD-HIGH", 4.10, 0.09))
    for n in range(1, 181):
        sample, kind = f"Q{n:04d}", n % 3
        if kind == 0:
            name, expected, sd = standards[n // 3 % 3]
            value = rng.normal(expected * (1.01 if name == "STD-HIGH" else 1.0), sd)
            if n == 63:
                value = expected + 4.2 * sd
            rows.append(f"{sample},standard,{name},{fixed(expected, 2)},{fixed(sd, 3)},{fixed(value, 4)},")
        elif kind == 1:
            value = abs(rng.normal(0.002, 0.001)) if n != 88 else 0.061
            rows.append(f"{sample},blank,,,,{fixed(value, 4)},")
        else:
            first = 1.45 * math.exp(rng.normal(0, 0.5))
            second = first * math.exp(rng.normal(0, 0.06)) if n != 107 else first * 1.62
            rows.append(f"{sample},duplicate,,,,{fixed(second, 4)},{fixed(first, 4)}")
    write(folder, "qaqc.csv", rows)


# ---------------------------------------------------------------- ground, body, permit, river

def write_topography(folder):
    west, south, columns, rows = CENTRE[0] - 650.0, CENTRE[1] - 600.0, 130, 120
    lines = [f"ncols {columns}", f"nrows {rows}", f"xllcorner {fixed(west, 1)}", f"yllcorner {fixed(south, 1)}", "cellsize 10", "NODATA_value -9999"]
    for row in range(rows):
        y = south + 10.0 * (rows - row) - 5.0
        lines.append(" ".join(fixed(topography(west + 10.0 * c + 5.0, y), 2) for c in range(columns)))
    write(folder, "topography.asc", lines)
    write(folder, "topography.prj", [
        'PROJCS["WGS_1984_UTM_Zone_29N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-9.0],'
        'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'])


def make_mesh(rings, sectors):
    """Rings about the long axis; counter-clockwise seen from outside (along, down and across are left-handed)."""
    def vertex(polar, turn):
        n = (math.cos(polar), math.sin(polar) * math.cos(turn), math.sin(polar) * math.sin(turn))
        r = radius(*n)
        u, v = n[0] * r * HALF[0], n[1] * r * HALF[1]
        return tuple(round(p, 2) for p in from_local(u, v, n[2] * r * HALF[2] + bend(u, v)))
    vertices = [vertex(0.0, 0.0)]
    for ring in range(1, rings):
        vertices += [vertex(math.pi * ring / rings, 2 * math.pi * s / sectors) for s in range(sectors)]
    vertices.append(vertex(math.pi, 0.0))
    number = lambda ring, s: 1 + (ring - 1) * sectors + s % sectors
    triangles = []
    for s in range(sectors):
        triangles.append((0, number(1, s + 1), number(1, s)))
        for ring in range(1, rings - 1):
            a, b, c, d = number(ring, s), number(ring + 1, s), number(ring + 1, s + 1), number(ring, s + 1)
            triangles += [(a, c, b), (a, d, c)]
        triangles.append((number(rings - 1, s), number(rings - 1, s + 1), len(vertices) - 1))
    return vertices, triangles


def mesh_volume(vertices, triangles):
    """Volume of a closed oriented surface; stops when it is not closed, not oriented or inside out."""
    edges = set()
    for a, b, c in triangles:
        for edge in ((a, b), (b, c), (c, a)):
            if edge in edges:
                raise SystemExit("orebody: an edge stands twice in one direction")
            edges.add(edge)
    if any((b, a) not in edges for a, b in edges):
        raise SystemExit("orebody: not closed")
    parts = []
    for triangle in triangles:
        a, b, c = ([vertices[n][i] - CENTRE[i] for i in range(3)] for n in triangle)
        parts.append((a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6)
    volume = math.fsum(parts)
    if volume <= 0:
        raise SystemExit("orebody: inside out")
    return volume


def obj_lines(vertices, triangles, comment):
    return ([f"# {comment}", "# EPSG:32629, metres; x easting, y northing, z up", "o orebody"]
            + ["v " + " ".join(fixed(p, 2) for p in v) for v in vertices]
            + [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in triangles])


def write_outlines(folder):
    text = ", ".join(f"{fixed(x, 1)} {fixed(y, 1)}" for x, y in PERMIT + PERMIT[:1])
    write(folder, "permit.csv", ["id,holder,status,granted,expires,data,wkt",
                                 f'MH-P1,Invented Holder Ltd,Active,2024-03-01,2034-02-28,illustrative,"POLYGON (({text}))"'])
    text = ", ".join(f"{fixed(x, 1)} {fixed(y, 1)}" for x, y in RIVER)
    write(folder, "river.csv", ["id,name,data,wkt", f'MH-R1,Invented Wadi,illustrative,"LINESTRING ({text})"'])


def model(nugget, sill, ranges):
    return {"nugget": nugget, "structures": [{"type": "exponential", "sill": sill, "ranges_m": ranges,
                                              "azimuth_deg": 40, "dip_deg": 0, "rake_deg": 25}]}


def write_variograms(folder, composites):
    """Ranges from the generator's own covariance; the sill from the composites, a tenth of it nugget."""
    values = [c["treo"] for c in composites]
    mean = math.fsum(values) / len(values)
    sill = math.fsum((v - mean) ** 2 for v in values) / len(values)
    nugget = round(0.1 * sill, 3)
    write(folder, "variogram.json", [json.dumps(model(nugget, round(sill - nugget, 3), [170, 115, 28]), indent=2)])
    write(folder, "variogram_nscore.json", [json.dumps(model(0.1, 0.9, [180, 120, 30]), indent=2)])
    return mean, sill


# ---------------------------------------------------------------- defects that cannot be mended

SOUND = {
    "collar": ["hole,x,y,z,depth_m", "B-01,464950.00,2266020.00,430.00,60.0", "B-02,465000.00,2266020.00,431.50,60.0",
               "B-03,465050.00,2266020.00,432.00,60.0"],
    "survey": ["hole,at_m,azimuth_deg,dip_deg", "B-01,0.0,310.0,65.0", "B-01,30.0,311.0,64.5", "B-02,0.0,309.0,65.5",
               "B-02,30.0,310.5,65.0", "B-03,0.0,0.0,90.0", "B-03,30.0,0.0,90.0"],
    "assay": ["hole,from_m,to_m,treo_pct", "B-01,20.0,22.0,1.1200", "B-01,22.0,24.0,1.8400", "B-01,24.0,26.0,2.0500",
              "B-02,20.0,22.0,0.9600", "B-02,22.0,24.0,1.4300", "B-02,24.0,26.0,1.7700", "B-03,20.0,22.0,1.2500",
              "B-03,22.0,24.0,1.3100", "B-03,24.0,26.0,0.8800"]}

# folder: (table, line counted from 1, the line instead, lines after it, defect, code expected)
SPOILT = {
    "overlap": ("assay", 3, "B-01,21.0,24.0,1.8400", [], "B-01: 20 to 22 m and 21 to 24 m overlap", "drillholes.overlap"),
    "from_not_below_to": ("assay", 6, "B-02,24.0,22.0,1.4300", [], "B-02: an interval from 24 to 22 m", "drillholes.bad_interval"),
    "beyond_end": ("assay", 10, "B-03,24.0,66.0,0.8800", [], "B-03: an interval to 66 m in a hole of 60 m", "drillholes.beyond_end"),
    "duplicate_survey": ("survey", 3, "B-01,30.0,311.0,64.5", ["B-01,30.0,295.0,60.0"], "B-01: two different surveys at 30 m",
                         "drillholes.duplicate_survey"),
    "mixed_dip_sign": ("survey", 5, "B-02,30.0,310.5,-65.0", [], "B-02: dips 65.5 at 0 m and -65 at 30 m", "drillholes.mixed_dip_sign"),
    "dogleg_180": ("survey", 2, "B-01,0.0,310.0,0.0", ["B-01,30.0,130.0,0.0"],
                   "B-01: a level hole that turns by 180 degrees between 0 and 30 m", "drillholes.dogleg"),
    "unknown_hole": ("assay", 10, "B-04,24.0,26.0,0.8800", [], "B-04 has an assay and no collar", "drillholes.unknown_hole"),
    "duplicate_collar": ("collar", 3, "B-02,465000.00,2266020.00,431.50,60.0", ["B-02,465009.00,2266031.00,431.80,60.0"],
                         "B-02 has two collars at different places", "drillholes.duplicate_collar"),
    "duplicate_assay": ("assay", 3, "B-01,22.0,24.0,1.8400", ["B-01,22.0,24.0,1.8400"], "B-01: 22 to 24 m stands twice",
                        "drillholes.overlap"),
    "sentinel": ("assay", 7, "B-02,24.0,26.0,-9999", [], "-9999 as a grade, with no --missing rule", "table.sentinel"),
    "negative_grade": ("assay", 7, "B-02,24.0,26.0,-1.7700", [], "B-02: a grade of -1.77 %", "drillholes.negative_grade"),
    "grade_above_100": ("assay", 7, "B-02,24.0,26.0,177.0000", [], "B-02: a grade of 177 %", "drillholes.grade_above_100"),
    "decimal_comma": ("assay", 7, 'B-02,24.0,26.0,"1,7700"', [], "a decimal comma in a comma separated table", "table.bad_number"),
    "degrees": ("collar", 2, "B-01,-9.33545,20.49270,430.00,60.0", ["B-02,-9.33497,20.49270,431.50,60.0", "B-03,-9.33449,20.49270,432.00,60.0"],
                "collars in degrees (to be given with --input-crs EPSG:4326)", "drillholes.geographic"),
}


def write_broken(folder):
    rows = []
    dropped = {"degrees": 2, "dogleg_180": 1}  # lines that those after it stand for
    for name, (table, line, instead, more, defect, code) in SPOILT.items():
        for other, lines in SOUND.items():
            lines = list(lines)
            if other == table:
                lines[line - 1:line + dropped.get(name, 0)] = [instead] + more
            write(folder, f"broken/{name}/{other}.csv", lines)
        rows.append((f"{name}/", defect, code))
    head = "x,y,z,dx,dy,dz,treo_pct,density_t_m3"
    grid = [(464900.0 + 25 * i, 2265900.0 + 25 * j, 400.0 + 5 * k) for k in range(2) for j in range(3) for i in range(4)]
    block = lambda x, y, z, n: f"{fixed(x + 12.5, 2)},{fixed(y + 12.5, 2)},{fixed(z + 2.5, 2)},25,25,5,{fixed(1.0 + 0.05 * n, 2)},3.05"
    lines = [head] + [block(*p, n) for n, p in enumerate(grid)]
    header = {"origin": [464900, 2265900, 400], "spacing": [25, 25, 5], "count": [4, 3, 2], "rotation_deg": 0}
    write(folder, "broken/blocks_overlap.csv", lines[:6] + [block(464912.0, 2265925.0, 400.0, 30)] + lines[6:])
    rows.append(("blocks_overlap.csv", "line 7: a block shifted by 12 m lies over two others", "blocks.overlap"))
    write(folder, "broken/blocks_duplicate.csv", lines + [lines[5]])
    rows.append(("blocks_duplicate.csv", "line 26 repeats the block of line 6", "blocks.duplicate"))
    write(folder, "broken/blocks_negative_density.csv", lines[:4] + [lines[4].replace("3.05", "-3.05")] + lines[5:])
    rows.append(("blocks_negative_density.csv", "line 5: density -3.05 t/m3", "blocks.density"))
    write(folder, "broken/blocks_wrong_count.csv", lines)
    write(folder, "broken/blocks_wrong_count.json", [json.dumps(dict(header, count=[4, 3, 3]), indent=2)])
    rows.append(("blocks_wrong_count.csv, .json", "the header says 4 x 3 x 3 = 36 blocks, the table has 24", "blocks.count"))
    write(folder, "broken/blocks_wrong_rotation.csv", lines)
    write(folder, "broken/blocks_wrong_rotation.json", [json.dumps(dict(header, rotation_deg=30), indent=2)])
    rows.append(("blocks_wrong_rotation.csv, .json", "the header says 30 degrees, the centroids stand unrotated", "blocks.rotation"))
    write(folder, "broken/variogram_negative_sill.json", [json.dumps(model(0.1, -0.4, [170, 115, 28]), indent=2)])
    rows.append(("variogram_negative_sill.json", "a structure with sill -0.4", "variogram.sill"))
    vertices, triangles = make_mesh(8, 12)
    write(folder, "broken/orebody_open.obj", obj_lines(vertices, triangles[:40] + triangles[43:], "illustrative; three triangles are missing"))
    rows.append(("orebody_open.obj", "three triangles are missing", "mesh.open"))
    write(folder, "broken/README.md", BROKEN.strip().splitlines()
          + [f"| `{file}` | {defect} | `{code}` |" for file, defect, code in rows])


BROKEN = """
# Sets with one defect each that cannot be mended

Illustrative, as the whole folder: three invented holes `B-01 B-02 B-03` (`collar.csv survey.csv assay.csv`, EPSG:32629),
sound but for the one defect named; small block models; a variogram; a wireframe. A block model's header stands in a
`.json` of the same name (`origin` = lower corner of the first block, `spacing`, `count`, `rotation_deg` clockwise).
None may be computed with. Written by `../generate.py`.

| file or folder | defect | error code |
|---|---|---|
"""


# ---------------------------------------------------------------- README

README = """
# Monazite Hill: a synthetic rare-earth orebody of known tonnage and grade

**Everything here is illustrative.** There is no such hill, orebody, permit, holder, river or hole. The place, in an
empty quarter of the Sahara (EPSG:32629, about 20.49 N 9.34 W), was taken because nothing is known there. Fact is only
what the oxides are called and the coordinate system.

`python3 generate.py [FOLDER]` (standard library only) writes every other file again, with the same bytes, in about a
quarter of a minute. The seed, {seed}, is one of many that would do (see below).
Authored for Lode, under its licence.

## The truth
A monazite-bearing carbonatite lens, about 600 x 300 x 60 m, strike 040, dip 25 degrees to 130, gently folded, partly
cut off by the ground. Two domains: `cap` (weathered, down to 8 to 22 m below the ground, {cap_density:.2f} t/m3, {cap_factor} times the
grade) and `fresh` ({fresh_density:.2f} t/m3). Nothing outside counts. In `fresh`, TREO in % is exp({log_median:.4f} + {log_sd} Z): Z is a
sum of {waves} cosines whose wave vectors are drawn so that its covariance is exponential, exp(-3h), with practical ranges
of 180 m along strike, 120 m down dip and 30 m across (azimuth 40, dip 0, rake 25 in Lode's angles). Each of the 15
oxides has a fixed share of TREO by domain.

Computed on cells of 5 x 5 x 2.5 m whose centre is inside the body and below ground; dry tonnes, oxide tonnes. All
figures by domain are in `truth.csv`. Support `25x25x5` is the same truth averaged to blocks, which is what an estimate of
such blocks should come near; above a cut-off it differs from that of the cells, and this is no error.

{table}

- `in_permit`: inside `permit.csv`; `outside_setback`: at least {setback:.0f} m (on the map grid) from the line in `river.csv`.
- Volume of the whole body, before the ground cuts it: {whole:,.0f} m3 by cells; `orebody.obj` encloses {mesh:,.0f} m3 ({difference:+.2f} %;
  flat triangles lie a little inside). Above the ground lie {above:.1f} % of it.
- The {holes} holes ({metres:,.0f} m, {assays:,} assays) give {composites} composites with a plain mean of {composite_mean:.3f} % TREO and a
  variance of {composite_sill:.3f}.
- `study.toml` states the oxide above its cut-off as a range, the 10th to the 90th percentile. With twelve seeds (101 to 112) in
  place of this one's holes and ground, the truth lay in it 8 times at a cut-off of 1 % TREO and 10 times at none, where
  9.6 were to be expected; the mean error was +3.1 % and +1.4 %.

## Files
| file | what |
|---|---|
| `collar.csv survey.csv assay.csv lithology.csv` | holes on a staggered grid of 56 x 45 m; two of three near vertical, one of three across the lens (azimuth 310, dip 64), all with deviation. `dip_deg` positive down. `at_m`, `from_m`, `to_m` down the hole. Assays every 1 to 2 m from 6 m above the ore to 6 m below, cut at contacts; sampling noise 6 %, laboratory noise 2 %, shares of oxides 3 %. `treo_pct` is exactly the sum of the 15 oxides (but for `MH-027`, below). `th_ppm`, `u_ppm`: elements |
| `qaqc.csv` | 60 standards, 60 blanks, 60 duplicates of TREO; STD-HIGH reads 1 % high; one failure of each kind: `Q0063 Q0088 Q0107` |
| `composites.csv` | {composite_m:.0f} m down the hole, within `cap` and `fresh` only, length-weighted, by minimum curvature through the recorded surveys; rests under 2.5 m lengthen the one before; under half assayed: left out. Made by the generator, not by Lode |
| `variogram.json` | of `treo_pct` of the composites: the generator's ranges, the composites' variance, a tenth of it nugget |
| `variogram_nscore.json` | the same for normal scores, sill 1 |
| `blocks.csv` | {blocks:,} blocks 25 x 25 x 5 m with any part in the body: true averages, density weighted; `proportion` = share of the block inside and below ground; volume x proportion x density adds up to the truth. An estimate would be smoother |
| `topography.asc .prj` | ground, 10 m cells |
| `orebody.obj` | closed surface of the whole body, outward, two domains in one |
| `permit.csv river.csv` | WKT in EPSG:32629 |
| `truth.csv` | the truth by scope, domain, support, cut-off |
| `sites.csv study.toml` | the hill as the one site of a study: its tonnes from the drillholes, with low and high (not written by the generator) |
| `broken/` | one defect each that cannot be mended |

## Deliberate defects, all of which can be mended
| hole | where | what |
|---|---|---|
{defects}

Not defects: `MH-030` turns through north (azimuths from 358 to above 0), the last survey lies above the end of hole, {barren} holes
at the rim found no ore and were sampled where it was looked for.

## To try
```
lode drillholes check --collars collar.csv --surveys survey.csv --assays assay.csv --lithology lithology.csv \\
  --input-crs EPSG:32629 --below-detection half
lode drillholes composite --collars collar.csv --surveys survey.csv --assays assay.csv --lithology lithology.csv \\
  --input-crs EPSG:32629 --below-detection half --value treo_pct --length '5 m' --domain domain -o composites_5m.csv
lode drillholes qaqc --assays qaqc.csv --blank-limit '0.01 %'
lode variogram composites.csv --input-crs EPSG:32629 --value treo_pct --lag '30 m' --lags 10 --fit
lode estimate composites.csv --input-crs EPSG:32629 --value treo_pct,ndpr_pct --method ok --variogram variogram.json \\
  --targets blocks.csv --radius '170,115,40 m' --min-samples 4 --max-samples 20 --max-per-hole 6 --hole hole --domain domain -o estimate.csv
lode simulate composites.csv --input-crs EPSG:32629 --value treo_pct --where "domain = 'fresh'" --method fft \\
  --variogram variogram_nscore.json --tails '0,12 %' --radius '170,115,40 m' --max-samples 20 --outside drop \\
  --origin 464700,2265700,325 --spacing '25,25,5 m' --count 30,30,25 --realizations 50 --cutoffs '0.5,1,1.5,2 %' --density '3.05 t/m3' \\
  --class-blocks blocks.csv --class domain --proportion proportion
lode study run study.toml
lode resources blocks.csv --input-crs EPSG:32629 --grade treo_pct --density density_t_m3 --cutoffs '0,0.5,1,1.5,2 %' \\
  --within orebody.obj --below topography.asc
```
"""


def truth_table(rows):
    lines = ["| scope | support m | cut-off % TREO | volume m3 | rock t | TREO % | TREO t | NdPr oxide t | DyTb oxide t |",
             "|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        if r["domain"] == "all" and (r["scope"] == "total" or r["cutoff_pct"] in (0.0, 1.0)) or r["scope"] == "total" and r["cutoff_pct"] == 0.0:
            name = r["scope"] if r["domain"] == "all" else f"{r['scope']}, {r['domain']}"
            lines.append(f"| {name} | {r['support_m']} | {r['cutoff_pct']:.1f} | {r['volume_m3']:,.0f} | {r['rock_t']:,.0f} | "
                         f"{r['treo_pct']:.4f} | {r['treo_t']:,.0f} | {r['ndpr_t']:,.0f} | {r['dytb_t']:,.0f} |")
    return "\n".join(lines)


def write_truth(folder, rows):
    lines = ["scope,domain,support_m,cutoff_pct,volume_m3,rock_t,treo_pct,treo_t,ndpr_t,dytb_t"]
    for r in rows:
        lines.append(f"{r['scope']},{r['domain']},{r['support_m']},{r['cutoff_pct']:.1f},{fixed(r['volume_m3'], 1)},{fixed(r['rock_t'], 0)},"
                     f"{fixed(r['treo_pct'], 5)},{fixed(r['treo_t'], 1)},{fixed(r['ndpr_t'], 1)},{fixed(r['dytb_t'], 2)}")
    write(folder, "truth.csv", lines)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    cells, whole = truth_cells()
    blocks = make_blocks(cells)
    rows = truth_rows(cells, blocks)
    write_truth(folder, rows)
    holes = plan_holes()
    assays = make_assays(holes)
    barren = [h.name for h in holes if all(run[2] == "host" for run in h.runs)]
    defects = spoil(holes, assays)
    write_holes(folder, holes, assays)
    composites = make_composites(holes, assays)
    write_points(folder, composites, blocks)
    mean, sill = write_variograms(folder, composites)
    write_qaqc(folder)
    write_topography(folder)
    vertices, triangles = make_mesh(60, 96)
    mesh = mesh_volume(vertices, triangles)
    write(folder, "orebody.obj", obj_lines(vertices, triangles, "Monazite Hill, illustrative: a synthetic orebody"))
    write_outlines(folder)
    write_broken(folder)
    volume = CELL[0] * CELL[1] * CELL[2]
    write(folder, "README.md", README.format(
        seed=SEED, cap_density=DENSITY["cap"], fresh_density=DENSITY["fresh"], cap_factor=CAP_FACTOR, log_median=LOG_MEDIAN,
        log_sd=LOG_SD, waves=WAVES, table=truth_table(rows), setback=SETBACK, whole=whole * volume, mesh=mesh,
        difference=100 * (mesh / (whole * volume) - 1), above=100 * (1 - len(cells) / whole), holes=len(holes),
        metres=sum(h.depth for h in holes), assays=sum(len(a) for a in assays.values()), composites=len(composites),
        composite_mean=mean, composite_sill=sill, composite_m=COMPOSITE_M, blocks=len(blocks),
        barren=len(barren), defects="\n".join(f"| {a} | {b} | {c} |" for a, b, c in defects)).strip().splitlines())


if __name__ == "__main__":
    main()

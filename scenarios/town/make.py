#!/usr/bin/env python3
"""Makes the small town of ../solar.toml and ../energy.toml: buildings, an elevation raster, a year of weather, a feeder, all
invented.

Run it in its folder; it needs nothing but Python and writes the same bytes every time.
"""

import gzip
import json
import math
import struct
import zlib

WEST, SOUTH = 155000.0, 463000.0  # in EPSG:28992, near Amersfoort
SIDE = 120  # metres and cells
LATITUDE, LONGITUDE, ZONE = 52.155, 5.387, 1

# x, y, width, depth, eaves, ridge, kind; metres from the south-western corner
HOUSES = [
    (15, 15, 10, 9, 5.5, 9.0, "gable"),
    (25, 15, 10, 9, 5.5, 9.0, "gable"),  # shares a wall with the first
    (35, 15, 10, 9, 5.5, 9.0, "gable"),
    (60, 12, 18, 14, 12.0, 12.0, "flat"),
    (92, 18, 12, 12, 36.0, 36.0, "flat"),  # the tower
    (18, 50, 9, 12, 5.0, 8.5, "gable"),
    (45, 48, 24, 12, 9.0, 9.0, "flat"),
    (45, 60, 12, 12, 6.0, 6.0, "flat"),  # an annex, lower than what it leans on
    (82, 52, 10, 10, 6.0, 10.0, "gable"),
    (20, 88, 30, 10, 7.0, 11.0, "gable"),
    (70, 85, 14, 18, 10.0, 10.0, "flat"),
    (98, 90, 8, 8, 3.0, 3.0, "flat"),
]
YEARS = [1962, 1962, 1962, 1978, 1994, 1935, 1971, 2003, 1988, 1928, 1985, 2010]


def ground(x, y):
    """The land rises gently to the north."""
    return 2.0 + 0.01 * y + 0.3 * math.sin(x / 20.0)


def surfaces(house):
    """Polygons of a house as (semantics, ring of vertices), counter-clockwise from outside."""
    x, y, width, depth, eaves, ridge, kind = house
    base = min(ground(x, y), ground(x + width, y), ground(x, y + depth), ground(x + width, y + depth))
    low = [(x, y, base), (x + width, y, base), (x + width, y + depth, base), (x, y + depth, base)]
    top = [(px, py, base + eaves) for px, py, _ in low]
    found = [("GroundSurface", low[::-1])]
    if kind == "flat":
        found.append(("RoofSurface", top))
        walls = [[low[i], low[(i + 1) % 4], top[(i + 1) % 4], top[i]] for i in range(4)]
    else:  # the ridge runs west to east
        west = (x, y + depth / 2, base + ridge)
        east = (x + width, y + depth / 2, base + ridge)
        found.append(("RoofSurface", [top[0], top[1], east, west]))
        found.append(("RoofSurface", [top[2], top[3], west, east]))
        walls = [
            [low[0], low[1], top[1], top[0]],
            [low[1], low[2], top[2], east, top[1]],
            [low[2], low[3], top[3], top[2]],
            [low[3], low[0], top[0], west, top[3]],
        ]
    return found + [("WallSurface", wall) for wall in walls]


def city():
    vertices, index = [], {}

    def vertex(point):
        x, y, z = point
        key = (round(x * 1000), round(y * 1000), round(z * 1000))
        if key not in index:
            index[key] = len(vertices)
            vertices.append(list(key))
        return index[key]

    objects = {}
    for number, house in enumerate(HOUSES):
        found = surfaces(house)
        objects[f"house-{number + 1:02}"] = {
            "type": "Building",
            "attributes": {"year": YEARS[number], "use": "residential"},
            "geometry": [
                {
                    "type": "Solid",
                    "lod": "2.2",
                    "boundaries": [[[[vertex(point) for point in ring]] for _, ring in found]],
                    "semantics": {
                        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
                        "values": [[["GroundSurface", "RoofSurface", "WallSurface"].index(kind) for kind, _ in found]],
                    },
                }
            ],
        }
    model = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": [WEST, SOUTH, 0.0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415", "title": "An invented town"},
        "CityObjects": objects,
        "vertices": vertices,
    }
    with open("town.city.json", "w") as out:
        json.dump(model, out, separators=(",", ":"))
        out.write("\n")


def height(house, x, y):
    left, front, width, depth, eaves, ridge, kind = house
    base = min(ground(left, front), ground(left + width, front), ground(left, front + depth),
               ground(left + width, front + depth))
    across = abs(y - front - depth / 2) / (depth / 2)
    return base + (eaves if kind == "flat" else ridge - (ridge - eaves) * across)


def surface_height(x, y):
    for house in HOUSES:
        if house[0] <= x < house[0] + house[2] and house[1] <= y < house[1] + house[3]:
            return height(house, x, y)
    tree = 6.0 if math.hypot(x - 75, y - 40) < 3.0 or math.hypot(x - 10, y - 75) < 2.5 else 0.0
    return ground(x, y) + tree


def raster():
    """A GeoTIFF of one deflated strip of 32-bit floats."""
    rows = [[surface_height(column + 0.5, SIDE - row - 0.5) for column in range(SIDE)] for row in range(SIDE)]
    data = zlib.compress(b"".join(struct.pack(f"<{SIDE}f", *row) for row in rows), 9)
    keys = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 28992]
    arrays = {
        33550: (12, [1.0, 1.0, 0.0]),
        33922: (12, [0.0, 0.0, 0.0, WEST, SOUTH + SIDE, 0.0]),
        34735: (3, keys),
    }
    short = {256: SIDE, 257: SIDE, 258: 32, 259: 8, 262: 1, 277: 1, 278: SIDE, 339: 3}
    long = {273: 0, 279: len(data)}
    n_entries = len(short) + len(long) + len(arrays)
    at = 8 + 2 + 12 * n_entries + 4
    blocks, entries = b"", {}
    for tag, (kind, values) in arrays.items():
        packed = struct.pack("<" + {3: "H", 12: "d"}[kind] * len(values), *values)
        entries[tag] = struct.pack("<HHII", tag, kind, len(values), at + len(blocks))
        blocks += packed
    long[273] = at + len(blocks)
    for tag, value in short.items():
        entries[tag] = struct.pack("<HHIHH", tag, 3, 1, value, 0)
    for tag, value in long.items():
        entries[tag] = struct.pack("<HHII", tag, 4, 1, value)
    directory = struct.pack("<H", n_entries) + b"".join(entries[tag] for tag in sorted(entries)) + struct.pack("<I", 0)
    with open("surface.tif", "wb") as out:
        out.write(b"II*\0" + struct.pack("<I", 8) + directory + blocks + data)


def cos_zenith(day, hour_utc):
    """Of the sun after Spencer 1971, good to half a degree: enough to invent weather with."""
    angle = 2 * math.pi * (day + hour_utc / 24) / 365
    declination = (0.006918 - 0.399912 * math.cos(angle) + 0.070257 * math.sin(angle)
                   - 0.006758 * math.cos(2 * angle) + 0.000907 * math.sin(2 * angle)
                   - 0.002697 * math.cos(3 * angle) + 0.00148 * math.sin(3 * angle))
    equation = 229.18 * (0.000075 + 0.001868 * math.cos(angle) - 0.032077 * math.sin(angle)
                         - 0.014615 * math.cos(2 * angle) - 0.040849 * math.sin(2 * angle))
    hour_angle = math.radians(15 * (hour_utc - 12) + LONGITUDE + equation / 4)
    phi = math.radians(LATITUDE)
    return math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.cos(hour_angle)


def erbs(clearness):
    """Diffuse share after Erbs et al. 1982."""
    if clearness <= 0.22:
        return 1 - 0.09 * clearness
    if clearness <= 0.8:
        return (0.9511 - 0.1604 * clearness + 4.388 * clearness**2 - 16.638 * clearness**3 + 12.336 * clearness**4)
    return 0.165


def weather():
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    out = [
        f"LOCATION,Invented Town,-,NLD,conurb,000000,{LATITUDE},{LONGITUDE},{ZONE:.1f},3.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,Invented by scenarios/town/make.py; no measurement",
        "COMMENTS 2,",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    state, clouds, day = 1, 0.5, 0
    for month, length in enumerate(days, 1):
        for date in range(1, length + 1):
            for hour in range(24):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                draw = (state >> 40) / 2**24
                clouds = min(1.0, max(0.0, clouds + 0.4 * (draw - 0.44)))
                up = cos_zenith(day, hour + 0.5 - ZONE)
                ghi = dhi = dni = 0
                if up > 0.01:
                    clear = 1098 * up * math.exp(-0.057 / up)  # Haurwitz 1945
                    ghi = round(clear * (1 - 0.75 * clouds**3.4))  # Kasten and Czeplak 1980
                    dhi = round(ghi * erbs(min(1.0, ghi / (1361 * up))))
                    dni = round((ghi - dhi) / up)
                season = math.cos(2 * math.pi * (day - 200) / 365)
                warmth = 10.0 + 7.5 * season + (3.0 + 2.0 * season) * math.cos(2 * math.pi * (hour - 15) / 24)
                wind = 3.0 + 2.0 * draw
                out.append(
                    f"2023,{month},{date},{hour + 1},0,?9,{warmth:.1f},{warmth - 3:.1f},81,101300,0,0,{round(5.31e-13 * (warmth + 273.15)**6)},"
                    f"{ghi},{dni},{dhi},0,0,0,0,{round(240 + 40 * draw)},{wind:.1f},{round(10 * clouds)},{round(10 * clouds)},"
                    "9999,99999,9,999999999,999,0.999,999,99,0.2,0,1"
                )
            day += 1
    text = "\n".join(out) + "\n"
    with open("town.epw.gz", "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(text.encode())


def feeder():
    """A cable of 150 mm² along the street with a branch, and a house on every bus; resistances of a usual catalogue."""
    cable = "0.206,0.080,0,0.275"  # ohm/km, ohm/km, nF/km, kA
    branch = "0.641,0.085,0,0.145"
    spans = [(0, 1, 40), (1, 2, 12), (2, 3, 12), (3, 4, 30), (4, 5, 35), (2, 6, 45), (6, 7, 30), (7, 8, 20), (8, 9, 40)]
    spans += [(7, 10, 45), (10, 11, 55), (11, 12, 30)]
    with open("feeder_lines.csv", "w", newline="\n") as out:
        out.write("from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,c_nf_per_km,max_i_ka\n")
        for start, end, metres in spans:
            out.write(f"{start},{end},{metres / 1000:.3f},{branch if end in (9, 12) else cable}\n")
    with open("feeder_loads.csv", "w", newline="\n") as out:
        out.write("bus,p_kw,q_kvar\n")
        out.write("5,1.2,0.2\n")  # light in the street
    with open("feeder_connections.csv", "w", newline="\n") as out:
        out.write("building_id,bus\n")
        for number in range(1, len(HOUSES) + 1):
            out.write(f"house-{number:02},{number}\n")


def measures():
    """What measures cost, by and by as in offers of 2025; an assumption of the example."""
    rows = [
        ("wall", "standard", 160, "m2", 40),
        ("wall", "ambitious", 190, "m2", 40),
        ("roof", "standard", 140, "m2", 40),
        ("roof", "ambitious", 180, "m2", 40),
        ("floor", "standard", 60, "m2", 40),
        ("window", "standard", 650, "m2", 30),
        ("window", "ambitious", 800, "m2", 30),
        ("airtightness", "standard", 15, "m2_floor", 30),
        ("heat_recovery", "standard", 70, "m2_floor", 20),
        ("heat_pump", "standard", 1400, "kw", 20),
        ("photovoltaics", "standard", 1200, "kwp", 25),
    ]
    with open("measures.csv", "w", newline="\n") as out:
        out.write("measure,level,cost,per,lifetime_years\n")
        for row in rows:
            out.write(",".join(str(value) for value in row) + "\n")


if __name__ == "__main__":
    city()
    raster()
    weather()
    feeder()
    measures()

#!/usr/bin/env python3
"""Makes the climate of ../climate.toml and ../summer_2050.toml around the town of ../town: what was observed on a fine grid, and
the past and the future of two models on a coarse one; also stations and inhabitants. All of it is invented.

Run it in its folder; it needs NumPy and h5py, and writes the same bytes every time with the same versions of them.
"""

import datetime

import h5py
import numpy

PAST, FUTURE = (1991, 2000), (2041, 2050)
# The town of ../town stands in the middle of the fine grid.
FINE = (numpy.round(52.055 + 0.05 * numpy.arange(5), 3), numpy.round(5.262 + 0.05 * numpy.arange(6), 3))
COARSE = (numpy.array([51.9, 52.2, 52.5]), numpy.array([4.9, 5.4, 5.9]))
CENTRE = (52.155, 5.387)
EPOCH = "days since 1850-01-01 00:00:00"
# name: standard name, method, unit and step of the packed values in observations and in models
VARIABLES = {
    "tas": ("air_temperature", "mean", ("degC", 0.1), ("K", 0.2)),
    "tasmin": ("air_temperature", "minimum", ("degC", 0.1), ("K", 0.2)),
    "tasmax": ("air_temperature", "maximum", ("degC", 0.1), ("K", 0.2)),
    "pr": ("precipitation_flux", "mean", ("mm day-1", 0.1), ("kg m-2 s-1", 0.2 / 86400)),
    "rsds": ("surface_downwelling_shortwave_flux_in_air", "mean", ("W m-2", 1.0), ("W m-2", 1.0)),
    "hurs": ("relative_humidity", "mean", ("%", 1.0), ("%", 1.0)),
    "sfcWind": ("wind_speed", "mean", ("m s-1", 0.1), ("m s-1", 0.1)),
}
MISSING = -32768


class Model:
    """A model of the climate: what it does wrong, and what it sees coming."""

    def __init__(self, name, seed, calendar, warming, summer, cold, spread, drizzle, light):
        self.name, self.seed, self.calendar = name, seed, calendar
        self.warming, self.summer = warming, summer  # K by 2045 in winter, and what summers get beside it
        self.cold, self.spread = cold, spread  # K too cold, and by how much its weather varies too much
        self.drizzle, self.light = drizzle, light  # added to the share of wet days; factor on the sun


MODELS = [
    Model("north", 11, "360_day", 1.4, 0.6, 1.5, 0.9, 0.15, 0.94),
    Model("south", 12, "noleap", 2.0, 1.2, -0.8, 1.2, -0.05, 1.07),
]
NATURE = Model("observed", 10, "standard", 0.0, 0.0, 0.0, 1.0, 0.0, 1.0)


def days_of(calendar, first, last):
    """Days since the epoch, and the share of its year at which each day has its middle."""
    numbers, shares = [], []
    for year in range(first, last + 1):
        if calendar == "360_day":
            length, start = 360, 360 * (year - 1850)
        elif calendar == "noleap":
            length, start = 365, 365 * (year - 1850)
        else:
            length = (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days
            start = (datetime.date(year, 1, 1) - datetime.date(1850, 1, 1)).days
        numbers += [start + day for day in range(length)]
        shares += [(day + 0.5) / length for day in range(length)]
    return numpy.array(numbers, dtype="i4"), numpy.array(shares)


def persistent(draws, memory):
    """A first-order autoregression of variance 1."""
    out = numpy.empty_like(draws)
    value = draws[0]
    for step, draw in enumerate(draws):
        value = memory * value + (1 - memory**2) ** 0.5 * draw
        out[step] = value
    return out


def above_the_air(shares):
    """Daily mean of the sun above the air at the town (W/m²), by the declination of Cooper 1969."""
    declination = numpy.radians(23.45) * numpy.sin(2 * numpy.pi * (284 / 365 + shares))
    latitude = numpy.radians(CENTRE[0])
    sunset = numpy.arccos(-numpy.tan(latitude) * numpy.tan(declination))
    return 1361 / numpy.pi * (sunset * numpy.sin(latitude) * numpy.sin(declination)
                              + numpy.cos(latitude) * numpy.cos(declination) * numpy.sin(sunset))


def weather(model, shares, grid, period, seed):
    """All variables as (day, row, column), in °C, mm/d, W/m², % and m/s."""
    random = numpy.random.Generator(numpy.random.PCG64([model.seed, seed]))
    n = len(shares)
    season = -numpy.cos(2 * numpy.pi * (shares - 19 / 365))  # -1 in mid January, 1 in mid July
    change = 0.0 if period == PAST else 1.0
    clouds = persistent(random.normal(size=n), 0.6)
    air_mass = persistent(random.normal(size=n), 0.75)
    # Clear summer days are warm and clear winter days are cold.
    spread = model.spread * (1 + 0.08 * change) * (3.6 - 0.6 * season)
    warming = change * (model.warming + model.summer * (1 + season) / 2)
    tas = 10.0 + 7.5 * season + spread * (0.85 * air_mass - 0.5 * season * clouds) + warming - model.cold
    cover = 1 / (1 + numpy.exp(-1.4 * clouds - 0.3))
    amplitude = (2.6 + 2.2 * (1 + season) / 2) * (1.6 - 1.1 * cover)
    wet = (clouds + 0.6 * random.normal(size=n)) > -0.05 - 2 * model.drizzle + 0.12 * change * season
    amount = random.gamma(0.8, 4.6 * (1 + 0.07 * change) * (1 + 0.2 * season), size=n)
    pr = numpy.where(wet, amount * (0.6 if model.drizzle > 0 else 1.0), 0.0)
    rsds = above_the_air(shares) * (0.70 - 0.52 * cover) * model.light
    hurs = 79.0 - 6.0 * season + 11.0 * (cover - 0.5) + 4.0 * random.normal(size=n) - 2.0 * change
    wind = (3.9 - 0.5 * season) * numpy.exp(0.3 * persistent(random.normal(size=n), 0.5))
    # South is warmer and drier; the weather of a day differs from place to place.
    north = ((grid[0] - CENTRE[0])[:, None] + 0 * grid[1])[None]
    east = ((grid[1] - CENTRE[1])[None, :] + 0 * grid[0][:, None])[None]
    slope = random.normal(size=(n, 2))
    tilt = slope[:, :1, None] * north + slope[:, 1:, None] * east
    place = -1.2 * north + 0.4 * east + 0.6 * tilt
    mean = tas[:, None, None] + place
    low, high = 0.95 + 0.3 * tilt, 1.05 - 0.3 * tilt
    return {
        "tas": mean,
        "tasmin": mean - amplitude[:, None, None] * low,
        "tasmax": mean + amplitude[:, None, None] * high,
        "pr": numpy.maximum(pr[:, None, None] * (1 + 0.5 * north + 0.5 * tilt), 0.0),
        "rsds": rsds[:, None, None] * (1 - 0.04 * north) + 0 * tilt,
        "hurs": numpy.clip(hurs[:, None, None] + 3.0 * north - 4.0 * tilt, 25.0, 100.0),
        "sfcWind": wind[:, None, None] * (1 + 0.2 * tilt),
    }


def elevation(grid):
    """Land that rises to the east (m)."""
    return 3.0 + 120.0 * numpy.maximum(grid[1] - CENTRE[1], 0.0)[None, :] + 0 * grid[0][:, None]


def write(file, model, period, grid, seed):
    numbers, shares = days_of(model.calendar, *period)
    values = weather(model, shares, grid, period, seed)
    with h5py.File(file, "w", libver="earliest") as out:
        out.attrs["Conventions"] = "CF-1.11"
        out.attrs["title"] = f"Invented climate {model.name}, {period[0]} to {period[1]}; no model and no measurement"
        axes = {"time": (numbers, "time", EPOCH), "lat": (grid[0], "latitude", "degrees_north"),
                "lon": (grid[1], "longitude", "degrees_east")}
        for name, (coordinates, standard, unit) in axes.items():
            axis = out.create_dataset(name, data=coordinates, track_times=False)
            axis.make_scale(name)
            axis.attrs["standard_name"], axis.attrs["units"] = standard, unit
        out["time"].attrs["calendar"] = model.calendar
        for name, (standard, method, *units) in VARIABLES.items():
            unit, step = units[0 if model is NATURE else 1]
            found = values[name] / 86400 if unit == "kg m-2 s-1" else values[name]
            found = found + 273.15 if unit == "K" else found
            shift = {"degC": 10.0, "K": 283.15}.get(unit, 0.0)
            packed = numpy.round((found - shift) / step).astype("i2")
            rows, columns = packed.shape[1:]
            field = out.create_dataset(name, data=packed, chunks=(360, rows, columns), compression="gzip",
                                       compression_opts=9, shuffle=True, fillvalue=MISSING, track_times=False)
            for position, axis in enumerate(("time", "lat", "lon")):
                field.dims[position].attach_scale(out[axis])
            field.attrs["standard_name"], field.attrs["units"] = standard, unit
            field.attrs["cell_methods"] = f"time: {method}"
            field.attrs["scale_factor"], field.attrs["add_offset"] = step, shift
            field.attrs["_FillValue"] = numpy.array([MISSING], dtype="i2")
        if model is NATURE:
            height = out.create_dataset("orog", data=elevation(grid).astype("f4"), track_times=False)
            for position, axis in enumerate(("lat", "lon")):
                height.dims[position].attach_scale(out[axis])
            height.attrs["standard_name"], height.attrs["units"] = "surface_altitude", "m"


def tables():
    stations = [("market", 52.155, 5.387, 3, 0.75), ("park", 52.158, 5.380, 3, 0.15), ("hill", 52.150, 5.470, 45, 0.05)]
    with open("stations.csv", "w", newline="\n") as out:
        out.write("station,latitude,longitude,elevation_m,sealed\n")
        for station in stations:
            out.write(",".join(str(value) for value in station) + "\n")
    with open("population.csv", "w", newline="\n") as out:
        out.write("latitude,longitude,population\n")
        for latitude in FINE[0]:
            for longitude in FINE[1]:
                away = numpy.hypot(latitude - CENTRE[0], 0.6 * (longitude - CENTRE[1]))
                out.write(f"{latitude:.3f},{longitude:.3f},{round(9000 * numpy.exp(-away / 0.04) + 150)}\n")


if __name__ == "__main__":
    write("observed.nc", NATURE, PAST, FINE, 0)
    for model in MODELS:
        write(f"{model.name}_historical.nc", model, PAST, COARSE, 1)
        write(f"{model.name}_ssp245.nc", model, FUTURE, COARSE, 2)
    tables()

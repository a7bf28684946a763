"""Reads a finished run of the town of tests/common/town.rs, two periods and two classes, with the tools that people use.

usage: read_periods.py RUN_FOLDER MATRICES
"""

import pathlib
import sys

import netCDF4
import numpy as np
import openmatrix
import xarray

run, matrices = pathlib.Path(sys.argv[1]), sys.argv[2]
SIZES = {"period": 2, "class": 2, "link": 3, "origin": 3, "destination": 3, "count": 5, "screenline": 3,
         "length_bin": 101, "time_bin": 181, "link_type_group": 2, "selection": 1}

with xarray.open_dataset(run / "traffic.nc") as traffic:
    sizes = {name: traffic.sizes[name] for name in SIZES}
    assert sizes == SIZES, sizes
    assert traffic.link_volume.dims == ("period", "class", "link")
    np.testing.assert_array_equal(traffic.link_volume.values[:, 0, 0], [40, 80])
    names = {kind: traffic[f"{kind}_name"].values.astype(str).tolist() for kind in ["class", "period"]}
    assert names == {"class": ["car", "truck"], "period": ["pm", "am"]}, names

    # The mean of the day by hours, from the volumes themselves.
    hours = traffic.period_hours.values
    mean = (traffic.link_volume * traffic.period_hours).sum("period") / hours.sum()
    of_all = mean.sum("class").values
    counts = zip(traffic.count_link.values, traffic.count_class.values, traffic.count_period.values)
    volume = traffic.link_volume.values
    expected = [
        (of_all if kind < 0 else mean.values[kind])[link] if period < 0 else
        (volume[period].sum(0) if kind < 0 else volume[period, kind])[link]
        for link, kind, period in counts
    ]
    np.testing.assert_allclose(traffic.count_modelled.values, expected, rtol=1e-14)

    # Trips by length and by time are the same trips, all that leave their zone.
    trips = traffic.trip_length_trips.sum("length_bin")
    np.testing.assert_allclose(trips.values, traffic.trip_time_trips.sum("time_bin").values, rtol=1e-14)
    within = np.diagonal(traffic.demand.values, axis1=2, axis2=3).sum(2)
    np.testing.assert_allclose(trips.values, traffic.demand.values.sum((2, 3)) - within, rtol=1e-14)
    assert traffic.trip_length_bin.attrs["units"] == "m" and traffic.trip_length_bin.values[4] == 4000
    demand = {(kind, period): traffic.demand.values[p, c] for c, kind in enumerate(names["class"])
              for p, period in enumerate(names["period"])}

with netCDF4.Dataset(run / "traffic.nc") as traffic:
    assert traffic["count_geh"].units == "1" and traffic["screenline_observed"].units == "h-1"

with openmatrix.open_file(matrices) as omx:
    assert omx.version() == b"0.2" and list(omx.map_entries("zone_id")) == [1, 2, 3]
    fields = ["demand", "skim_cost", "skim_travel_time", "skim_distance", "selected_bridge"]
    expected = [f"{field}_{kind}_{period}" for field in fields for kind, period in demand]
    assert sorted(omx.list_matrices()) == sorted(expected), omx.list_matrices()
    for (kind, period), values in demand.items():
        np.testing.assert_array_equal(np.array(omx[f"demand_{kind}_{period}"]), values)

print("ok")

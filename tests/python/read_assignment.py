"""Reads a finished run of scenarios/quickstart.toml, with lengths in km and link 1 closed, with the tools that people use.

usage: read_assignment.py RUN_FOLDER
"""

import json
import pathlib
import sys

import h5py
import netCDF4
import numpy as np
import openmatrix
import xarray

run = pathlib.Path(sys.argv[1])
report = json.loads((run / "report.json").read_text())
metrics = report["stages"][0]["metrics"]

UNITS = {
    "link_volume": "h-1",
    "link_volume_pcu": "h-1",
    "link_capacity": "h-1",
    "link_travel_time": "s",
    "link_free_flow_time": "s",
    "link_length": "m",
    "volume_capacity_ratio": "1",
    "demand": "h-1",
    "skim_travel_time": "s",
    "skim_distance": "m",
}

with xarray.open_dataset(run / "traffic.nc") as traffic:
    sizes = {name: traffic.sizes[name] for name in ["link", "node", "zone", "class", "origin", "destination", "two"]}
    assert sizes == {"link": 76, "node": 24, "zone": 24, "class": 1, "origin": 24, "destination": 24, "two": 2}, sizes
    assert traffic.sizes["iteration"] == metrics["iterations"]
    for name, unit in UNITS.items():
        assert traffic[name].attrs["units"] == unit, (name, traffic[name].attrs)
        assert traffic[name].attrs["long_name"], name
    assert traffic.link_volume.dims == ("class", "link")
    assert traffic.skim_cost.dims == ("class", "origin", "destination")
    assert traffic.attrs["Conventions"] == "CF-1.11, UGRID-1.0"
    assert traffic.road.attrs["cf_role"] == "mesh_topology"

    volume = traffic.link_volume.values[0]
    closed = traffic.link_closed.values == 1
    assert closed.tolist() == [True] + 75 * [False]
    assert volume[0] == 0 and np.isnan(traffic.link_travel_time.values[0]) and (volume[1:] > 0).all()

    # BPR with b = 0.15 and power 4 throughout.
    ratio = traffic.link_volume_pcu / traffic.link_capacity
    time = traffic.link_free_flow_time * (1 + 0.15 * ratio**4)
    np.testing.assert_allclose(traffic.link_travel_time.values[1:], time.values[1:], rtol=1e-12)
    np.testing.assert_allclose(traffic.volume_capacity_ratio.values[1:], ratio.values[1:], rtol=1e-14)

    # Inflow - outflow = destined - originating demand at each node.
    tail, head = traffic.link_nodes.values.T
    balance = np.zeros(24)
    np.add.at(balance, head, volume)
    np.add.at(balance, tail, -volume)
    demand = traffic.demand.values[0]
    np.testing.assert_allclose(balance, demand.sum(0) - demand.sum(1), atol=1e-7)
    np.testing.assert_allclose(demand.sum(), metrics["assigned_demand"], rtol=1e-13)

    kilometres = (volume * traffic.link_length.values).sum() / 1000
    np.testing.assert_allclose(kilometres, metrics["vkt"], rtol=1e-12)
    assert traffic.relative_gap.values[-1] == metrics["relative_gap"] <= 1e-8
    assert traffic.beckmann_objective.values[-1] == metrics["beckmann_objective"]

with netCDF4.Dataset(run / "traffic.nc") as traffic:
    assert traffic.data_model == "NETCDF4"
    assert traffic["link_nodes"].start_index == 0
    assert not np.ma.getmaskarray(traffic["skim_cost"][:]).any()
    assert np.ma.getmaskarray(traffic["link_travel_time"][:]).tolist() == [True] + 75 * [False]

with h5py.File(run / "traffic.nc") as traffic:
    skims = {name: traffic[name][0] for name in ["demand", "skim_cost", "skim_travel_time", "skim_distance"]}
    zones = traffic["zone_id"][:].tolist()

with openmatrix.open_file(run / "export" / "matrices.omx") as matrices:
    assert sorted(matrices.list_matrices()) == sorted(skims)
    assert tuple(int(side) for side in matrices.shape()) == (24, 24)
    assert list(matrices.map_entries("zone_id")) == zones == list(range(1, 25))
    for name, values in skims.items():
        np.testing.assert_array_equal(np.array(matrices[name]), values, err_msg=name)

print("ok")

"""Reads the sample run of tests/sample_run with the tools that people use and compares every value.

usage: read_run.py RUN_FOLDER
"""

import pathlib
import sys

import h5netcdf
import h5py
import netCDF4
import numpy as np
import xarray

N_LINKS, N_NODES, N_CLASSES, N_ZONES = 11, 7, 2, 300
path = pathlib.Path(sys.argv[1]) / "traffic.nc"

link = np.arange(N_LINKS)
volume = 100.0 * np.arange(N_CLASSES)[:, None] + link[None, :] / 3.0
c, o, d = np.meshgrid(np.arange(N_CLASSES), np.arange(N_ZONES), np.arange(N_ZONES), indexing="ij")
skim = np.where(o == N_ZONES - 1, np.nan, (c * 7 + o * 3 + d) * 0.1)


def same(found, expected, what):
    np.testing.assert_array_equal(np.asarray(found), expected, err_msg=what)


for engine in ["netcdf4", "h5netcdf"]:
    with xarray.open_dataset(path, engine=engine) as run:
        assert dict(run.sizes) == {"link": 11, "two": 2, "node": 7, "class": 2, "iteration": 0, "origin": 300,
                                   "destination": 300}, run.sizes
        same(run.link_id, 100 + link, "link_id")
        same(run.link_nodes, np.stack([link % N_NODES, (link + 3) % N_NODES], 1), "link_nodes")
        same(run.node_x, 465_000.0 + 10.5 * np.arange(N_NODES), "node_x")
        same(run.link_volume, volume, "link_volume")
        assert run.link_volume.dims == ("class", "link")
        for name in ["skim_cost", "skim_travel_time", "skim_distance"]:
            same(run[name], skim, name)
            assert run[name].dims == ("class", "origin", "destination")
        names = [name if isinstance(name, str) else name.decode() for name in run.class_name.values]
        assert names == ["car", "Güter"], names
        assert run.link_volume.attrs["units"] == "h-1"
        assert run.link_volume.attrs["mesh"] == "road"
        assert run.attrs["Conventions"] == "CF-1.11, UGRID-1.0"
        assert run.attrs["title"] == "Zürich, ring closed"
        assert run.attrs["history"] == "2026-01-01T00:00:00Z written by a test"
        assert "link_id" in run.coords

with netCDF4.Dataset(path) as run:
    assert run.data_model == "NETCDF4"
    assert [len(run.dimensions[name]) for name in ["link", "two", "node", "class"]] == [11, 2, 7, 2]
    # The library takes any dimension of length 0 for an unlimited one.
    assert [name for name in run.dimensions if run.dimensions[name].isunlimited()] == ["iteration"]
    road = run["road"]
    assert road.cf_role == "mesh_topology" and road.topology_dimension == 1, road
    assert road.node_coordinates == "node_x node_y" and road.edge_node_connectivity == "link_nodes"
    assert run["link_nodes"].start_index == 0 and run["link_nodes"].start_index.dtype == np.int32
    same(run["link_closed"].flag_values, np.array([0, 1], np.int32), "flag_values")
    assert run["crs"].grid_mapping_name == "transverse_mercator" and run["crs"].epsg == 32632
    assert run["link_volume"].grid_mapping == "crs"
    assert run["node_x"].standard_name == "projection_x_coordinate" and run["node_x"].units == "m"
    assert np.isnan(run["skim_cost"]._FillValue) and run["skim_cost"].chunking() == [1, 300, 300]
    assert run["skim_cost"].filters()["zlib"] and run["skim_cost"].filters()["shuffle"]
    assert np.ma.getmaskarray(run["skim_cost"][:])[:, N_ZONES - 1, :].all()
    assert not any(hidden in run["link_volume"].ncattrs() for hidden in ["_Netcdf4Coordinates", "DIMENSION_LIST"])

with h5py.File(path) as run:
    assert run["link_volume"].dims[1][0] == run["link"], "dimension scales"
    assert run["skim_cost"].fillvalue != run["skim_cost"].fillvalue

with h5netcdf.File(path) as run:
    assert run["link_volume"].dimensions == ("class", "link")

print("ok")

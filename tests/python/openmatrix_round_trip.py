"""Checks a file written by the engine with openmatrix, then writes one for the engine to read."""

import sys

import numpy
import openmatrix

written, returned = sys.argv[1:]

with openmatrix.open_file(written) as omx:
    assert omx.version() == b"0.2", omx.version()
    assert tuple(int(side) for side in omx.shape()) == (500, 500), omx.shape()
    assert sorted(omx.list_matrices()) == ["copy", "travel_time"], omx.list_matrices()
    assert omx.list_mappings() == ["zone_id"], omx.list_mappings()
    assert list(omx.map_entries("zone_id")) == [5000 - 2 * zone for zone in range(500)]
    assert omx.mapping("zone_id")[4998] == 1
    values = numpy.array(omx["travel_time"])
    expected = numpy.add.outer(numpy.arange(500) * 1000.0, numpy.arange(500) + 0.25)
    expected[3, 4] = numpy.nan
    assert values.dtype == numpy.float64
    assert numpy.array_equal(values, expected, equal_nan=True)
    assert omx["travel_time"].attrs["description"] == "test", omx["travel_time"].attrs["description"]

with openmatrix.open_file(returned, "w") as omx:
    omx["trips"] = numpy.add.outer(numpy.arange(30) * 1000.0, numpy.arange(30)).astype("float32")
    omx.create_mapping("taz", list(range(30, 0, -1)))

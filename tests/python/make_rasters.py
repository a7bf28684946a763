"""Makes tests/formats/rasters with GDAL (rasterio), in each form that a GeoTIFF may have; run it there by hand."""

import numpy
import rasterio
from rasterio.transform import from_origin

ROWS, COLUMNS = 40, 50
ROW, COLUMN = numpy.indices((ROWS, COLUMNS))
VALUES = (3 * ROW + 2 * COLUMN) % 200
HOLE = (5, 7)
NO_DATA = 255
PLACE = {"crs": "EPSG:25832", "transform": from_origin(569000.5, 5934000.25, 0.5, 0.5)}


def make(name, kind, no_data=NO_DATA, values=VALUES, **form):
    values = values.astype(kind)
    values[HOLE] = no_data
    place = {**PLACE, **{key: form.pop(key) for key in ("crs", "transform") if key in form}}
    count = form.pop("count", 1)
    height, width = values.shape
    shape = {"height": height, "width": width, "count": count, "dtype": kind, "nodata": no_data}
    tags = form.pop("tags", {})
    with rasterio.open(f"{name}.tif", "w", driver="GTiff", **shape, **place, **form) as raster:
        raster.update_tags(**tags)
        for band in range(count):
            raster.write(values, band + 1)


TILES = {"tiled": True, "blockxsize": 16, "blockysize": 16}
make("u8_strips", "uint8")
make("i16_lzw_tiles", "int16", compress="lzw", predictor=2, **TILES)
make("u16_deflate_tiles", "uint16", compress="deflate", predictor=2, **TILES)
make("i32_packbits", "int32", compress="packbits")
make("u32_deflate", "uint32", compress="deflate", blockysize=7)
make("u8_lzw_tiles", "uint8", compress="lzw", **TILES)
make("f32_lzw_tiles", "float32", compress="lzw", predictor=3, **TILES)
make("f32_lzw_big", "float32", compress="lzw", predictor=2, BIGTIFF="YES", ENDIANNESS="BIG", **TILES)
make("f64_lzw_tile", "float64", compress="lzw", tiled=True, blockxsize=64, blockysize=64)
make("f64_deflate", "float64", compress="deflate", predictor=3, blockysize=7)
make("f32_nan", "float32", no_data=numpy.nan, compress="deflate", predictor=2)
make("f32_big", "float32", compress="deflate", BIGTIFF="YES", **TILES)
make("f32_big_endian", "float32", ENDIANNESS="BIG")
make("u8_point", "uint8", tags={"AREA_OR_POINT": "Point"})
make("f32_sparse", "float32", values=numpy.where(ROW < 32, VALUES, NO_DATA), SPARSE_OK="TRUE", **TILES)
# One strip that is large enough to be kept once it is decoded.
rows, columns = numpy.indices((640, 500))
make("u8_large_strip", "uint8", values=(3 * rows + 2 * columns) % 200, compress="deflate", predictor=2, blockysize=640)
# Forms that are refused.
make("two_bands", "uint8", count=2)
make("degrees", "uint8", crs="EPSG:4326", transform=from_origin(9, 53, 0.001, 0.001))
make("feet", "uint8", crs="EPSG:2263")
make("oblong", "uint8", transform=from_origin(0, 0, 1, 2))
make("rotated", "uint8", transform=PLACE["transform"] * rasterio.Affine.rotation(10))
make("web_mercator", "uint8", crs="EPSG:3857")
make("zstd", "uint8", compress="zstd")

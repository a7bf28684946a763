"""Recomputes a run's checksum from the definition in docs/run-folder.md; shares no code with the engine.

usage: checksum.py RUN_FOLDER
"""

import hashlib
import pathlib
import sys

import h5py
import numpy as np

BLOCK_VALUES = 131_072


def type_name(dtype):
    if dtype.kind == "S" and dtype.itemsize == 1:
        return "char"
    return {"f": "f", "i": "i", "u": "u"}[dtype.kind] + str(8 * dtype.itemsize)


def canonical(block):
    block = np.ascontiguousarray(block)
    if block.dtype.kind == "S":
        # numpy hides trailing zero bytes of texts; the raw bytes keep them.
        return block.tobytes()
    if block.dtype.kind == "f":
        block = np.where(np.isnan(block), np.array(np.nan, block.dtype), block)
        # Adding 0 turns -0 into 0.
        block = block + np.array(0, block.dtype)
    return block.astype(block.dtype.newbyteorder("<")).tobytes()


def checksum(folder):
    total = hashlib.sha256()
    files = [path for path in pathlib.Path(folder).iterdir() if path.suffix == ".nc" and path.name[0] != "."]
    for path in sorted(files, key=lambda path: path.name.encode()):
        with h5py.File(path, "r") as file:
            names = [name for name in file if isinstance(file[name], h5py.Dataset)]
            for name in sorted(names, key=str.encode):
                data = file[name]
                shape = ",".join(map(str, data.shape))
                total.update(f"{path.name}\n{name}\n{type_name(data.dtype)}\n{shape}\n".encode())
                values = np.asarray(data[()]).reshape(-1)
                for start in range(0, values.size, BLOCK_VALUES):
                    block = values[start : start + BLOCK_VALUES]
                    total.update(hashlib.sha256(canonical(block)).digest())
    return total.hexdigest()


print(checksum(sys.argv[1]))

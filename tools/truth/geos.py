# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""The few operations of GEOS that the truth is measured with, through its C
library, which the build needs anyway."""

import ctypes
import struct

_lib = ctypes.CDLL("libgeos_c.so.1")
_lib.initGEOS(None, None)
for _name, _result, _arguments in [
    ("GEOSGeomFromWKT", ctypes.c_void_p, [ctypes.c_char_p]),
    ("GEOSGeomFromWKB_buf", ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_size_t]),
    ("GEOSGeomToWKT", ctypes.c_void_p, [ctypes.c_void_p]),
    ("GEOSFree", None, [ctypes.c_void_p]),
    ("GEOSGeom_destroy", None, [ctypes.c_void_p]),
    ("GEOSIntersection", ctypes.c_void_p, [ctypes.c_void_p] * 2),
    ("GEOSDifference", ctypes.c_void_p, [ctypes.c_void_p] * 2),
    ("GEOSSymDifference", ctypes.c_void_p, [ctypes.c_void_p] * 2),
    ("GEOSisValid", ctypes.c_char, [ctypes.c_void_p]),
    ("GEOSArea", ctypes.c_int, [ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]),
    ("GEOSHausdorffDistanceDensify", ctypes.c_int,
     [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_double, ctypes.POINTER(ctypes.c_double)]),
]:
    _function = getattr(_lib, _name)
    _function.restype, _function.argtypes = _result, _arguments

# Length of the envelope in the head of a GeoPackage's geometry, by its kind.
_ENVELOPES = [0, 32, 48, 48, 64]


class Geometry:
    """A geometry that GEOS holds."""

    def __init__(self, pointer):
        if not pointer:
            raise ValueError("GEOS cannot make this geometry")
        self._pointer = pointer

    def __del__(self):
        _lib.GEOSGeom_destroy(self._pointer)

    @classmethod
    def from_wkt(cls, text):
        return cls(_lib.GEOSGeomFromWKT(text.encode()))

    @classmethod
    def from_geopackage(cls, blob):
        """From the blob of a GeoPackage."""
        head = 8 + _ENVELOPES[blob[3] >> 1 & 7]
        return cls(_lib.GEOSGeomFromWKB_buf(blob[head:], len(blob) - head))

    @property
    def wkt(self):
        text = _lib.GEOSGeomToWKT(self._pointer)
        try:
            return ctypes.string_at(text).decode()
        finally:
            _lib.GEOSFree(text)

    @property
    def area(self):
        area = ctypes.c_double()
        if _lib.GEOSArea(self._pointer, ctypes.byref(area)) != 1:
            raise ValueError("GEOS cannot measure this area")
        return area.value

    @property
    def is_valid(self):
        return _lib.GEOSisValid(self._pointer) == b"\x01"

    def intersection(self, other):
        return Geometry(_lib.GEOSIntersection(self._pointer, other._pointer))

    def difference(self, other):
        return Geometry(_lib.GEOSDifference(self._pointer, other._pointer))

    def symmetric_difference(self, other):
        return Geometry(_lib.GEOSSymDifference(self._pointer, other._pointer))

    def farthest(self, other):
        """Metres between the places of one that are farthest from the other:
        Hausdorff's distance, measured at vertices and twenty places of each
        edge."""
        far = ctypes.c_double()
        if _lib.GEOSHausdorffDistanceDensify(self._pointer, other._pointer, 0.05, ctypes.byref(far)) != 1:
            raise ValueError("GEOS cannot measure this distance")
        return far.value


def envelope(blob):
    """minX, minY, maxX, maxY of a GeoPackage's geometry; None when it has none."""
    kind = blob[3] >> 1 & 7
    order = "<" if blob[3] & 1 else ">"
    if kind == 0:
        if len(blob) >= 29 and struct.unpack_from("<I", blob, 9)[0] == 1:
            x, y = struct.unpack_from("<2d", blob, 13)
            return (x, y, x, y)
        return None
    min_x, max_x, min_y, max_y = struct.unpack_from(order + "4d", blob, 8)
    return (min_x, min_y, max_x, max_y)

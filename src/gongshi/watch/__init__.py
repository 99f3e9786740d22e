"""The watch room: what moves in the field at home and overseas, once, in time, with its raw bytes' digest."""

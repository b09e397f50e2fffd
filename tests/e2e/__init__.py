"""The whole program, on a real X server."""

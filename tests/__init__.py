"""The tests of Futures Lab; they mirror the packages."""

"""The charts: each draws what a pure function of core.metrics returns."""

"""The panels around the charts: demos, knobs, code, explanation, output."""

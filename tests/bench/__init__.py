"""Speed and memory, measured side by side and printed as ratios: ``python -m tests.bench``."""

"""This library against its peers on the same work, as ratios. `python -m benchmarks` writes docs/benchmarks.md."""

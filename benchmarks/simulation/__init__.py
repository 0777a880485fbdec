"""Simulated markets with known truth, for ``benchmarks/market.py``."""

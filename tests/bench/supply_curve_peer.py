"""The supply curve of made-up sources in numpy, drawn and sorted draw by draw, timed in CPU seconds.

    supply_curve_peer.py [sources] [draws]
"""
import resource
import sys

import numpy as np

count, draws, grid = int(sys.argv[1]), int(sys.argv[2]), 100
rng = np.random.default_rng(1)
capacity = 500 + 9000 * rng.random(count)
opex = 4 + 20 * rng.random(count)
capex = 3e8 * rng.random(count)
share, other = 0.1 + 0.3 * rng.random(count), 0.05 * rng.random(count)
life = 10 + 20 * rng.random(count)
worth_years = (1 - 1.08**-life) / 0.08  # of a tonne a year, discounted


def between(low, base, high, u):
    """Halves of triangles that meet at the base, low and high the 10th and 90th percentile."""
    reach = 1 - np.sqrt(0.2)
    side = np.sqrt(np.where(u < 0.5, 2 * u, 2 * (1 - u)))
    return base + np.where(u < 0.5, low - base, high - base) * (1 - side) / reach


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


begin = cpu()
costs = np.empty((draws, count))  # kept for the percentiles of each source
tonnes = np.empty((draws, count))
marginal = np.empty((draws, grid))
points = (share * capacity).sum() * np.arange(1, grid + 1) / grid
for d in range(draws):
    made = between(0.7 * capacity, capacity, 1.3 * capacity, rng.random(count))
    spent = between(0.8 * capex, capex, 1.5 * capex, rng.random(count))
    run = between(0.8 * opex, opex, 1.4 * opex, rng.random(count))
    credit = other * between(250, 300, 500, rng.random())
    costs[d] = (run - credit + spent / (1000 * made * worth_years)) / share
    tonnes[d] = made * share
    order = np.argsort(costs[d])
    reached = np.searchsorted(np.cumsum(tonnes[d][order]), points)
    marginal[d] = np.where(reached < count, costs[d][order][np.minimum(reached, count - 1)], np.inf)
bands = np.percentile(marginal, [10, 50, 90], axis=0)
of_sources = np.percentile(costs, [10, 90], axis=0), np.percentile(tonnes, [10, 90], axis=0)
print(f"numpy: {count} sources, {draws} draws: CPU {cpu() - begin:.2f} s, P50 {bands[1][49]:.4f}")

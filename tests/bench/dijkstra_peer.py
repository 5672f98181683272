"""scipy's Dijkstra on the arcs that `bench_dijkstra SIDE FILE` left: dijkstra_peer.py FILE"""

import sys
import time

import numpy
import scipy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

rows = numpy.fromfile(sys.argv[1]).reshape(-1, 3)
tail, head = rows[:, 0].astype(numpy.int32), rows[:, 1].astype(numpy.int32)
count = int(max(tail.max(), head.max())) + 1
graph = coo_matrix((rows[:, 2], (tail, head)), shape=(count, count)).tocsr()
sources = [count * (2 * s + 1) // 20 for s in range(3)]
start = time.process_time()
for source in sources:
    far = dijkstra(graph, indices=source, return_predecessors=True)[0]
seconds = (time.process_time() - start) / len(sources)
print(f"| scipy {scipy.__version__} | {seconds:.4f} | |  {far[numpy.isfinite(far)].sum():.6e}")

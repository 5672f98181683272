"""Decodes Open Mining Format 1 and 2 with nothing but the standard library, as an independent reader.

Prints the indexes of files as a list in JSON in which each array is replaced by its schema and its rows. Of Parquet it knows what
omf-rust writes: gzip, plain values, pages of version 2.
"""
import gzip
import json
import struct
import sys
import zipfile
import zlib


def varint(b, p):
    r = s = 0
    while True:
        c = b[p]
        p += 1
        r |= (c & 127) << s
        s += 7
        if c < 128:
            return r, p


def zigzag(n):
    return (n >> 1) ^ -(n & 1)


def value(b, p, t):
    if t in (1, 2):
        return t == 1, p
    if t == 3:
        return b[p], p + 1
    if t in (4, 5, 6):
        v, p = varint(b, p)
        return zigzag(v), p
    if t == 8:
        n, p = varint(b, p)
        return b[p:p + n].decode(), p + n
    if t == 9:
        n, of = b[p] >> 4, b[p] & 15
        p += 1
        if n == 15:
            n, p = varint(b, p)
        out = []
        for _ in range(n):
            v, p = value(b, p, of)
            out.append(v)
        return out, p
    if t == 12:
        return message(b, p)
    raise ValueError(t)


def message(b, p):
    out, last = {}, 0
    while b[p] != 0:
        d, t = b[p] >> 4, b[p] & 15
        p += 1
        if d == 0:
            v, p = varint(b, p)
            last = zigzag(v)
        else:
            last += d
        out[last], p = value(b, p, t)
    return out, p + 1


def levels(b, n):
    out, p = [], 0
    while len(out) < n:
        h, p = varint(b, p)
        if h & 1:
            for i in range((h >> 1) * 8):
                out.append(b[p + i // 8] >> (i % 8) & 1)
            p += h >> 1
        else:
            out += [b[p]] * (h >> 1)
            p += 1
    return out[:n]


def plain(b, t, n):
    if t == 0:
        return [bool(b[i // 8] >> (i % 8) & 1) for i in range(n)]
    if t == 6:
        out, p = [], 0
        for _ in range(n):
            k = struct.unpack_from('<I', b, p)[0]
            out.append(b[p + 4:p + 4 + k].decode())
            p += 4 + k
        assert p == len(b)
        return out
    code = {1: 'i', 2: 'q', 4: 'f', 5: 'd'}[t]
    assert len(b) == n * struct.calcsize(code)
    return list(struct.unpack('<%d%s' % (n, code), b))


def column(b, chunk, optional):
    meta = chunk[3]
    assert meta[4] == 2 and meta[2] == [0, 3]
    p, end, out, expanded = meta[9], meta[9] + meta[7], [], 0
    while p < end:
        head, q = message(b, p)
        page = head[8]
        assert head[1] == 3 and page[4] == 0 and page[6] == 0 and page[1] == page[3]
        there = levels(b[q:q + page[5]], page[1]) if optional else [1] * page[1]
        assert there.count(0) == page[2]
        raw = gzip.decompress(b[q + page[5]:q + head[3]])
        assert len(raw) + page[5] == head[2]
        expanded += q - p + head[2]
        values = iter(plain(raw, meta[1], sum(there)))
        out += [next(values) if t else None for t in there]
        p = q + head[3]
    assert p == end and len(out) == meta[5] and expanded == meta[6]
    return out


def parquet(b):
    assert b[:4] == b[-4:] == b'PAR1'
    n = struct.unpack('<I', b[-8:-4])[0]
    foot, end = message(b[-8 - n:-8], 0)
    assert end == n and foot[1] == 2
    schema = [{str(k): v for k, v in e.items()} for e in foot[2]]
    columns, optional, left, root = [], False, 0, 0
    leaves = []
    for e in foot[2][1:]:
        root += left == 0
        if 1 not in e:
            optional, left = e[3] == 1, e[5]
            continue
        leaves.append(optional if left else e[3] == 1)
        if left:
            left -= 1
    assert root == foot[2][0][5]
    assert len(foot[7]) == len(leaves)
    columns = [[] for _ in leaves]
    for group in foot[4]:
        assert group[6] == sum(c[3][7] for c in group[1]) and group[2] == sum(c[3][6] for c in group[1])
        for i, chunk in enumerate(group[1]):
            columns[i] += column(b, chunk, leaves[i])
    assert all(len(c) == foot[3] for c in columns)
    return json.loads(json.dumps(schema)), [list(r) for r in zip(*columns)]


def version2(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None and archive.comment.startswith(b'Open Mining Format 2.')
        index = json.loads(gzip.decompress(archive.read('index.json.gz')))

        def walk(node):
            if isinstance(node, list):
                return [walk(v) for v in node]
            if not isinstance(node, dict):
                return node
            if set(node) == {'filename', 'item_count'} and node['filename'].endswith('.parquet'):
                schema, rows = parquet(archive.read(node['filename']))
                assert len(rows) == node['item_count']
                return {'schema': schema, 'rows': rows}
            return {k: walk(v) for k, v in node.items()}

        return walk(index)


def version1(path):
    with open(path, 'rb') as file:
        b = file.read()
    assert b[:4] == b'\x84\x83\x82\x81' and b[4:36].rstrip(b'\0') == b'OMF-v0.9.0'
    uid = b[36:52].hex()
    uid = '-'.join((uid[:8], uid[8:12], uid[12:16], uid[16:20], uid[20:]))
    start = struct.unpack('<Q', b[52:60])[0]
    index = json.loads(b[start:])

    def walk(node):
        if isinstance(node, list):
            return [walk(v) for v in node]
        if isinstance(node, str) and node in index:
            return walk(index[node])
        if not isinstance(node, dict):
            return node
        if set(node) == {'start', 'dtype', 'length'} and node['dtype'] != 'image/png':
            raw = zlib.decompress(b[node['start']:node['start'] + node['length']])
            return list(struct.unpack('<%d%s' % (len(raw) // 8, 'd' if node['dtype'] == '<f8' else 'q'), raw))
        return {k: walk(v) for k, v in node.items()}

    assert index[uid]['__class__'] == 'Project'
    return walk(index[uid])


def decoded(path):
    with open(path, 'rb') as first:
        magic = first.read(2)
    return version2(path) if magic == b'PK' else version1(path)


print(json.dumps([decoded(path) for path in sys.argv[1:]]).replace('NaN', 'null'))

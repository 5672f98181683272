#include "libgeo/geometry/isosurface.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

using Node = std::array<std::uint32_t, 3>;
using Key = std::uint64_t;

// Corners of a cell and directions of its edges are numbers of three bits: x, y, z.
Node moved(Node node, unsigned bits) {
  for (unsigned a = 0; a < 3; ++a) node[a] += (bits >> a) & 1U;
  return node;
}

// The six tetrahedra, each a way from corner 0 to corner 7 along the axes; whether its corners turn
// to the right as they stand.
struct Tetrahedron {
  std::array<unsigned, 4> corner;
  bool right;
};
constexpr std::array<Tetrahedron, 6> tetrahedra{{{{0, 1, 3, 7}, true},
                                                 {{0, 2, 6, 7}, true},
                                                 {{0, 4, 5, 7}, true},
                                                 {{0, 1, 5, 7}, false},
                                                 {{0, 2, 3, 7}, false},
                                                 {{0, 4, 6, 7}, false}}};

struct Crossing {
  Node from;
  unsigned direction = 0;
  double low = 0.0, high = 1.0, f_low = 0.0, f_high = 0.0;  // places along the edge, values there
  double at = 0.5;
  bool low_inside = false;
};

class Marcher {
 public:
  Marcher(const FieldValues& field, const IsosurfaceOptions& options, const Progress& progress)
      : field_(field), options_(options), progress_(progress) {
    lay_out();
  }

  Isosurface run() {
    std::vector<Key> wave = lattice_cells();
    for (const auto& seed : options_.seeds) add_seed(seed, wave);
    do {
      follow(std::move(wave));
      fill_boundary();
      wave = broken_boundary();
    } while (!wave.empty());
    std::sort(active_.begin(), active_.end());
    for (const Key cell : active_) triangulate(cell);
    close_at_bounds();
    result_.crosses = !crossings_.empty();
    place_vertices();
    return std::move(result_);
  }

 private:
  // ---- the grid
  void lay_out() {
    const Box3& box = options_.bounds;
    if (!(options_.cell_m > 0.0 && std::isfinite(options_.cell_m)))
      throw Error("isosurface.cell", "the cell is not above 0", "", "Say e.g. --cell '5 m'.");
    double border = 0.0, all = 1.0;
    std::array<double, 3> count{};
    for (std::size_t a = 0; a < 3; ++a) {
      const double side = box.upper[a] - box.lower[a];
      if (!(side > 0.0 && std::isfinite(side)))
        throw Error("isosurface.bounds", "the box of the limits is empty or not finite", "",
                    "Give the lower corner first, then the upper one.");
      count[a] = std::max(1.0, std::ceil(side / options_.cell_m - 1e-9));
      all *= count[a] + 1.0;
    }
    for (std::size_t a = 0; a < 3; ++a) border += (count[a] + 1.0) * (count[(a + 1) % 3] + 1.0);
    // A surface across the box takes about as many nodes as two of its sides.
    if (border > static_cast<double>(options_.most_nodes) || all > 1e18) too_fine(count);
    for (std::size_t a = 0; a < 3; ++a) {
      result_.cells[a] = static_cast<std::size_t>(count[a]);
      result_.cell_m[a] = (box.upper[a] - box.lower[a]) / count[a];
    }
    keep_vertices_apart(count);
    stride_ = 1;
    const auto nodes = [&](std::size_t stride) {
      double product = 1.0;
      for (const std::size_t n : result_.cells)
        product *= std::floor(static_cast<double>(n) / static_cast<double>(stride)) + 2.0;
      return product;
    };
    while (nodes(stride_) > static_cast<double>(options_.lattice_nodes) && stride_ < 1000000)
      ++stride_;
    for (std::size_t a = 0; a < 3; ++a)
      result_.lattice_m[a] =
          result_.cell_m[a] * static_cast<double>(std::min(stride_, result_.cells[a]));
  }

  // Vertices keep off the nodes by so much of an edge that they stay apart as doubles.
  void keep_vertices_apart(const std::array<double, 3>& count) {
    double largest = 0.0, cell = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < 3; ++a) {
      largest = std::max(
          {largest, std::abs(options_.bounds.lower[a]), std::abs(options_.bounds.upper[a])});
      cell = std::min(cell, result_.cell_m[a]);
    }
    off_ = std::max(1e-7, 64.0 * std::numeric_limits<double>::epsilon() * largest / cell);
    if (off_ > 1e-3) too_fine(count);
  }

  [[noreturn]] void too_fine(const std::array<double, 3>& count) const {
    throw Error("isosurface.too_fine",
                "cells of " + number_text(options_.cell_m) + " m make " + number_text(count[0]) +
                    " x " + number_text(count[1]) + " x " + number_text(count[2]) +
                    " of them: the surface would take more than " +
                    std::to_string(options_.most_nodes) + " nodes",
                "", "Take a larger --cell or smaller --bounds.");
  }

  [[nodiscard]] Key key_of(const Node& n) const {
    return n[0] + (result_.cells[0] + 1) * (n[1] + (result_.cells[1] + 1) * Key{n[2]});
  }
  [[nodiscard]] Node node_of(Key key) const {
    const Key nx = result_.cells[0] + 1, ny = result_.cells[1] + 1;
    return {static_cast<std::uint32_t>(key % nx), static_cast<std::uint32_t>(key / nx % ny),
            static_cast<std::uint32_t>(key / nx / ny)};
  }
  [[nodiscard]] double coordinate(std::size_t axis, double index) const {
    const Box3& box = options_.bounds;
    const double n = static_cast<double>(result_.cells[axis]);
    return index >= n ? box.upper[axis] : box.lower[axis] + index * result_.cell_m[axis];
  }
  [[nodiscard]] std::array<double, 3> place_of(const Node& n) const {
    return {coordinate(0, n[0]), coordinate(1, n[1]), coordinate(2, n[2])};
  }
  [[nodiscard]] bool is_inside(double value) const {
    return options_.inside_below ? value < options_.value : value > options_.value;
  }

  // ---- values
  void evaluate(const std::vector<std::array<double, 3>>& places, std::vector<double>& into) {
    progress_.check();
    field_(places, into);
    result_.evaluations += places.size();
    for (std::size_t i = 0; i < places.size(); ++i)
      if (!std::isfinite(into[i]))
        throw Error("isosurface.not_finite",
                    "the function has no value at (" + number_text(places[i][0]) + " " +
                        number_text(places[i][1]) + " " + number_text(places[i][2]) + ")",
                    "", "Look for coordinates or values that are far too large.");
  }
  // Evaluates those of the nodes that have no value yet.
  void evaluate_nodes(const std::vector<Key>& wanted) {
    std::vector<Key> keys;
    for (const Key key : wanted)
      if (values_.try_emplace(key, std::numeric_limits<double>::quiet_NaN()).second)
        keys.push_back(key);
    if (values_.size() > options_.most_nodes)
      too_fine({static_cast<double>(result_.cells[0]), static_cast<double>(result_.cells[1]),
                static_cast<double>(result_.cells[2])});
    std::vector<std::array<double, 3>> places;
    places.reserve(keys.size());
    for (const Key key : keys) places.push_back(place_of(node_of(key)));
    std::vector<double> found;
    evaluate(places, found);
    for (std::size_t i = 0; i < keys.size(); ++i) values_[keys[i]] = found[i];
  }
  [[nodiscard]] double value_at(const Node& node) const { return values_.at(key_of(node)); }

  // ---- finding the surface
  // The cells around a place: the surface may pass through the neighbour of the one that holds it.
  void add_seed(const std::array<double, 3>& place, std::vector<Key>& wave) const {
    Node low{}, high{};
    for (std::size_t a = 0; a < 3; ++a) {
      const double at = (place[a] - options_.bounds.lower[a]) / result_.cell_m[a];
      const double last = static_cast<double>(result_.cells[a] - 1);
      if (!(at >= -1.0 && at <= last + 2.0)) return;
      low[a] = static_cast<std::uint32_t>(std::clamp(std::floor(at - 0.5), 0.0, last));
      high[a] = static_cast<std::uint32_t>(std::clamp(std::floor(at + 0.5), 0.0, last));
    }
    Node node{};
    for (node[2] = low[2]; node[2] <= high[2]; ++node[2])
      for (node[1] = low[1]; node[1] <= high[1]; ++node[1])
        for (node[0] = low[0]; node[0] <= high[0]; ++node[0]) wave.push_back(key_of(node));
  }

  // Cells where the sign changes between neighbours of the coarse lattice: the edge is halved until
  // it is one of a cell.
  std::vector<Key> lattice_cells() {
    std::array<std::vector<std::uint32_t>, 3> ticks;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t i = 0; i < result_.cells[a]; i += stride_)
        ticks[a].push_back(static_cast<std::uint32_t>(i));
      ticks[a].push_back(static_cast<std::uint32_t>(result_.cells[a]));
    }
    std::vector<Key> nodes;
    for (const auto z : ticks[2])
      for (const auto y : ticks[1])
        for (const auto x : ticks[0]) nodes.push_back(key_of({x, y, z}));
    evaluate_nodes(nodes);
    std::vector<std::array<Node, 2>> edges;
    std::array<std::size_t, 3> i{};
    for (i[2] = 0; i[2] < ticks[2].size(); ++i[2])
      for (i[1] = 0; i[1] < ticks[1].size(); ++i[1])
        for (i[0] = 0; i[0] < ticks[0].size(); ++i[0])
          for (std::size_t a = 0; a < 3; ++a) {
            if (i[a] + 1 >= ticks[a].size()) continue;
            const Node from{ticks[0][i[0]], ticks[1][i[1]], ticks[2][i[2]]};
            Node to = from;
            to[a] = ticks[a][i[a] + 1];
            if (is_inside(value_at(from)) != is_inside(value_at(to))) edges.push_back({from, to});
          }
    halve(edges);
    std::vector<Key> wave;
    for (const auto& edge : edges) {
      Node cell = edge[0];
      for (std::size_t a = 0; a < 3; ++a)
        cell[a] = std::min(cell[a], static_cast<std::uint32_t>(result_.cells[a] - 1));
      wave.push_back(key_of(cell));
    }
    return wave;
  }

  void halve(std::vector<std::array<Node, 2>>& edges) {
    for (bool more = true; more;) {
      more = false;
      std::vector<Key> middles;
      std::vector<std::size_t> which;
      std::vector<Node> nodes;
      for (std::size_t e = 0; e < edges.size(); ++e)
        for (std::size_t a = 0; a < 3; ++a)
          if (edges[e][1][a] > edges[e][0][a] + 1) {
            Node middle = edges[e][0];
            middle[a] = (edges[e][0][a] + edges[e][1][a]) / 2;
            middles.push_back(key_of(middle));
            nodes.push_back(middle);
            which.push_back(e);
          }
      if (which.empty()) return;
      evaluate_nodes(middles);
      more = true;
      for (std::size_t m = 0; m < which.size(); ++m) {
        auto& edge = edges[which[m]];
        const bool as_first = is_inside(value_at(nodes[m])) == is_inside(value_at(edge[0]));
        edge[as_first ? 0 : 1] = nodes[m];
      }
    }
  }

  // Goes from cells that the surface crosses to their neighbours, all of one distance at a time.
  void follow(std::vector<Key> wave) {
    while (!wave.empty()) {
      std::sort(wave.begin(), wave.end());
      wave.erase(std::unique(wave.begin(), wave.end()), wave.end());
      std::erase_if(wave, [&](Key cell) { return !seen_.try_emplace(cell, false).second; });
      std::vector<Key> nodes;
      for (const Key cell : wave)
        for (unsigned c = 0; c < 8; ++c) nodes.push_back(key_of(moved(node_of(cell), c)));
      evaluate_nodes(nodes);
      std::vector<Key> next;
      for (const Key key : wave) step(key, next);
      wave = std::move(next);
    }
  }

  void step(Key key, std::vector<Key>& next) {
    const Node cell = node_of(key);
    unsigned inside = 0;
    for (unsigned c = 0; c < 8; ++c) inside |= is_inside(value_at(moved(cell, c))) ? 1U << c : 0U;
    if (inside == 0 || inside == 255) return;
    active_.push_back(key);
    seen_[key] = true;
    for (unsigned a = 0; a < 3; ++a)
      for (const unsigned side : {0U, 1U}) {
        unsigned face = 0;
        for (unsigned c = 0; c < 8; ++c)
          if (((c >> a) & 1U) == side) face |= 1U << c;
        if ((inside & face) == 0 || (inside & face) == face) continue;
        Node other = cell;
        if (side == 0 ? cell[a] == 0 : cell[a] + 1 >= result_.cells[a]) continue;
        other[a] = side == 0 ? cell[a] - 1 : cell[a] + 1;
        const Key at = key_of(other);
        if (seen_.find(at) == seen_.end()) next.push_back(at);
      }
  }

  // ---- the limits
  [[nodiscard]] bool on_boundary(const Node& n) const {
    for (std::size_t a = 0; a < 3; ++a)
      if (n[a] == 0 || n[a] == result_.cells[a]) return true;
    return false;
  }

  // The sign of every node of the box's faces: known, or that of its neighbours.
  void fill_boundary() {
    border_.clear();
    std::vector<Key> queue;
    for (const auto& [key, value] : values_)
      if (on_boundary(node_of(key))) queue.push_back(key);
    std::sort(queue.begin(), queue.end());
    for (const Key key : queue) border_[key] = is_inside(values_.at(key));
    for (std::size_t i = 0; i < queue.size(); ++i) {
      if (i % 65536 == 0) progress_.check();
      const Node node = node_of(queue[i]);
      const bool inside = border_.at(queue[i]);
      for (std::size_t a = 0; a < 3; ++a)
        for (const int by : {-1, 1}) {
          if (by < 0 ? node[a] == 0 : node[a] == result_.cells[a]) continue;
          Node other = node;
          other[a] = by < 0 ? node[a] - 1 : node[a] + 1;
          if (!on_boundary(other)) continue;
          const Key key = key_of(other);
          if (border_.try_emplace(key, inside).second) queue.push_back(key);
        }
    }
  }

  // Calls visit(cell, corners): the squares of the box's faces, each with its corners (of the cell)
  // in turn as seen from outside; the first and the third are the ends of the diagonal.
  template <class Visit>
  void for_each_square(Visit visit) const {
    for (unsigned a = 0; a < 3; ++a) {
      const unsigned u = (a + 1) % 3, v = (a + 2) % 3;
      for (const unsigned side : {0U, 1U}) {
        const unsigned base = side << a;
        std::array<unsigned, 4> corners{base, base | 1U << u, base | 1U << u | 1U << v,
                                        base | 1U << v};
        if (side == 0) std::swap(corners[1], corners[3]);
        Node cell{};
        cell[a] = side == 0 ? 0 : static_cast<std::uint32_t>(result_.cells[a] - 1);
        for (cell[v] = 0; cell[v] < result_.cells[v]; ++cell[v])
          for (cell[u] = 0; cell[u] < result_.cells[u]; ++cell[u]) visit(cell, corners);
      }
    }
  }

  // Cells at the limits where signs differ although no surface was followed there.
  std::vector<Key> broken_boundary() const {
    std::vector<Key> wave;
    for_each_square([&](const Node& cell, const std::array<unsigned, 4>& corners) {
      const bool first = border_.at(key_of(moved(cell, corners[0])));
      bool mixed = false;
      for (const unsigned c : corners) mixed = mixed || border_.at(key_of(moved(cell, c))) != first;
      if (mixed && seen_.find(key_of(cell)) == seen_.end()) wave.push_back(key_of(cell));
    });
    return wave;
  }

  void close_at_bounds() {
    for_each_square([&](const Node& cell, const std::array<unsigned, 4>& corners) {
      for (const auto& three : {std::array{0, 1, 2}, std::array{0, 2, 3}}) {
        std::vector<std::uint32_t> ring;
        for (std::size_t i = 0; i < 3; ++i) {
          const unsigned a = corners[static_cast<std::size_t>(three[i])],
                         b = corners[static_cast<std::size_t>(three[(i + 1) % 3])];
          const Node from = moved(cell, a), to = moved(cell, b);
          const bool here = border_.at(key_of(from)), there = border_.at(key_of(to));
          if (here) ring.push_back(node_vertex(from));
          if (here != there) ring.push_back(edge_vertex(cell, a, b));
        }
        for (std::size_t i = 2; i < ring.size(); ++i)
          result_.mesh.triangles.push_back({ring[0], ring[i - 1], ring[i]});
        result_.touches_bounds = result_.touches_bounds || !ring.empty();
      }
    });
  }

  // ---- triangles
  std::uint32_t new_vertex() {
    if (vertices_ == std::numeric_limits<std::uint32_t>::max())
      too_fine({static_cast<double>(result_.cells[0]), static_cast<double>(result_.cells[1]),
                static_cast<double>(result_.cells[2])});
    return vertices_++;
  }
  std::uint32_t node_vertex(const Node& node) {
    const auto [at, is_new] = node_vertices_.try_emplace(key_of(node), vertices_);
    if (is_new) {
      new_vertex();
      corners_.emplace_back(at->second, node);
    }
    return at->second;
  }
  std::uint32_t edge_vertex(const Node& cell, unsigned a, unsigned b) {
    if (a > b) std::swap(a, b);  // a's bits are among b's
    const Node from = moved(cell, a);
    const unsigned direction = b ^ a;
    const auto [at, is_new] = edge_vertices_.try_emplace(key_of(from) * 8 + direction, vertices_);
    if (is_new) {
      new_vertex();
      Crossing crossing;
      crossing.from = from;
      crossing.direction = direction;
      crossing.low_inside = is_inside(value_at(from));
      crossing.f_low = value_at(from) - options_.value;
      crossing.f_high = value_at(moved(from, direction)) - options_.value;
      crossings_.emplace_back(at->second, crossing);
    }
    return at->second;
  }

  void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c, bool right) {
    if (right)
      result_.mesh.triangles.push_back({a, b, c});
    else
      result_.mesh.triangles.push_back({a, c, b});
  }

  void triangulate(Key key) {
    const Node cell = node_of(key);
    std::array<bool, 8> inside{};
    for (unsigned c = 0; c < 8; ++c) inside[c] = is_inside(value_at(moved(cell, c)));
    for (const Tetrahedron& t : tetrahedra) {
      std::array<std::size_t, 4> in{}, out{};
      std::size_t n = 0, m = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        if (inside[t.corner[i]])
          in[n++] = i;
        else
          out[m++] = i;
      }
      if (n == 0 || n == 4) continue;
      const auto cut = [&](std::size_t i, std::size_t j) {
        return edge_vertex(cell, t.corner[i], t.corner[j]);
      };
      // The order of the corners as (in, out) is an even or an odd change of the order they had.
      std::array<std::size_t, 4> order{};
      for (std::size_t i = 0; i < 4; ++i) order[i] = i < n ? in[i] : out[i - n];
      bool right = t.right;
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = i + 1; j < 4; ++j)
          if (order[i] > order[j]) right = !right;
      if (n == 1) {
        triangle(cut(order[0], order[1]), cut(order[0], order[2]), cut(order[0], order[3]), right);
      } else if (n == 3) {
        triangle(cut(order[3], order[0]), cut(order[3], order[1]), cut(order[3], order[2]), right);
      } else {
        const auto ac = cut(order[0], order[2]), ad = cut(order[0], order[3]),
                   bd = cut(order[1], order[3]), bc = cut(order[1], order[2]);
        triangle(ac, ad, bd, right);
        triangle(ac, bd, bc, right);
      }
    }
  }

  // ---- vertices on the function itself
  [[nodiscard]] std::array<double, 3> place_on(const Crossing& c, double at) const {
    std::array<double, 3> place{};
    for (unsigned a = 0; a < 3; ++a)
      place[a] = coordinate(a, c.from[a] + ((c.direction >> a) & 1U ? at : 0.0));
    return place;
  }

  // A step of the Illinois variant of the false position, kept off the ends so that no triangle
  // loses its area.
  void aim(Crossing& c) const {
    const double share = c.f_low == c.f_high ? 0.5 : c.f_low / (c.f_low - c.f_high);
    c.at = std::clamp(c.low + share * (c.high - c.low), off_, 1.0 - off_);
  }

  void place_vertices() {
    for (auto& [vertex, crossing] : crossings_) aim(crossing);
    std::vector<int> last(crossings_.size(), 0);
    for (int step = 0; step < options_.secant_steps; ++step) {
      std::vector<std::array<double, 3>> places;
      places.reserve(crossings_.size());
      for (const auto& [vertex, crossing] : crossings_)
        places.push_back(place_on(crossing, crossing.at));
      std::vector<double> values;
      evaluate(places, values);
      for (std::size_t i = 0; i < crossings_.size(); ++i) {
        Crossing& c = crossings_[i].second;
        const double f = values[i] - options_.value;
        if (f == 0.0) {
          c.low = c.high = c.at;
          c.f_low = c.f_high = 0.0;
        } else if (is_inside(values[i]) == c.low_inside) {
          if (last[i] == -1) c.f_high /= 2.0;
          last[i] = -1;
          c.low = c.at;
          c.f_low = f;
        } else {
          if (last[i] == 1) c.f_low /= 2.0;
          last[i] = 1;
          c.high = c.at;
          c.f_high = f;
        }
        aim(c);
      }
      progress_.update(0.9, "moving the surface onto the function");
    }
    result_.mesh.vertices.resize(vertices_);
    for (const auto& [vertex, node] : corners_) result_.mesh.vertices[vertex] = place_of(node);
    for (const auto& [vertex, crossing] : crossings_)
      result_.mesh.vertices[vertex] = place_on(crossing, crossing.at);
  }

  const FieldValues& field_;
  const IsosurfaceOptions& options_;
  const Progress& progress_;
  Isosurface result_;
  std::size_t stride_ = 1;
  double off_ = 1e-7;                       // share of an edge
  std::unordered_map<Key, double> values_;  // only looked up: its order is never seen
  std::unordered_map<Key, bool> seen_;      // cells, and whether the surface crosses them
  std::unordered_map<Key, bool> border_;    // nodes of the box's faces: inside?
  std::vector<Key> active_;
  std::uint32_t vertices_ = 0;
  std::unordered_map<Key, std::uint32_t> node_vertices_, edge_vertices_;
  std::vector<std::pair<std::uint32_t, Node>> corners_;
  std::vector<std::pair<std::uint32_t, Crossing>> crossings_;
};

}  // namespace

Isosurface isosurface(const FieldValues& field, const IsosurfaceOptions& options,
                      const Progress& progress) {
  return Marcher(field, options, progress).run();
}

}  // namespace lode

// People within distances of sites: shares of raster cells, or places with their numbers.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/environment/surroundings.h"
#include "libgeo/geometry/cell_coverage.h"
#include "libgeo/geometry/dissolve.h"

namespace lode {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kFarthest = 5.0e6;

void check(const PeopleOptions& options) {
  const auto wrong = [](const std::string& what) {
    throw Error("people.within", what, "within", "Give them from near to far, up to 5,000 km.");
  };
  if (options.within_m.empty()) wrong("there is no distance");
  double last = 0.0;
  for (const double d : options.within_m) {
    if (!(d > last)) wrong("the distances do not rise from above 0");
    if (d > kFarthest) wrong("a distance of " + number_text(d) + " m is over 5,000 km");
    last = d;
  }
  if (!(options.tolerance >= 1e-7 && options.tolerance <= 0.1))
    throw Error("buffer.tolerance",
                "the tolerance must lie between 1e-5 % and 10 % of the distance", {},
                "Leave it out for 0.1 %.");
}

/// What one site's rings hold.
struct Counted {
  std::vector<double> people;
  bool partly_outside = false, outside = false;
  std::size_t negative = 0;
};

/// A ring over the grid, perhaps moved by whole turns of longitude.
struct Ring {
  CellCoverage coverage;
  std::size_t distance = 0;
  std::size_t column0 = 0, column1 = 0, row0 = 0, row1 = 0;  ///< of cells it meets; end excluded
  [[nodiscard]] bool empty() const { return column0 >= column1 || row0 >= row1; }
};

class RasterPeople {
 public:
  RasterPeople(const Crs& crs, const RasterSource& counts, const PeopleOptions& options,
               const Progress& progress)
      : crs_(crs),
        place_(counts.place()),
        options_(options),
        to_raster_(crs, counts.place().crs),
        progress_(progress) {
    if (place_.crs.is_geographic()) turns_ = {-360.0, 0.0, 360.0};
  }

  [[nodiscard]] Counted of(const Geometry& site, RasterReader& reader) const {
    const std::size_t n = options_.within_m.size();
    Counted out;
    std::vector<Sum> people(n), reached(n);
    std::vector<double> whole(n);
    std::vector<std::size_t> valid(n, 0);
    std::vector<std::vector<Ring>> rings(turns_.size());
    for (std::size_t k = 0; k < n; ++k) {
      const Geometry ring = ring_of(site, options_.within_m[k]);
      whole[k] = cells_in(ring);
      for (std::size_t t = 0; t < turns_.size(); ++t) {
        Ring one = on_grid(ring, turns_[t], k);
        if (!one.empty()) rings[t].push_back(std::move(one));
      }
    }
    for (const std::vector<Ring>& list : rings)
      if (!list.empty()) add(list, reader, people, reached, valid, out.negative);
    for (std::size_t k = 0; k < n; ++k) {
      out.people.push_back(valid[k] == 0 ? kNan : people[k].value());
      if (valid[k] == 0)
        out.outside = true;
      else if (reached[k].value() < whole[k] * (1.0 - 1e-6))
        out.partly_outside = true;
    }
    return out;
  }

 private:
  [[nodiscard]] Geometry ring_of(const Geometry& site, double distance_m) const {
    BufferOptions buffer;
    buffer.edges = options_.edges;
    buffer.tolerance = options_.tolerance;
    buffer.jobs = 1;
    const Geometry ring = setback_of(site, crs_, distance_m, buffer);
    if (to_raster_.is_identity()) return ring;
    return reproject(ring, to_raster_, std::max(0.01, 0.1 * options_.tolerance * distance_m));
  }
  [[nodiscard]] double cells_in(const Geometry& ring) const {
    const auto& t = place_.transform;
    Sum twice;
    const auto add = [&](const Path& path, double sign) {
      double sum = 0.0;
      for (std::size_t i = 0; i + 1 < path.size(); ++i)
        sum += (path[i].x - path[0].x) * (path[i + 1].y - path[0].y) -
               (path[i].y - path[0].y) * (path[i + 1].x - path[0].x);
      twice += sign * std::abs(sum);
    };
    for (const Polygon& polygon : ring.polygons) {
      add(polygon.shell, 1.0);
      for (const Path& hole : polygon.holes) add(hole, -1.0);
    }
    return twice.value() / 2.0 / std::abs(t[1] * t[5] - t[2] * t[4]);
  }
  [[nodiscard]] Ring on_grid(Geometry ring, double turn, std::size_t distance) const {
    if (turn != 0.0) for_each_vertex(ring, [&](Point& p) { p.x += turn; });
    Ring out{CellCoverage(ring, place_.transform), distance};
    const Box& box = out.coverage.bounds();
    if (box.empty()) return out;
    const auto cell = [](double at, std::size_t most) {
      return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(most)));
    };
    out.column0 = cell(std::floor(box.min_x), place_.columns);
    out.column1 = cell(std::ceil(box.max_x), place_.columns);
    out.row0 = cell(std::floor(box.min_y), place_.rows);
    out.row1 = cell(std::ceil(box.max_y), place_.rows);
    return out;
  }

  /// All rings of one turn: their common window is read once, strip by strip.
  void add(const std::vector<Ring>& rings, RasterReader& reader, std::vector<Sum>& people,
           std::vector<Sum>& reached, std::vector<std::size_t>& valid,
           std::size_t& negative) const {
    constexpr std::size_t most_cells = std::size_t{1} << 20;
    std::size_t column0 = rings[0].column0, column1 = rings[0].column1, row0 = rings[0].row0,
                row1 = rings[0].row1;
    for (const Ring& ring : rings) {
      column0 = std::min(column0, ring.column0);
      column1 = std::max(column1, ring.column1);
      row0 = std::min(row0, ring.row0);
      row1 = std::max(row1, ring.row1);
    }
    const std::size_t columns = column1 - column0;
    const std::size_t block = std::max<std::size_t>(1, place_.block_rows);
    std::size_t high = std::max<std::size_t>(1, most_cells / columns);
    if (high > block) high -= high % block;
    std::vector<double> numbers, share;
    for (std::size_t top = row0; top < row1;) {
      progress_.check();
      const std::size_t end = std::min(row1, top - top % block + high);
      numbers.resize(columns * (end - top));
      reader.read({column0, top, columns, end - top}, numbers.data());
      for (const Ring& ring : rings) {
        const std::size_t from = std::max(top, ring.row0), to = std::min(end, ring.row1);
        if (from >= to) continue;
        ring.coverage.shares(steps(ring.column0, ring.column1), steps(from, to), share);
        const std::size_t width = ring.column1 - ring.column0;
        for (std::size_t row = from; row < to; ++row)
          for (std::size_t c = 0; c < width; ++c) {
            const double part = share[(row - from) * width + c];
            if (part == 0.0) continue;
            reached[ring.distance] += part;
            const double raw = numbers[(row - top) * columns + ring.column0 - column0 + c];
            if (std::isnan(raw) || raw == place_.nodata || is_fill_value(raw)) continue;
            const double number = raw * place_.factor + place_.shift;
            // The widest ring holds the cells of all others.
            if (number < 0.0) negative += ring.distance + 1 == people.size();
            if (!(number >= 0.0)) continue;
            ++valid[ring.distance];
            people[ring.distance] += part * number;
          }
      }
      top = end;
    }
  }
  [[nodiscard]] static std::vector<double> steps(std::size_t from, std::size_t to) {
    std::vector<double> list;
    for (std::size_t i = from; i <= to; ++i) list.push_back(static_cast<double>(i));
    return list;
  }

  const Crs& crs_;
  const RasterPlace& place_;
  const PeopleOptions& options_;
  Transform to_raster_;
  const Progress& progress_;
  std::vector<double> turns_{0.0};
};

void tell(const std::vector<Counted>& sites, const std::string& raster, Findings& findings) {
  std::size_t partly = 0, outside = 0, negative = 0;
  for (const Counted& site : sites) {
    partly += site.partly_outside;
    outside += site.outside;
    negative += site.negative;
  }
  if (partly > 0)
    findings.add("people.partly_outside", Severity::warning, raster,
                 "the raster does not reach all ground around a site: only the people on it count",
                 partly);
  if (outside > 0)
    findings.add("people.outside", Severity::warning, raster,
                 "around a site the raster has no number within a distance", outside);
  if (negative > 0)
    findings.add("people.negative", Severity::warning, raster,
                 "a number of people is below 0 and was left out", negative);
}

}  // namespace

People people_within(const std::vector<Geometry>& sites, const Crs& crs, const RasterSource& counts,
                     const PeopleOptions& options, const Progress& progress) {
  check(options);
  const RasterPeople people(crs, counts, options, progress);
  const Distinct distinct = distinct_of(sites);
  std::vector<Counted> once(distinct.first.size());
  parallel_blocks(
      once.size(), 1, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const auto reader = counts.reader();
        for (std::size_t i = begin; i < end; ++i) {
          const Geometry& site = sites[distinct.first[i]];
          if (site.empty())
            once[i].people.assign(options.within_m.size(), kNan);
          else
            once[i] = people.of(site, *reader);
        }
      },
      progress);
  People out;
  std::vector<Counted> all;
  for (const std::size_t i : distinct.of) {
    out.people.push_back(once[i].people);
    all.push_back(once[i]);
  }
  tell(all, counts.place().name, out.findings);
  return out;
}

People people_within(const std::vector<Geometry>& sites, const Crs& crs,
                     const std::vector<Geometry>& places, const std::vector<double>& number,
                     const PeopleOptions& options, const Progress& progress) {
  check(options);
  if (number.size() != places.size())
    throw Error("surroundings.length", "there are " + std::to_string(places.size()) +
                                           " places and " + std::to_string(number.size()) +
                                           " numbers");
  People out;
  std::vector<Geometry> counted = places;
  std::size_t blank = 0, negative = 0;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    blank += std::isnan(number[i]) || counted[i].empty();
    negative += number[i] < 0.0;
    if (!(number[i] >= 0.0)) counted[i] = {};
  }
  if (blank > 0)
    out.findings.add("people.no_number", Severity::warning, "places",
                     "a place without a number of people, or a number without a place, does not "
                     "count",
                     blank);
  if (negative > 0)
    out.findings.add("people.negative", Severity::warning, "places",
                     "a number of people is below 0 and was left out", negative);
  const NearIndex index(counted, crs, options.edges, options.jobs, progress.part(0.0, 0.3));
  const Distinct distinct = distinct_of(sites);
  std::vector<std::vector<double>> once(distinct.first.size());
  parallel_blocks(
      once.size(), 8, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          const Geometry& site = sites[distinct.first[i]];
          once[i].assign(options.within_m.size(), kNan);
          if (site.empty()) continue;
          std::vector<Sum> sums(options.within_m.size());
          for (const NearHit& hit : index.within(index.probe(site), options.within_m.back()))
            for (std::size_t k = 0; k < sums.size(); ++k)
              if (hit.distance_m <= options.within_m[k]) sums[k] += number[hit.feature];
          for (std::size_t k = 0; k < sums.size(); ++k) once[i][k] = sums[k].value();
        }
      },
      progress.part(0.3, 1.0));
  for (const std::size_t i : distinct.of) out.people.push_back(once[i]);
  return out;
}

}  // namespace lode

#include "libgeo/logistics/sea_lanes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"
#include "libgeo/logistics/sea_parts.h"

namespace lode {

namespace {

using sea::Direction;
using sea::SeaNode;

/// Bars across the water as arcs, each with its gate.
class Bars {
 public:
  explicit Bars(const std::vector<SeaGate>& gates) {
    for (std::size_t g = 0; g < gates.size(); ++g)
      if (!gates[g].canal)
        for (std::size_t i = 0; i + 1 < gates[g].line.size(); ++i) {
          const Point a = gates[g].line[i], b = gates[g].line[i + 1];
          arcs_.emplace_back(sea::direction_of({a.x, a.y}), sea::direction_of({b.x, b.y}));
          gate_.push_back(g);
        }
  }

  struct Crossing {
    double along = 0.0;  ///< angle from the start, radians
    std::size_t gate = 0;
  };
  /// Gates that an arc passes, each once, in order.
  [[nodiscard]] std::vector<Crossing> crossings(const Direction& a, const Direction& b) const {
    std::vector<Crossing> found;
    for (std::size_t i = 0; i < arcs_.size(); ++i) {
      const auto& [p, q] = arcs_[i];
      if (!sea::arcs_cross(a, b, p, q)) continue;
      const Direction n = sea::cross(a, b);
      Direction x = sea::unit(sea::cross(n, sea::cross(p, q)));
      if (sea::dot(x, p) + sea::dot(x, q) < 0.0) x = {-x.x, -x.y, -x.z};
      found.push_back(
          {std::atan2(sea::dot(sea::cross(a, x), sea::unit(n)), sea::dot(a, x)), gate_[i]});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& l, const auto& r) { return l.along < r.along; });
    std::vector<Crossing> each;
    for (const auto& one : found)
      if (std::none_of(each.begin(), each.end(), [&](const auto& e) { return e.gate == one.gate; }))
        each.push_back(one);
    return each;
  }

 private:
  std::vector<std::pair<Direction, Direction>> arcs_;
  std::vector<std::size_t> gate_;
};

/// Rows of the layer of lanes.
class Lanes {
 public:
  explicit Lanes(const std::vector<SeaGate>& gates) : gates_(gates) {}

  void add(Path line, const SeaGate* gate) {
    Geometry geometry;
    geometry.kind = GeometryKind::line;
    geometry.lines.push_back(std::move(line));
    geometry_.push_back(std::move(geometry));
    const auto number = [&](double value) { return value > 0.0 ? value : std::nan(""); };
    gate_.push_back(gate == nullptr ? "" : gate->name);
    toll_.push_back(gate == nullptr ? std::nan("") : number(gate->toll_usd));
    draught_.push_back(gate == nullptr ? std::nan("") : number(gate->max_draught_m));
    speed_.push_back(gate == nullptr ? std::nan("") : number(gate->speed_kmh));
    months_.push_back(gate == nullptr ? "" : months_text(gate->months_closed));
    country_.push_back(gate == nullptr ? "" : gate->country);
  }

  LineLayer layer(const Crs& crs) {
    LineLayer result;
    result.name = kOpenWaterLanes;
    result.mode = "sea";
    result.crs = crs;
    result.geometry = std::move(geometry_);
    result.table.name = result.name;
    result.table.add(text_column("gate", std::move(gate_)));
    result.table.add(number_column("toll_usd", std::move(toll_)));
    result.table.add(number_column("max_draught_m", std::move(draught_), "m"));
    result.table.add(number_column("speed_kmh", std::move(speed_), "km/h"));
    result.table.add(text_column("months_closed", std::move(months_)));
    result.table.add(text_column("country", std::move(country_)));
    return result;
  }

 private:
  static std::string months_text(std::uint16_t months) {
    std::vector<std::string> words;
    for (unsigned m = 0; m < 12; ++m)
      if ((months >> m & 1U) != 0U) words.push_back(std::to_string(m + 1));
    return join(words, ",");
  }

  const std::vector<SeaGate>& gates_;
  std::vector<Geometry> geometry_;
  std::vector<std::string> gate_, months_, country_;
  std::vector<double> toll_, draught_, speed_;
};

/// The water with the most nodes, by its root.
std::uint32_t ocean_of(LinkedSets& waters, std::size_t nodes) {
  std::vector<std::uint32_t> size(nodes, 0);
  for (std::uint32_t i = 0; i < nodes; ++i) ++size[waters.root(i)];
  return static_cast<std::uint32_t>(std::max_element(size.begin(), size.end()) - size.begin());
}

void check_options(const SeaOptions& options, const std::vector<SeaGate>& gates) {
  if (!(options.tolerance_m >= 0.0 && options.tolerance_m <= 100000.0))
    throw Error("sea.bad_option", "the tolerance must be 0 to 100 km", "tolerance_m");
  if (!(options.berth_radius_km > 0.0 && options.berth_radius_km <= 20000.0))
    throw Error("sea.bad_option", "the radius must be above 0 and at most 20,000 km",
                "berth_radius_km");
  std::vector<std::string> names;
  for (const auto& gate : gates) names.push_back(gate.name);
  for (const auto& name : options.open)
    if (std::none_of(names.begin(), names.end(),
                     [&](const auto& known) { return lower(known) == lower(name); }))
      throw Error("sea.unknown_gate", "there is no gate '" + printable(name) + "'", "open",
                  suggestion(name, names));
}

/// The lanes while they are made.
class Builder {
 public:
  Builder(const std::vector<SeaGate>& gates, const SeaOptions& options, Findings& findings)
      : gates_(gates), options_(options), findings_(findings), bars_(gates), lanes_(gates) {}

  /// Finds where lanes end, on the coast as it is.
  void place_ends(const sea::Sight& sight, const std::vector<SeaBerth>& berths) {
    add_fairways(sight);
    add_berths(sight, berths);
  }
  [[nodiscard]] std::vector<Direction> ends() const {
    std::vector<Direction> ends;
    for (const auto& node : ends_) ends.push_back(node.at);
    return ends;
  }

  /// Makes the lanes round the coast whose pockets are filled.
  LineLayer build(const Crs& crs, const sea::Sight& sight, const std::vector<SeaBerth>& berths,
                  const Progress& progress) {
    nodes_ = sight.corners();
    const auto first = static_cast<std::uint32_t>(nodes_.size());
    for (const auto& end : ends_) {
      SeaNode node;
      // An end on the shore is now found on another segment, up to rounding.
      (void)sight.water_near(end.place, 10.0, node);
      node.place = end.place;
      nodes_.push_back(node);
    }
    for (auto& node : nodes_) sight.note_touches(node);
    note_shores(sight.coast());
    const auto pairs = sea::lanes_between(sight, nodes_, options_.jobs, progress.part(0.0, 0.95));
    LinkedSets waters(nodes_.size());
    for (const auto& [a, b] : pairs)
      if (!passes_end(sight.coast(), nodes_[a], nodes_[b]) && add_lane(nodes_[a], nodes_[b]))
        waters.link(a, b);
    for (const auto& [from, to] : fairway_ends_) waters.link(first + from, first + to);
    const std::uint32_t ocean = ocean_of(waters, nodes_.size());
    for (std::size_t i = 0; i < berths.size(); ++i)
      if (berth_end_[i] != kNone && waters.root(first + berth_end_[i]) != ocean)
        findings_.add("sea.landlocked", Severity::warning, "berths",
                      "the water has no way to the ocean; first " + berths[i].id);
    return lanes_.layer(crs);
  }

 private:
  [[nodiscard]] bool shut(const SeaGate& gate) const {
    return gate.closed &&
           std::none_of(options_.open.begin(), options_.open.end(),
                        [&](const auto& name) { return lower(name) == lower(gate.name); });
  }

  /// Which ends lie inside of which segments of the coast, and where.
  void note_shores(const sea::Coast& coast) {
    for (const auto& node : nodes_)
      if (node.shore && node.skip[1] == sea::kNoSegment)
        on_segment_[node.skip[0]].push_back(sea::rough_m(coast.at[node.skip[0]], node.at));
  }

  /// Whether a lane along a straight coast runs through an end between its own: that end would be
  /// found on it without being joined to it.
  [[nodiscard]] bool passes_end(const sea::Coast& coast, const SeaNode& a, const SeaNode& b) const {
    for (const std::uint32_t s : a.skip) {
      if (s == sea::kNoSegment || (s != b.skip[0] && s != b.skip[1])) continue;
      const auto found = on_segment_.find(s);
      if (found == on_segment_.end()) continue;
      const double at_a = sea::rough_m(coast.at[s], a.at), at_b = sea::rough_m(coast.at[s], b.at);
      for (const double at : found->second)
        if (at > std::min(at_a, at_b) + 1e-3 && at < std::max(at_a, at_b) - 1e-3) return true;
    }
    return false;
  }

  void add_fairways(const sea::Sight& sight) {
    std::map<std::pair<double, double>, int> uses;
    for (const auto& gate : gates_)
      if (gate.canal)
        for (const auto& p : gate.line) ++uses[{p.x, p.y}];
    std::map<std::pair<double, double>, std::uint32_t> ends;
    for (const auto& gate : gates_) {
      if (!gate.canal || shut(gate)) continue;
      lanes_.add(gate.line, &gate);
      fairways_.push_back(&gate);
      std::vector<std::uint32_t> linked;
      for (const Point p : {gate.line.front(), gate.line.back()}) {
        // Ends that lie on land are where ships stop: only the others lead on to the sea.
        SeaNode node;
        if (!sight.water_near({p.x, p.y}, 0.0, node)) continue;
        node.place = {p.x, p.y};
        if (ends.count({p.x, p.y}) == 0) {
          ends[{p.x, p.y}] = static_cast<std::uint32_t>(ends_.size());
          ends_.push_back(node);
        }
        linked.push_back(ends[{p.x, p.y}]);
      }
      if (linked.size() == 2) fairway_ends_.emplace_back(linked[0], linked[1]);
      const bool joined = std::any_of(gate.line.begin(), gate.line.end(), [&](Point p) {
        return uses[{p.x, p.y}] > 1;
      });
      if (linked.empty() && !joined)
        findings_.add("sea.gate_inland", Severity::warning, gate.name,
                      "neither end of the fairway lies in open water: no lane leads to it");
    }
  }

  void add_berths(const sea::Sight& sight, const std::vector<SeaBerth>& berths) {
    std::map<std::pair<double, double>, std::uint32_t> known;
    double farthest = 0.0;
    std::string where;
    std::size_t inland = 0;
    for (const auto& berth : berths) {
      berth_end_.push_back(kNone);
      const LonLat at = berth.at;
      if (!std::isfinite(at.lon_deg) || !(std::abs(at.lat_deg) <= 90.0)) {
        if (!std::isnan(at.lon_deg) && !std::isnan(at.lat_deg))
          throw Error("sea.bad_berth", "no place on Earth: latitude " + number_text(at.lat_deg),
                      berth.id, "Longitude and latitude in degrees, in this order.");
        continue;
      }
      SeaNode node;
      const bool water = sight.water_near(at, options_.berth_radius_km * 1000.0, node);
      const double gap = sea::rough_m(sea::direction_of(at), node.at);
      if (fairway_nearer(at, water ? gap : options_.berth_radius_km * 1000.0)) continue;
      if (!water) {
        findings_.add("sea.no_water", Severity::warning, "berths",
                      "no open water within " + number_text(options_.berth_radius_km) +
                          " km, no lane leads there; first " + berth.id);
        continue;
      }
      if (gap > 1000.0) ++inland;
      if (gap > farthest) {
        farthest = gap;
        where = berth.id;
      }
      const auto [it, fresh] = known.emplace(std::make_pair(node.place.lon_deg, node.place.lat_deg),
                                             static_cast<std::uint32_t>(ends_.size()));
      if (fresh) ends_.push_back(node);
      berth_end_.back() = it->second;
    }
    if (inland > 0)
      findings_.add("sea.inland_berth", Severity::note, "berths",
                    "berths lie over a kilometre from the water of the map; the farthest, " +
                        where + ", " + fixed_text(farthest / 1000.0, 1) + " km",
                    inland);
  }

  /// A berth nearer to a fairway than to open water is reached from the fairway.
  [[nodiscard]] bool fairway_nearer(LonLat at, double water_m) const {
    const Direction p = sea::direction_of(at);
    for (const SeaGate* gate : fairways_)
      for (std::size_t i = 0; i + 1 < gate->line.size(); ++i) {
        const Direction a = sea::direction_of({gate->line[i].x, gate->line[i].y});
        const Direction b = sea::direction_of({gate->line[i + 1].x, gate->line[i + 1].y});
        if (sea::rough_m(p, sea::foot_on_arc(p, a, b)) < water_m) return true;
      }
    return false;
  }

  /// One lane, cut between gates. False when it passes a gate that is shut.
  bool add_lane(const SeaNode& a, const SeaNode& b) {
    const auto gates = bars_.crossings(a.at, b.at);
    for (const auto& one : gates)
      if (shut(gates_[one.gate])) return false;
    Point from = {a.place.lon_deg, a.place.lat_deg};
    const Direction n = sea::unit(sea::cross(a.at, b.at));
    const Direction across = sea::cross(n, a.at);
    for (std::size_t i = 0; i + 1 < gates.size(); ++i) {
      const double angle = 0.5 * (gates[i].along + gates[i + 1].along);
      const double c = std::cos(angle), s = std::sin(angle);
      const LonLat middle = sea::place_of(
          {c * a.at.x + s * across.x, c * a.at.y + s * across.y, c * a.at.z + s * across.z});
      lanes_.add({from, {middle.lon_deg, middle.lat_deg}}, &gates_[gates[i].gate]);
      from = {middle.lon_deg, middle.lat_deg};
    }
    lanes_.add({from, {b.place.lon_deg, b.place.lat_deg}},
               gates.empty() ? nullptr : &gates_[gates.back().gate]);
    return true;
  }

  static constexpr std::uint32_t kNone = 0xffffffffU;

  const std::vector<SeaGate>& gates_;
  const SeaOptions& options_;
  Findings& findings_;
  Bars bars_;
  Lanes lanes_;
  std::vector<SeaNode> ends_, nodes_;
  std::vector<const SeaGate*> fairways_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> fairway_ends_;
  std::vector<std::uint32_t> berth_end_;
  std::map<std::uint32_t, std::vector<double>> on_segment_;
};

}  // namespace

LineLayer sea_lanes(const Crs& crs, const std::vector<Geometry>& land,
                    const std::vector<SeaGate>& gates, const std::vector<SeaBerth>& berths,
                    const SeaOptions& options, Findings& findings, const Progress& progress) {
  if (!crs.is_geographic())
    throw Error("sea.crs", "the land is not in longitude and latitude", "land",
                "Transform it to EPSG:4326.");
  check_options(options, gates);
  const sea::Coast whole =
      sea::coast_of(crs, land, options.jobs, findings, progress.part(0.0, 0.2));
  const sea::Coast coast = sea::shrunk(whole, options.tolerance_m, progress.part(0.2, 0.25));
  if (coast.size() == 0)
    throw Error("sea.not_land", "no land is left at this tolerance", "land",
                "Take a smaller tolerance.");
  Builder builder(gates, options, findings);
  builder.place_ends(sea::Sight(coast), berths);
  const sea::Coast plain = sea::filled(coast, builder.ends(), progress.part(0.25, 0.3));
  return builder.build(crs, sea::Sight(plain), berths, progress.part(0.3, 1.0));
}

}  // namespace lode

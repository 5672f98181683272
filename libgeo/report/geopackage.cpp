// Layers are made column by column; their look is in qml.cpp.
#include "libgeo/report/geopackage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/crs.h"
#include "libgeo/report/digest.h"
#include "libgeo/report/field_titles.h"
#include "libgeo/report/layer_style.h"
#include "libgeo/report/qml.h"
#include "libgeo/report/wording.h"

namespace lode {
namespace {

using report::Digest;
using report::kNone;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Adds columns under names that the format can hold: unique in any case, none of its own.
class ColumnAdder {
 public:
  explicit ColumnAdder(Table& table) : table_(table) {}
  void add(Column column) {
    while (!taken_.insert(lower(column.name)).second) column.name += '_';
    table_.add(std::move(column));
  }

 private:
  Table& table_;
  std::set<std::string> taken_{"fid", "geom", "ogc_fid"};
};

/// "PIT_DEPTH" in m -> "PIT_DEPTH_m"; a name that ends in its unit already stays.
std::string name_with_unit(const std::string& name, const std::string& unit) {
  if (report::is_own_indicator(name) || report::unit_shown(unit).empty() ||
      !unit_of_field_name(name).empty())
    return name;
  std::string suffix;
  for (const char c : unit) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
      suffix += c;
    else if (c == '%')
      suffix += "pct";
    else if (c == '/')
      suffix += "_per_";
    else if (!suffix.empty() && suffix.back() != '_')
      suffix += '_';
  }
  if (suffix.empty()) return name;
  const bool there = name.size() > suffix.size() &&
                     name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
  return there ? name : name + "_" + suffix;
}

std::vector<double> filled(const std::vector<double>& values, std::size_t count) {
  std::vector<double> out = values;
  out.resize(count, kNan);
  return out;
}

bool any_known(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return !std::isnan(v); });
}

/// What the draws and dominance say of each site; columns only for what was computed.
void add_firmness(ColumnAdder& columns, const Digest& digest) {
  const std::size_t count = digest.result.sites.size();
  using Number = std::pair<const char*, double (*)(const SiteStanding&)>;
  static constexpr std::array<Number, 7> numbers{
      {{"first_error", [](const SiteStanding& one) { return one.first_error; }},
       {"rank_entropy", [](const SiteStanding& one) { return one.rank_entropy; }},
       {"confidence", [](const SiteStanding& one) { return one.confidence; }},
       {"holistic_acceptability",
        [](const SiteStanding& one) { return one.holistic_acceptability; }},
       {"regret", [](const SiteStanding& one) { return one.regret; }},
       {"pareto_front",
        [](const SiteStanding& one) {
          return one.pareto_front > 0 ? static_cast<double>(one.pareto_front) : kNan;
        }},
       {"dominators", [](const SiteStanding& one) {
          return one.pareto_front > 0 ? static_cast<double>(one.dominators) : kNan;
        }}}};
  for (const auto& [name, of] : numbers) {
    std::vector<double> values(count, kNan);
    for (std::size_t i = 0; i < count; ++i)
      if (digest.place[i] != kNone) values[i] = of(*digest.ranking[digest.place[i]]);
    if (std::string_view(name) == "first_error" && digest.result.draws == 0) continue;
    if (any_known(values)) columns.add(number_column(name, std::move(values)));
  }
  std::vector<std::string> cautions(count), filled_in(count);
  const auto join = [](std::string& text, const std::vector<std::string>& parts) {
    for (const auto& part : parts) text += (text.empty() ? "" : "; ") + part;
    return !parts.empty();
  };
  bool any_caution = false, any_filled = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (digest.place[i] == kNone) continue;
    const auto& one = *digest.ranking[digest.place[i]];
    any_caution = join(cautions[i], one.cautions) || any_caution;
    any_filled = join(filled_in[i], one.missing) || any_filled;
  }
  if (any_caution) columns.add(text_column("cautions", std::move(cautions)));
  if (any_filled) columns.add(text_column("filled_in", std::move(filled_in)));
}

void add_standing(ColumnAdder& columns, const Digest& digest) {
  const std::size_t count = digest.result.sites.size();
  std::vector<double> rank(count, kNan), score(count, kNan), p05(count, kNan), p50(count, kNan),
      p95(count, kNan), first(count, kNan);
  for (std::size_t i = 0; i < count; ++i) {
    if (digest.place[i] == kNone) continue;
    const auto& one = *digest.ranking[digest.place[i]];
    rank[i] = one.rank;
    score[i] = one.score;
    p05[i] = one.rank_p05;
    p50[i] = one.rank_p50;
    p95[i] = one.rank_p95;
    first[i] = one.first_acceptability;
  }
  columns.add(number_column("rank", std::move(rank)));
  columns.add(number_column("score", std::move(score)));
  columns.add(number_column("rank_p05", std::move(p05)));
  columns.add(number_column("rank_p50", std::move(p50)));
  columns.add(number_column("rank_p95", std::move(p95)));
  columns.add(number_column("first_acceptability", std::move(first)));
  add_firmness(columns, digest);
}

/// What ending the dependence says of each site; columns only for what was computed.
void add_supply(ColumnAdder& columns, const Digest& digest) {
  if (!digest.result.supply) return;
  const SupplyAnswer& supply = *digest.result.supply;
  const std::size_t count = digest.result.sites.size();
  std::map<std::string, std::size_t> site_of;
  for (std::size_t i = 0; i < std::min(supply.site.size(), supply.sources.list.size()); ++i)
    if (supply.site[i] < count) site_of.emplace(supply.sources.list[i].id, supply.site[i]);
  const auto add = [&](const char* name, std::vector<double> values, const char* unit) {
    if (any_known(values)) columns.add(number_column(name, std::move(values), unit));
  };
  if (supply.portfolio && !supply.portfolio->choices.empty()) {
    std::vector<std::string> chosen(count);
    std::vector<double> start(count, kNan), worth(count, kNan);
    for (const auto& one : supply.portfolio->choices) {
      const auto found = site_of.find(one.id);
      if (found == site_of.end()) continue;
      chosen[found->second] = one.start_year > 0 ? "yes" : "no";
      if (one.start_year <= 0) continue;
      start[found->second] = one.start_year;
      worth[found->second] = one.worth_usd;
    }
    columns.add(text_column("chosen", std::move(chosen)));
    columns.add(number_column("start_year", std::move(start)));
    add("worth_usd", std::move(worth), "USD");
  }
  if (!supply.economics || digest.indicator("npv_usd") || digest.indicator("usd_per_kg")) return;
  std::vector<double> npv(count, kNan), cost(count, kNan);
  for (const auto& one : supply.economics->sites) {
    const auto found = site_of.find(one.id);
    if (found == site_of.end()) continue;
    npv[found->second] = one.npv_usd.base;
    cost[found->second] = one.usd_per_kg.base;
  }
  add("npv_usd", std::move(npv), "USD");
  add("usd_per_kg", std::move(cost), "USD/kg");
}

OutputLayer sites_layer(const Digest& digest) {
  OutputLayer layer;
  layer.name = "sites";
  layer.crs = wgs84();
  layer.table.name = layer.name;
  const auto& sites = digest.result.sites;
  std::vector<std::string> id, name, country, group, kind, source, left_out(sites.size()),
      permit(sites.size());
  for (const auto& site : sites) {
    id.push_back(site.id);
    name.push_back(site.name);
    country.push_back(site.country);
    group.push_back(site.group);
    kind.push_back(site.kind);
    source.push_back(site.source);
    layer.geometry.push_back(site.located ? point_geometry(site.place.lon_deg, site.place.lat_deg)
                                          : Geometry{});
  }
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (digest.permits[i]) permit[i] = digest.permits[i]->status;
    if (digest.place[i] != kNone) continue;
    for (const auto& one : digest.result.left_out)
      if (one.site_id == sites[i].id) left_out[i] = one.reason;
  }
  ColumnAdder columns(layer.table);
  columns.add(text_column("id", std::move(id)));
  columns.add(text_column("name", std::move(name)));
  columns.add(text_column("country", std::move(country)));
  columns.add(text_column("group", std::move(group)));
  columns.add(text_column("kind", std::move(kind)));
  add_standing(columns, digest);
  columns.add(text_column("left_out", std::move(left_out)));
  if (!digest.result.permits.empty()) columns.add(text_column("permit_status", std::move(permit)));
  for (const auto& one : digest.result.indicators) {
    if (one.name == "group") continue;  // the text column says it
    const std::string column = name_with_unit(one.name, one.unit);
    columns.add(number_column(column, filled(one.value, sites.size()), one.unit));
    if (!any_known(one.low) && !any_known(one.high)) continue;
    columns.add(number_column(column + "_low", filled(one.low, sites.size()), one.unit));
    columns.add(number_column(column + "_high", filled(one.high, sites.size()), one.unit));
  }
  add_supply(columns, digest);
  columns.add(text_column("source", std::move(source)));
  layer.style_qml = report::sites_style();
  return layer;
}

struct Modes {
  std::string longest, all;
};
Modes modes_of(const SiteRoute& route) {
  Modes modes;
  double longest = -1.0;
  std::string last;
  for (const auto& leg : route.legs) {
    if (leg.mode == "snap" || leg.mode == "transfer") continue;
    if (leg.mode != last) modes.all += (modes.all.empty() ? "" : ">") + leg.mode;
    last = leg.mode;
    if (leg.distance_km > longest) {
      longest = leg.distance_km;
      modes.longest = leg.mode;
    }
  }
  return modes;
}

OutputLayer routes_layer(const Digest& digest) {
  OutputLayer layer;
  layer.name = "routes";
  layer.crs = wgs84();
  layer.table.name = layer.name;
  std::vector<std::string> site, name, destination, place, role, mode, modes;
  std::vector<double> rank, km, usd, low, high, hours, co2e, open, detour;
  for (const auto& route : digest.result.routes) {
    if (!route.reachable || route.line.lines.empty() || route.site >= digest.result.sites.size())
      continue;
    const Site& from = digest.result.sites[route.site];
    const Modes way = modes_of(route);
    site.push_back(from.id);
    name.push_back(from.name);
    rank.push_back(
        digest.place[route.site] == kNone ? kNan : digest.ranking[digest.place[route.site]]->rank);
    destination.push_back(route.destination);
    place.push_back(route.destination_name);
    role.push_back(route.role);
    mode.push_back(way.longest);
    modes.push_back(way.all);
    km.push_back(route.distance_km);
    usd.push_back(route.cost_usd_per_t);
    low.push_back(route.cost_low_usd_per_t);
    high.push_back(route.cost_high_usd_per_t);
    hours.push_back(route.hours);
    co2e.push_back(route.co2e_kg_per_t);
    open.push_back(route.months ? route.months->months_open : kNan);
    detour.push_back(route.detour_usd_per_t);
    layer.geometry.push_back(route.line);
  }
  layer.table.add(text_column("site", std::move(site)));
  layer.table.add(text_column("name", std::move(name)));
  layer.table.add(number_column("rank", std::move(rank)));
  layer.table.add(text_column("destination", std::move(destination)));
  layer.table.add(text_column("destination_name", std::move(place)));
  layer.table.add(text_column("role", std::move(role)));
  layer.table.add(text_column("mode", std::move(mode)));
  layer.table.add(text_column("modes", std::move(modes)));
  layer.table.add(number_column("distance_km", std::move(km), "km"));
  layer.table.add(number_column("cost_usd_per_t", std::move(usd), "USD/t"));
  layer.table.add(number_column("cost_low_usd_per_t", std::move(low), "USD/t"));
  layer.table.add(number_column("cost_high_usd_per_t", std::move(high), "USD/t"));
  layer.table.add(number_column("hours", std::move(hours), "h"));
  layer.table.add(number_column("co2e_kg_per_t", std::move(co2e), "kg/t"));
  if (any_known(open)) layer.table.add(number_column("months_open", std::move(open)));
  if (any_known(detour))
    layer.table.add(number_column("detour_usd_per_t", std::move(detour), "USD/t"));
  layer.style_qml = report::routes_style();
  return layer;
}

OutputLayer net_layer(const Digest& digest) {
  OutputLayer layer;
  layer.name = "net_areas";
  layer.crs = wgs84();
  layer.table.name = layer.name;
  std::vector<std::string> site, name;
  std::vector<double> rank;
  const std::size_t count = std::min(digest.result.net_area.size(), digest.result.sites.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (digest.result.net_area[i].polygons.empty()) continue;
    site.push_back(digest.result.sites[i].id);
    name.push_back(digest.result.sites[i].name);
    rank.push_back(digest.place[i] == kNone ? kNan : digest.ranking[digest.place[i]]->rank);
    layer.geometry.push_back(digest.result.net_area[i]);
  }
  layer.table.add(text_column("site", std::move(site)));
  layer.table.add(text_column("name", std::move(name)));
  layer.table.add(number_column("rank", std::move(rank)));
  layer.style_qml = report::area_style("#7a4fa3", "#5d3785");
  return layer;
}

/// The sites that the plan of supply chooses, by the year they start in.
OutputLayer supply_layer(const Digest& digest) {
  OutputLayer layer;
  layer.name = "supply";
  layer.crs = wgs84();
  layer.table.name = layer.name;
  if (!digest.result.supply || !digest.result.supply->portfolio) return layer;
  const SupplyAnswer& supply = *digest.result.supply;
  std::vector<std::string> id, name;
  std::vector<double> start, worth, most;
  const auto& choices = supply.portfolio->choices;
  for (std::size_t i = 0; i < std::min({choices.size(), supply.site.size()}); ++i) {
    const PortfolioChoice& one = choices[i];
    if (one.start_year <= 0 || supply.site[i] >= digest.result.sites.size()) continue;
    const Site& site = digest.result.sites[supply.site[i]];
    if (!site.located || i >= supply.sources.list.size() || supply.sources.list[i].id != one.id)
      continue;
    id.push_back(one.id);
    name.push_back(one.name);
    start.push_back(one.start_year);
    worth.push_back(one.worth_usd);
    most.push_back(one.tonnes.empty() ? kNan
                                      : *std::max_element(one.tonnes.begin(), one.tonnes.end()));
    layer.geometry.push_back(point_geometry(site.place.lon_deg, site.place.lat_deg));
  }
  layer.table.add(text_column("site", std::move(id)));
  layer.table.add(text_column("name", std::move(name)));
  layer.table.add(number_column("start_year", std::move(start)));
  layer.table.add(number_column("most_t_per_year", std::move(most), "t/yr"));
  layer.table.add(number_column("worth_usd", std::move(worth), "USD"));
  report::LayerLook look;
  look.colour_by = {"start_year"};
  look.ramp = report::Ramp::reach;  // the earliest are the darkest
  look.label = {"name", "site"};
  layer.style_qml = report::layer_style(layer, look);
  return layer;
}

/// A layer as it was read; one of mixed kinds is parted, since a GeoPackage layer has one kind.
void add_read_layers(const MapLayer& read, std::set<std::string>& taken,
                     std::vector<OutputLayer>& out) {
  for (const auto kind : {GeometryKind::polygon, GeometryKind::line, GeometryKind::point}) {
    OutputLayer layer;
    std::vector<std::string> label;
    for (std::size_t i = 0; i < read.geometry.size(); ++i) {
      if (read.geometry[i].kind != kind || read.geometry[i].empty()) continue;
      layer.geometry.push_back(read.geometry[i]);
      label.push_back(i < read.label.size() ? read.label[i] : std::string());
    }
    if (layer.geometry.empty()) continue;
    layer.name = read.name.empty() ? read.role : read.name;
    while (!taken.insert(lower(layer.name)).second) layer.name += '_';
    layer.crs = wgs84();
    layer.table.name = layer.name;
    layer.table.add(text_column("label", std::move(label)));
    const bool permit = read.role == "permit" || read.role == "tenure";
    if (kind == GeometryKind::polygon)
      layer.style_qml = permit ? report::area_style("#b08a00", "#8a6c00")
                               : report::area_style("#7d9a3c", "#5f7a25");
    else if (kind == GeometryKind::line)
      layer.style_qml = report::line_style(permit ? "#8a6c00" : "#4d8fc0");
    else
      layer.style_qml = report::point_style(permit ? "#b08a00" : "#5f7a25");
    out.push_back(std::move(layer));
  }
}

}  // namespace

std::vector<OutputLayer> study_layers(const StudyResult& result) {
  const Digest digest(result);
  std::vector<OutputLayer> layers;
  if (!result.sites.empty()) layers.push_back(sites_layer(digest));
  for (auto& layer : {routes_layer(digest), net_layer(digest), supply_layer(digest)})
    if (!layer.geometry.empty()) layers.push_back(layer);
  std::set<std::string> taken{"sites", "routes", "net_areas", "supply", "layer_styles"};
  for (const auto& read : result.layers)
    if (read.role == "permit" || read.role == "tenure" || read.role == "constraint" ||
        read.role == "surroundings")
      add_read_layers(read, taken, layers);
  for (auto& layer : layers) {
    if (layer.name == "sites") {
      layer.title = "Ranked sites";
      layer.abstract = "The sites of the study with rank, score and every indicator.";
    } else if (layer.name == "routes") {
      layer.title = "Routes of the sites";
      layer.abstract = "The best way from each site to its plant and port.";
    } else if (layer.name == "net_areas") {
      layer.title = "Net areas of the sites";
      layer.abstract = "What valid permits cover and hard setbacks leave of each site.";
    } else if (layer.name == "supply") {
      layer.title = "Sites of the supply plan";
      layer.abstract = "The sites that the plan chooses, by the year they start in.";
    }
    report::add_field_titles(layer);
  }
  return layers;
}

}  // namespace lode

// What the columns of drillhole tables usually go by, and which table a table is.
#include <algorithm>
#include <cctype>

#include "libgeo/core/text.h"
#include "libgeo/deposit/drillhole_parts.h"

namespace lode {

namespace drillhole_parts {

namespace {

using Names = std::vector<std::string>;

const Names hole{"bhid",   "holeid", "hole",      "dhid",        "holename", "holenumber",
                 "holeno", "ddh",    "drillhole", "drillholeid", "borehole", "boreholeid"};
const Names azimuth{"azimuth", "az", "azi", "azm", "azim", "brg", "bearing"};
const Names dip{"dip", "plunge"};
const Names from{"from", "depthfrom", "fromdepth", "mfrom", "sampfrom", "start", "top"};
const Names to{"to", "depthto", "todepth", "mto", "sampto", "end", "bottom"};

}  // namespace

std::string plain_name(const std::string& field) {
  std::string plain;
  const std::string small = lower(field);
  for (const char c : small) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : ' ';
  std::string_view name = trim(plain);
  for (const char* unit : {" m", " ft", " deg", " metres", " meters", " feet"})
    if (name.ends_with(unit)) name = trim(name.substr(0, name.size() - std::string(unit).size()));
  std::string joined;
  for (const char c : name)
    if (c != ' ') joined += c;
  return joined;
}

std::vector<Wanted> wanted_collars(bool angles) {
  std::vector<Wanted> wanted{
      {"hole", hole},
      {"x", {"x", "xcollar", "collarx", "east", "easting", "eastings", "xcoord", "utme", "xutm"}},
      {"y",
       {"y", "ycollar", "collary", "north", "northing", "northings", "ycoord", "utmn", "yutm"}},
      {"z",
       {"z", "zcollar", "collarz", "rl", "elev", "elevation", "zcoord", "collarrl", "altitude"}},
      {"depth",
       {"depth", "length", "enddepth", "maxdepth", "eoh", "totaldepth", "holedepth", "td",
        "finaldepth", "holelength", "maxdep", "depthend", "eohdepth"},
       false}};
  if (angles) {
    wanted.push_back({"azimuth", azimuth, false});
    wanted.push_back({"dip", dip, false});
  }
  return wanted;
}

std::vector<Wanted> wanted_surveys() {
  return {{"hole", hole},
          {"at",
           {"at", "depth", "surveydepth", "surveyat", "distance", "dist", "md", "measureddepth",
            "downholedepth", "depthat"}},
          {"azimuth", azimuth},
          {"dip", dip}};
}

std::vector<Wanted> wanted_intervals() {
  return {{"hole", hole}, {"from", from}, {"to", to}};
}

std::vector<Wanted> wanted_desurveyed() {
  return {{"hole", hole},
          {"from", from},
          {"to", to},
          {"x", {"x", "xmid", "xc", "midx", "xcentre", "xcenter", "east", "easting", "xcoord"}},
          {"y", {"y", "ymid", "yc", "midy", "ycentre", "ycenter", "north", "northing", "ycoord"}},
          {"z",
           {"z", "zmid", "zc", "midz", "zcentre", "zcenter", "rl", "elev", "elevation", "zcoord"}}};
}

}  // namespace drillhole_parts

DrillholeTableKind drillhole_table_kind(const Table& table, const DrillholeOptions& options) {
  using namespace drillhole_parts;
  std::vector<std::string> plain;
  for (const Column& column : table.columns) plain.push_back(plain_name(column.name));
  const auto has_all = [&](const std::vector<Wanted>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const Wanted& want) {
      const auto said = options.fields.find(want.name);
      if (said != options.fields.end() && table.find(said->second) != nullptr) return true;
      return !want.required ||
             std::any_of(plain.begin(), plain.end(), [&](const std::string& name) {
               return std::find(want.usual.begin(), want.usual.end(), name) != want.usual.end();
             });
    });
  };
  if (has_all(wanted_desurveyed())) return DrillholeTableKind::desurveyed;
  if (has_all(wanted_intervals())) {
    const auto is_key = [&](std::size_t c) {
      for (const Wanted& want : wanted_intervals()) {
        const auto said = options.fields.find(want.name);
        if (said != options.fields.end() && said->second == table.columns[c].name) return true;
        if (std::find(want.usual.begin(), want.usual.end(), plain[c]) != want.usual.end())
          return true;
      }
      return false;
    };
    for (std::size_t c = 0; c < plain.size(); ++c)
      if (!is_key(c) && holds_numbers(table.columns[c])) return DrillholeTableKind::assays;
    return DrillholeTableKind::lithology;
  }
  if (has_all(wanted_surveys())) return DrillholeTableKind::surveys;
  if (has_all(wanted_collars(false))) return DrillholeTableKind::collars;
  return DrillholeTableKind::unrecognised;
}

}  // namespace lode

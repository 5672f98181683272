// Reads CRS definitions with PROJ, checks them and holds them as canonical text.
#include "libgeo/crs/crs.h"

#include <proj.h>
#include <proj_experimental.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <mutex>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/proj_handles.h"

namespace lode {
namespace {

using proj::Handle;

constexpr std::size_t longest_text = 1u << 20;
constexpr int deepest_nesting = 64;
const char* const known_forms =
    "Give EPSG:n, a WKT, PROJJSON or PROJ string, or local:m or local:ft for a mine grid.";

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& hint = known_forms) {
  throw Error("crs.unknown", what, where, hint);
}

std::string shown(const std::string& text) {
  const std::string clean = printable(text);
  return clean.size() <= 80 ? clean : clean.substr(0, 77) + "...";
}

int nesting(const std::string& text) {
  int depth = 0, deepest = 0;
  for (const char c : text) {
    if (c == '[' || c == '{' || c == '(') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}' || c == ')') --depth;
  }
  return deepest;
}

/// True when the text would make PROJ open a file: "+init=", "+nadgrids=x" and the like.
bool names_a_file(const std::string& text) {
  const std::string low = lower(text);
  if (low.find("init=") != std::string::npos || low.find("file=") != std::string::npos) return true;
  for (auto at = low.find("grids="); at != std::string::npos; at = low.find("grids=", at + 6))
    if (low.compare(at + 6, 5, "@null") != 0) return true;
  return low.find("parameterfile") != std::string::npos;
}

enum class Form { code, urn, wkt, json, proj_string, none };

bool is_code(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == ':' || c == '_' || c == '-' ||
                              c == '.' || c == '+';
                     }) &&
         text.find(':', colon + 1) == std::string::npos;
}

bool is_wkt(const std::string& text) {
  const auto bracket = text.find_first_of("[(");
  if (bracket == std::string::npos || bracket == 0) return false;
  const std::string word = lower(trim(std::string_view(text).substr(0, bracket)));
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

Form form_of(const std::string& text) {
  if (text.front() == '{') return Form::json;
  if (lower(text.substr(0, 12)) == "urn:ogc:def:") return Form::urn;
  if (text.find("+proj=") != std::string::npos || text.rfind("proj=", 0) == 0)
    return Form::proj_string;
  if (is_wkt(text)) return Form::wkt;
  if (is_code(text)) return Form::code;
  return Form::none;
}

Handle create_from_wkt(PJ_CONTEXT* ctx, const std::string& text, const std::string& where) {
  PROJ_STRING_LIST warnings = nullptr, errors = nullptr;
  Handle pj(proj_create_from_wkt(ctx, text.c_str(), nullptr, &warnings, &errors));
  const std::string first = errors != nullptr && errors[0] != nullptr ? errors[0] : "";
  proj_string_list_destroy(warnings);
  proj_string_list_destroy(errors);
  if (!pj)
    refuse("PROJ cannot read the WKT '" + shown(text) + "'" +
               (first.empty() ? "" : ": " + shown(first)),
           where);
  return pj;
}

Handle create_from_code(PJ_CONTEXT* ctx, const std::string& text, const std::string& where) {
  std::string code = text;
  const auto colon = code.find(':');
  std::transform(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(colon), code.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  Handle pj = proj::create(ctx, code.c_str());
  if (!pj) refuse("no CRS '" + shown(text) + "' in PROJ's database", where);
  return pj;
}

Handle create_checked(PJ_CONTEXT* ctx, const std::string& text, const std::string& where) {
  const Form form = form_of(text);
  if (form == Form::none) refuse("'" + shown(text) + "' is no CRS", where);
  if (nesting(text) > deepest_nesting)
    refuse("the CRS is nested deeper than " + std::to_string(deepest_nesting) + " levels", where);
  if ((form == Form::proj_string || form == Form::wkt || form == Form::json) && names_a_file(text))
    refuse("the CRS '" + shown(text) + "' names a file", where,
           "Leave out grids and +init=, or give the EPSG code.");
  if (form == Form::wkt) return create_from_wkt(ctx, text, where);
  if (form == Form::code) return create_from_code(ctx, text, where);
  std::string full = text;
  if (form == Form::proj_string && full.find("type=crs") == std::string::npos) full += " +type=crs";
  Handle pj = proj::create(ctx, full.c_str());
  if (!pj) refuse("PROJ cannot read the CRS '" + shown(text) + "'", where);
  return pj;
}

bool is_geographic(PJ_TYPE type) {
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

/// The horizontal two-dimensional CRS inside a compound or bound one; null when there is none.
Handle horizontal(PJ_CONTEXT* ctx, Handle pj) {
  for (int level = 0; pj && level < 8; ++level) {
    const PJ_TYPE type = proj_get_type(pj.get());
    if (type == PJ_TYPE_COMPOUND_CRS) {
      pj.reset(proj_crs_get_sub_crs(ctx, pj.get(), 0));
    } else if (type == PJ_TYPE_BOUND_CRS) {
      pj.reset(proj_get_source_crs(ctx, pj.get()));
    } else if (is_geographic(type) || type == PJ_TYPE_PROJECTED_CRS) {
      Handle flat(proj_crs_demote_to_2D(ctx, nullptr, pj.get()));
      return flat ? std::move(flat) : std::move(pj);
    } else {
      return {};
    }
  }
  return {};
}

/// The Helmert shift of a bound CRS must not be lost when its base has no code of its own.
bool has_helmert(PJ_CONTEXT* ctx, const PJ* pj) {
  if (proj_get_type(pj) != PJ_TYPE_BOUND_CRS) return false;
  const Handle operation(proj_crs_get_coordoperation(ctx, pj));
  double values[7] = {};
  return operation &&
         proj_coordoperation_get_towgs84_values(ctx, operation.get(), values, 7, 0) != 0 &&
         std::any_of(values, values + 7, [](double v) { return v != 0.0; });
}

double axis_factor(PJ_CONTEXT* ctx, const PJ* pj) {
  const Handle cs(proj_crs_get_coordinate_system(ctx, pj));
  double factor = std::numeric_limits<double>::quiet_NaN();
  if (cs)
    proj_cs_get_axis_info(ctx, cs.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr, nullptr,
                          nullptr);
  return factor;
}

/// Same CRS but for the order of the axes, which is always easting first here.
bool equivalent(PJ_CONTEXT* ctx, const PJ* a, const PJ* b) {
  const Handle na(proj_normalize_for_visualization(ctx, a));
  const Handle nb(proj_normalize_for_visualization(ctx, b));
  return na && nb && proj_is_equivalent_to_with_ctx(ctx, na.get(), nb.get(), PJ_COMP_EQUIVALENT);
}

bool same_units(PJ_CONTEXT* ctx, const PJ* a, const PJ* b) {
  const double fa = axis_factor(ctx, a), fb = axis_factor(ctx, b);
  return std::abs(fa - fb) <= 1e-9 * std::abs(fa);  // the two feet differ by 2e-6
}

Handle from_database(PJ_CONTEXT* ctx, const std::string& authority, const std::string& code) {
  Handle pj(
      proj_create_from_database(ctx, authority.c_str(), code.c_str(), PJ_CATEGORY_CRS, 0, nullptr));
  return pj ? horizontal(ctx, std::move(pj)) : Handle();
}

/// The database's own object for a code that the definition carries; null when they disagree.
Handle by_own_code(PJ_CONTEXT* ctx, const PJ* pj) {
  const char* authority = proj_get_id_auth_name(pj, 0);
  const char* code = proj_get_id_code(pj, 0);
  if (authority == nullptr || code == nullptr) return {};
  const bool crs84 = std::string(authority) == "OGC" && std::string(code) == "CRS84";
  Handle known = crs84 ? from_database(ctx, "EPSG", "4326") : from_database(ctx, authority, code);
  return known && equivalent(ctx, pj, known.get()) ? std::move(known) : Handle();
}

/// What PROJ takes the definition for: confidence 90 or more, or 70 and equivalent.
Handle by_identification(PJ_CONTEXT* ctx, const PJ* pj, const char* authority) {
  int* confidence = nullptr;
  PJ_OBJ_LIST* list = proj_identify(ctx, pj, authority, nullptr, &confidence);
  Handle best;
  int best_confidence = 0;
  const int count = list == nullptr ? 0 : proj_list_get_count(list);
  for (int i = 0; i < count; ++i) {
    Handle candidate(proj_list_get(ctx, list, i));
    if (!candidate || proj_is_deprecated(candidate.get()) || confidence[i] < 70) continue;
    if (!same_units(ctx, pj, candidate.get())) continue;
    if (confidence[i] <= best_confidence) continue;
    if (confidence[i] < 90 && !equivalent(ctx, pj, candidate.get())) continue;
    best_confidence = confidence[i];
    best = std::move(candidate);
  }
  proj_int_list_destroy(confidence);
  proj_list_destroy(list);
  if (!best) return {};
  // The candidate may be built from the definition; the database's own text makes both the same.
  const char* name = proj_get_id_auth_name(best.get(), 0);
  const char* code = proj_get_id_code(best.get(), 0);
  return name != nullptr && code != nullptr ? from_database(ctx, name, code) : Handle();
}

std::string wkt_of(PJ_CONTEXT* ctx, const PJ* pj, const std::string& where) {
  const char* const options[] = {"MULTILINE=NO", nullptr};
  const char* wkt = proj_as_wkt(ctx, pj, PJ_WKT2_2019, options);
  if (wkt == nullptr) refuse("PROJ cannot write the CRS as WKT2", where);
  return wkt;
}

Crs describe(PJ_CONTEXT* ctx, const PJ* pj, const std::string& where) {
  Crs crs;
  const char* name = proj_get_name(pj);
  crs.name = name == nullptr ? "" : name;
  const char* authority = proj_get_id_auth_name(pj, 0);
  const char* code = proj_get_id_code(pj, 0);
  if (authority != nullptr && code != nullptr) crs.authority = std::string(authority) + ":" + code;
  crs.wkt = wkt_of(ctx, pj, where);
  const double factor = axis_factor(ctx, pj);
  if (!(factor > 0.0)) refuse("the CRS '" + shown(crs.name) + "' has no axis unit", where);
  if (is_geographic(proj_get_type(pj))) {
    crs.kind = CrsKind::geographic;
    crs.radians_per_unit = factor;
  } else {
    crs.kind = CrsKind::projected;
    crs.metres_per_unit = factor;
  }
  const Handle ellipsoid(proj_get_ellipsoid(ctx, pj));
  if (!ellipsoid || proj_ellipsoid_get_parameters(ctx, ellipsoid.get(), &crs.semi_major_m, nullptr,
                                                  nullptr, &crs.inverse_flattening) == 0)
    refuse("the CRS '" + shown(crs.name) + "' has no ellipsoid", where);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  crs.west = crs.south = crs.east = crs.north = nan;
  double w = 0, s = 0, e = 0, n = 0;
  if (proj_get_area_of_use(ctx, pj, &w, &s, &e, &n, nullptr) != 0 && w >= -180.0 && s >= -90.0) {
    crs.west = w;
    crs.south = s;
    crs.east = e;
    crs.north = n;
  }
  return crs;
}

Crs local_grid(const std::string& text, double metres_per_unit) {
  Crs crs;
  crs.name = "mine grid in " + std::string(text == "local:m" ? "metres" : "feet");
  crs.authority = crs.wkt = text;
  crs.kind = CrsKind::local;
  crs.metres_per_unit = metres_per_unit;
  crs.west = crs.south = crs.east = crs.north = std::numeric_limits<double>::quiet_NaN();
  return crs;
}

}  // namespace

Crs parse_crs(const std::string& given, const std::string& where) {
  const std::string text(trim(given));
  if (text.empty()) refuse("the CRS is empty", where);
  if (text.size() > longest_text) refuse("the CRS is longer than 1 MiB", where);
  const std::string low = lower(text);
  if (low == "local:m") return local_grid(low, 1.0);
  if (low == "local:ft") return local_grid(low, 0.3048);
  PJ_CONTEXT* ctx = proj::context();
  Handle whole = create_checked(ctx, text, where);
  const bool helmert = has_helmert(ctx, whole.get());
  const Handle as_given(helmert ? proj_clone(ctx, whole.get()) : nullptr);
  Handle flat = horizontal(ctx, std::move(whole));
  if (!flat)
    refuse("'" + shown(text) + "' is neither geographic nor projected", where,
           "Heights, geocentric and engineering CRSs cannot place things on a map; local:m or "
           "local:ft declares a mine grid.");
  Handle known = by_own_code(ctx, flat.get());
  if (!known) known = by_identification(ctx, flat.get(), "EPSG");
  if (!known) known = by_identification(ctx, flat.get(), "ESRI");
  if (known) return describe(ctx, known.get(), where);
  Crs crs = describe(ctx, flat.get(), where);
  crs.authority.clear();  // a code that the database does not confirm is none
  if (helmert) crs.wkt = wkt_of(ctx, as_given.get(), where);
  if (names_a_file(crs.wkt))
    refuse("the CRS '" + shown(crs.name) + "' names a file", where, "Give the EPSG code.");
  return crs;
}

const Crs& wgs84() {
  static const Crs crs = parse_crs("EPSG:4326");
  return crs;
}

const Crs& geodetic_base(const Crs& crs) {
  if (crs.is_local())
    throw Error("crs.local", "a mine grid (" + crs.authority + ") has no place on the Earth", {},
                "Give the data a CRS, or compute in the grid only.");
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const Crs>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[crs.wkt];
  if (!entry) {
    if (crs.is_geographic()) {
      entry = std::make_unique<const Crs>(crs);
    } else {
      PJ_CONTEXT* ctx = proj::context();
      Handle pj = proj::create(ctx, crs.wkt.c_str());
      pj = pj ? horizontal(ctx, std::move(pj)) : Handle();
      Handle base(pj ? proj_crs_get_geodetic_crs(ctx, pj.get()) : nullptr);
      base = base ? horizontal(ctx, std::move(base)) : Handle();
      if (!base) refuse("the CRS '" + shown(crs.label()) + "' has no geographic base", {});
      Handle known_base = by_own_code(ctx, base.get());
      entry = std::make_unique<const Crs>(
          describe(ctx, known_base ? known_base.get() : base.get(), {}));
    }
  }
  return *entry;
}

}  // namespace lode

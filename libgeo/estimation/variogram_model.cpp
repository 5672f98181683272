#include "libgeo/estimation/variogram_model.h"

#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double degree = std::numbers::pi / 180.0;

// Sine and cosine with exact quarter turns, so that axis-aligned models stay axis-aligned.
struct Direction {
  double sine, cosine;
};
Direction direction(double degrees) {
  const double turned = std::fmod(degrees, 360.0);
  const double full = turned < 0.0 ? turned + 360.0 : turned;
  if (full == 0.0) return {0.0, 1.0};
  if (full == 90.0) return {1.0, 0.0};
  if (full == 180.0) return {0.0, -1.0};
  if (full == 270.0) return {-1.0, 0.0};
  return {std::sin(full * degree), std::cos(full * degree)};
}

const std::vector<std::pair<StructureType, std::string>>& type_names() {
  static const std::vector<std::pair<StructureType, std::string>> names{
      {StructureType::spherical, "spherical"},
      {StructureType::exponential, "exponential"},
      {StructureType::gaussian, "gaussian"},
      {StructureType::cubic, "cubic"},
      {StructureType::power, "power"}};
  return names;
}

}  // namespace

Matrix3 axes_of(const Angles& angles) {
  // A vertical rotation by azimuth, then down by dip, then about the major axis by rake.
  const auto [sa, ca] = direction(angles.azimuth_deg);
  const auto [sd, cd] = direction(angles.dip_deg);
  const auto [sr, cr] = direction(angles.rake_deg);
  return {{{sa * cd, ca * cd, -sd},
           {-cr * ca + sr * sd * sa, cr * sa + sr * sd * ca, sr * cd},
           {sr * ca + cr * sd * sa, -sr * sa + cr * sd * ca, cr * cd}}};
}

Matrix3 scaled_axes(const Angles& angles, const std::array<double, 3>& ranges_m) {
  Matrix3 axes = axes_of(angles);
  for (std::size_t row = 0; row < 3; ++row)
    for (double& part : axes[row]) part /= ranges_m[row];
  return axes;
}

std::string_view to_text(StructureType type) {
  for (const auto& [known, name] : type_names())
    if (known == type) return name;
  return "";
}

StructureType parse_structure_type(std::string_view text, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& [type, name] : type_names()) {
    if (name == lower(trim(text))) return type;
    names.push_back(name);
  }
  throw Error("variogram.type", "'" + printable(text) + "' is no type of structure", where,
              "Known: " + join(names, ", ") + ".");
}

bool VariogramModel::bounded() const {
  for (const Structure& structure : structures)
    if (structure.type == StructureType::power) return false;
  return true;
}

double VariogramModel::sill() const {
  double sum = nugget;
  for (const Structure& structure : structures) sum += structure.sill;
  return sum;
}

void check_model(const VariogramModel& model, const std::string& where) {
  const auto refuse = [&](const char* code, const std::string& what, const char* hint) {
    throw Error(code, what, where, hint);
  };
  const char* sill_hint = "Nugget and sills must be 0 or more, one of them above 0.";
  if (!std::isfinite(model.nugget) || model.nugget < 0.0)
    refuse("variogram.sill", "the nugget is " + number_text(model.nugget), sill_hint);
  for (std::size_t i = 0; i < model.structures.size(); ++i) {
    const Structure& s = model.structures[i];
    const std::string name = "structure " + std::to_string(i + 1);
    if (!std::isfinite(s.sill) || s.sill < 0.0)
      refuse("variogram.sill", name + " has the sill " + number_text(s.sill), sill_hint);
    for (const double range : s.ranges_m)
      if (!std::isfinite(range) || range <= 0.0)
        refuse("variogram.range", name + " has the range " + number_text(range) + " m",
               "Ranges are above 0; a nugget is no structure, it has its own key.");
    for (const double angle : {s.angles.azimuth_deg, s.angles.dip_deg, s.angles.rake_deg})
      if (!std::isfinite(angle))
        refuse("variogram.angle", name + " has an angle that is no number",
               "Give azimuth_deg, dip_deg and rake_deg in degrees.");
    if (s.type == StructureType::power && !(s.exponent > 0.0 && s.exponent < 2.0))
      refuse("variogram.exponent", name + " has the exponent " + number_text(s.exponent),
             "The exponent of a power structure lies between 0 and 2, both excluded.");
  }
  if (!(model.sill() > 0.0) || !std::isfinite(model.sill()))
    refuse("variogram.sill", "nugget and sills sum to " + number_text(model.sill()), sill_hint);
}

double unit_gamma(const Structure& structure, double h) {
  switch (structure.type) {
    case StructureType::spherical:
      return h >= 1.0 ? 1.0 : h * (1.5 - 0.5 * h * h);
    case StructureType::exponential:
      return 1.0 - std::exp(-3.0 * h);
    case StructureType::gaussian:
      return 1.0 - std::exp(-3.0 * h * h);
    case StructureType::cubic: {
      // 7h^2 - 35/4 h^3 + 7/2 h^5 - 3/4 h^7 (Chiles and Delfiner 2012, p. 92).
      if (h >= 1.0) return 1.0;
      const double h2 = h * h;
      return h2 * (7.0 + h * (-8.75 + h2 * (3.5 - 0.75 * h2)));
    }
    case StructureType::power:
      return std::pow(h, structure.exponent);
  }
  return 0.0;
}

double gamma_at(const VariogramModel& model, double dx, double dy, double dz) {
  if (dx == 0.0 && dy == 0.0 && dz == 0.0) return 0.0;
  double gamma = model.nugget;
  for (const Structure& structure : model.structures) {
    double square = 0.0;
    for (const auto& axis : scaled_axes(structure.angles, structure.ranges_m)) {
      const double along = axis[0] * dx + axis[1] * dy + axis[2] * dz;
      square += along * along;
    }
    gamma += structure.sill * unit_gamma(structure, std::sqrt(square));
  }
  return gamma;
}

namespace {

double number_at(const Json& json, const std::string& key, const std::string& where) {
  if (!json.at(key).is_number())
    throw Error("variogram.bad_json", "'" + key + "' must be a number", where,
                "See lode-variogram(1) for the form of a model.");
  return json.at(key).as_number();
}

void refuse_unknown_keys(const Json& json, const std::vector<std::string>& known,
                         const std::string& where) {
  for (const auto& [key, value] : json.members()) {
    bool found = false;
    for (const std::string& name : known) found = found || name == key;
    if (!found)
      throw Error("variogram.bad_json", "unknown key '" + printable(key) + "'", where,
                  suggestion(key, known));
  }
}

std::array<double, 3> ranges_from(const Json& json, const std::string& where) {
  const Json& ranges = json.at("ranges_m");
  if (ranges.is_number()) {
    const double range = ranges.as_number();
    return {range, range, range};
  }
  if (!ranges.is_array() || ranges.size() != 3)
    throw Error("variogram.bad_json", "'ranges_m' must be three numbers", where,
                "Give [major, semi-major, minor] in metres, or one number when all are alike.");
  std::array<double, 3> result{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!ranges.items()[i].is_number())
      throw Error("variogram.bad_json", "'ranges_m' must be three numbers", where,
                  "Give [major, semi-major, minor] in metres.");
    result[i] = ranges.items()[i].as_number();
  }
  return result;
}

Structure structure_from(const Json& json, const std::string& where) {
  if (!json.is_object())
    throw Error("variogram.bad_json", "a structure must be an object", where,
                "See lode-variogram(1) for the form of a model.");
  refuse_unknown_keys(
      json, {"type", "sill", "ranges_m", "azimuth_deg", "dip_deg", "rake_deg", "exponent"}, where);
  Structure structure;
  if (!json.at("type").is_string())
    throw Error("variogram.bad_json", "'type' must be a text", where,
                "spherical, exponential, gaussian, cubic or power.");
  structure.type = parse_structure_type(json.at("type").as_string(), where);
  structure.sill = number_at(json, "sill", where);
  structure.ranges_m = ranges_from(json, where);
  const auto angle = [&](const std::string& key) {
    return json.has(key) ? number_at(json, key, where) : 0.0;
  };
  structure.angles = {angle("azimuth_deg"), angle("dip_deg"), angle("rake_deg")};
  if (structure.type == StructureType::power)
    structure.exponent = number_at(json, "exponent", where);
  else if (json.has("exponent"))
    throw Error("variogram.bad_json", "'exponent' belongs to power structures alone", where,
                "Leave it out, or make the type power.");
  return structure;
}

}  // namespace

VariogramModel model_from_json(const Json& json, const std::string& where) {
  if (!json.is_object())
    throw Error("variogram.bad_json", "a model must be an object", where,
                "See lode-variogram(1) for the form of a model.");
  if (json.has("model") && !json.has("structures")) return model_from_json(json.at("model"), where);
  refuse_unknown_keys(json, {"nugget", "structures"}, where);
  VariogramModel model;
  model.nugget = number_at(json, "nugget", where);
  if (!json.at("structures").is_array())
    throw Error("variogram.bad_json", "'structures' must be a list", where,
                "A model of nugget alone has an empty list.");
  for (const Json& item : json.at("structures").items())
    model.structures.push_back(
        structure_from(item, where + ", structure " + std::to_string(model.structures.size() + 1)));
  check_model(model, where);
  return model;
}

Json to_json(const VariogramModel& model) {
  Json json;
  json["nugget"] = model.nugget;
  json["structures"] = Json::array();
  for (const Structure& s : model.structures) {
    Json one;
    one["type"] = to_text(s.type);
    one["sill"] = s.sill;
    one["ranges_m"] = Json(std::vector<double>(s.ranges_m.begin(), s.ranges_m.end()));
    one["azimuth_deg"] = s.angles.azimuth_deg;
    one["dip_deg"] = s.angles.dip_deg;
    one["rake_deg"] = s.angles.rake_deg;
    if (s.type == StructureType::power) one["exponent"] = s.exponent;
    json["structures"].push_back(std::move(one));
  }
  return json;
}

}  // namespace lode

#include "libgeo/study/study_init.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/study/countries.h"
#include "libgeo/study/study_file.h"

namespace lode {

namespace {

/// TOML basic string.
std::string quoted(const std::string& text) {
  static const char* digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class Writer {
 public:
  Writer(const InitLayer& layer, InitResult& result, std::string& text)
      : layer_(layer), result_(result), text_(text) {}

  void path() {
    text_ += "path = " + quoted(layer_.path) + "\n";
    if (!layer_.layer.empty()) text_ += "layer = " + quoted(layer_.layer) + "\n";
    if (!layer_.has_crs) text_ += "# crs = \"EPSG:4326\"       # the layer has no CRS: say which\n";
  }
  /// The first field whose plain name is one of `names`; "" when there is none.
  [[nodiscard]] std::string find(const std::vector<std::string>& names, bool number) const {
    for (const auto& name : names)
      for (const auto& column : layer_.table.columns)
        if (plain_name(column.name) == name && (!number || column.kind == ColumnKind::number))
          return column.name;
    return {};
  }
  bool plain(const std::string& key, const std::vector<std::string>& names,
             const std::string& comment, bool required = false) {
    const std::string field = find(names, false);
    if (field.empty()) {
      if (required) result_.open.push_back(layer_.path + ": " + key);
      text_ += "# " + key + " = \"FIELD\"" +
               std::string(key.size() < 12 ? 12 - key.size() : 1, ' ') + "# " + comment + "\n";
      return false;
    }
    result_.guessed.push_back(layer_.path + ": " + key + " = " + field);
    text_ += key + " = " + quoted(field) + "\n";
    return true;
  }
  /// A field with its unit: from the field's own name, or by the ending that was matched.
  bool measured(const std::string& key,
                const std::vector<std::pair<std::string, std::string>>& names,
                const std::string& extra, const std::string& comment) {
    for (const auto& [name, unit] : names) {
      const std::string field = find({name}, true);
      if (field.empty()) continue;
      result_.guessed.push_back(layer_.path + ": " + key + " = " + field + " (" + unit + ")");
      text_ += key + " = { field = " + quoted(field) + ", unit = " + quoted(unit) + extra + " }\n";
      return true;
    }
    text_ += "# " + key + " = { field = \"FIELD\", unit = \"...\" }   # " + comment + "\n";
    result_.open.push_back(layer_.path + ": " + key);
    return false;
  }

 private:
  const InitLayer& layer_;
  InitResult& result_;
  std::string& text_;
};

struct Known {
  bool tonnage = false, rate = false;
};

void write_sites(const InitLayer& layer, InitResult& result, std::string& text, Known& known) {
  text += "\n[[sites]]\n";
  Writer writer(layer, result, text);
  writer.path();
  text += "kind = " + quoted(layer.kind) + "\n";
  if (!writer.plain("id",
                    {"siteid", "id", "usgsid", "depid", "recid", "recordid", "deposit", "code",
                     "fid", "objectid"},
                    "names a site, once each", true))
    throw Error("study.init_no_id", "no field of the layer can name a site", layer.path,
                "Add a field SITE_ID with a text of its own in every row.");
  writer.plain("name", {"name", "sitename", "depname", "site", "depositname"}, "for people");
  writer.plain("country", {"iso3", "isoa3", "countrycode", "country", "adm0a3"},
               "left out: looked up by place");
  if (layer.kind == "secondary") {
    known.rate |= writer.measured(
        "rate", {{"reoty", "t/yr"}, {"ratety", "t/yr"}, {"tperyr", "t/yr"}, {"tyr", "t/yr"}}, "",
        "tonnes of REO a year");
    writer.plain("life", {"lifey", "life", "lifeyears"}, "years");
  } else {
    const bool ore = writer.measured("ore",
                                     {{"oremt", "Mt"},
                                      {"resourcemt", "Mt"},
                                      {"tonnagemt", "Mt"},
                                      {"oret", "t"},
                                      {"tonnaget", "t"},
                                      {"tonnage", "t"}},
                                     "", "ore tonnage");
    writer.plain("confidence", {"class", "resourceclass", "category", "resclass"},
                 "class of the resource: measured, indicated, inferred, ...");
    writer.measured("recovery", {{"recovpct", "%"}, {"recoverypct", "%"}}, "",
                    "ore to separated oxide");
    const bool grade = writer.measured("grade",
                                       {{"treopct", "%"},
                                        {"treoppm", "ppm"},
                                        {"gradepct", "%"},
                                        {"reopct", "%"},
                                        {"gradeppm", "ppm"}},
                                       ", basis = \"oxide\"", "TREO grade");
    known.tonnage |= ore && grade;
  }
  writer.measured("ndpr_share", {{"ndprsh", "%"}, {"ndprpctoftreo", "%"}, {"ndprpct", "%"}}, "",
                  "NdPr oxide, of TREO");
  writer.measured("dytb_share", {{"dytbsh", "%"}, {"dytbpctoftreo", "%"}, {"dytbpct", "%"}}, "",
                  "DyTb oxide, of TREO");
}

void write_permits(const InitLayer& layer, InitResult& result, std::string& text) {
  text += "\n[[permits]]\n";
  Writer writer(layer, result, text);
  writer.path();
  writer.plain("id", {"permitid", "caseid", "casenr", "serialnr", "id"}, "names a permit");
  writer.plain("holder", {"holder", "owner", "custnm", "company"},
               "only different holders conflict");
  writer.plain("status", {"status", "csedisp", "disposition"}, "valid by the list below");
  writer.plain("granted", {"granted", "grantdate", "issued", "startdate"}, "valid from that day");
  writer.plain("expires", {"expires", "expiry", "expirydate", "enddate"},
               "valid to the end of that day");
  text += "valid = [\"Active\", \"Issued\", \"Granted\"]   # the statuses that count\n";
}

void write_logistics(const InitInputs& inputs, std::string& text) {
  for (const auto& network : inputs.networks) {
    text += "\n[[networks]]\npath = " + quoted(network.path) + "\n";
    if (!network.layer.empty()) text += "layer = " + quoted(network.layer) + "\n";
    text += "mode = " + quoted(network.name) + "\n";
  }
  if (inputs.plants.empty() && inputs.ports.empty()) return;
  text += "\n[logistics]\n";
  for (const auto& [key, path] :
       {std::pair<const char*, const std::string*>{"terminals", &inputs.terminals},
        {"plants", &inputs.plants},
        {"ports", &inputs.ports},
        {"tariff", &inputs.tariff}})
    if (!path->empty()) text += std::string(key) + " = " + quoted(*path) + "\n";
  text += "snap_radius = \"60 km\"   # farther from every line than this counts as unreachable\n";
}

void write_criteria(const InitInputs& inputs, const Known& known, std::string& text) {
  struct One {
    std::string name, direction, scale, bounds;
  };
  std::vector<One> list;
  if (known.tonnage || known.rate)
    list.push_back({"recoverable_treo_t", "max", "log", "[1e3, 1e7]"});
  if (known.tonnage) list.push_back({"treo_grade_pct", "max", "linear", "[0, 10]"});
  if (!inputs.permits.empty()) list.push_back({"valid_coverage_pct", "max", "linear", "[0, 100]"});
  if (!inputs.constraints.empty()) list.push_back({"excluded_pct", "min", "linear", "[0, 100]"});
  const bool places = !inputs.plants.empty() || !inputs.ports.empty();
  if (places && !inputs.networks.empty()) {
    list.push_back({"delivered_usd_per_t", "min", "linear", "[0, 400]"});
  } else if (places) {
    list.push_back({inputs.plants.empty() ? "port_distance_km" : "plant_distance_km", "min",
                    "linear", "[0, 3000]"});
  }
  if (!inputs.governance.empty()) list.push_back({"governance_risk", "min", "linear", "[0, 10]"});
  if (list.empty()) list.push_back({"group", "min", "linear", "[0, 2]"});
  text +=
      "\n# Weights sum to 1; bounds are fixed, so that a site more or less never turns two others "
      "round.\n";
  double left = 1.0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const double weight =
        i + 1 == list.size() ? left : std::floor(100.0 / static_cast<double>(list.size())) / 100.0;
    left = (left * 100.0 - weight * 100.0) / 100.0;
    text += "\n[[criteria]]\nname = " + quoted(list[i].name) +
            "\ndirection = " + quoted(list[i].direction) + "\nweight = " + fixed_text(weight, 2) +
            "\nscale = " + quoted(list[i].scale) + "\nbounds = " + list[i].bounds + "\n";
  }
  text +=
      "\n[ranking]\nmethod = \"topsis\"\ndraws = 10000\nweights = \"uncertain\"\n"
      "missing = \"worst\"       # refuse, worst, neutral, interval, impute: always reported\n"
      "# weight_spread = 0.5     # uncertain: each weight between half and one and a half of its "
      "own\n"
      "# weight_limits = { governance_risk = [0.1, 0.4] }   # of drawn weights; likewise "
      "weight_ratios\n"
      "# pairwise = \"judgements.csv\"   # with weights = \"ahp\", \"bwm\", \"swara\" or \"roc\"\n"
      "# explain = [[\"ID1\", \"ID2\"]]   # else the first against the second and the best of each "
      "group\n"
      "# compare = true          # other methods; likewise reversal and stability: up to 1,000 "
      "sites\n"
      "\n# A rule leaves sites out before scoring; words of a column, or min and max of a number.\n"
      "# [[rules]]\n# name = \"home and allies\"\n# field = \"group\"\n"
      "# any_of = [\"domestic\", \"allied\"]\n";
  if (inputs.governance.empty() && inputs.production.empty()) return;
  text += "\n[supply]\n";
  if (!inputs.production.empty()) text += "production = " + quoted(inputs.production) + "\n";
  if (!inputs.governance.empty()) text += "governance = " + quoted(inputs.governance) + "\n";
}

}  // namespace

InitResult init_study(const InitInputs& inputs) {
  if (inputs.sites.empty())
    throw Error("study.init_no_sites", "no layer of sites was named", "study init",
                "Name one with --sites FILE.");
  InitResult result;
  std::string& text = result.text;
  text =
      "# A study for lode. Lines that start with # are comments; those with FIELD wait for a "
      "name.\n"
      "# Check it with 'lode study check', run it with 'lode study run'.\n\n[study]\ntitle = " +
      quoted(inputs.title) + "\nhome = " + quoted(inputs.home) +
      "            # ISO 3166-1 alpha-3\nallies = [";
  for (std::size_t i = 0; i < inputs.allies.size(); ++i)
    text += (i > 0 ? ", " : "") + quoted(inputs.allies[i]);
  text += "]\nas_of = " + inputs.as_of + "\nseed = 1\ncrs = \"EPSG:4326\"\noutput = \"results\"\n";
  text +=
      "# class_factor = { inferred = 0.3 }   # what a class leaves of recoverable tonnes: "
      "lode-study-file(7)\n";
  Known known;
  for (const auto& layer : inputs.sites) write_sites(layer, result, text, known);
  for (const auto& layer : inputs.permits) write_permits(layer, result, text);
  for (const auto& layer : inputs.constraints) {
    text +=
        "\n[[constraints]]\nname = " + quoted(layer.name) + "\npath = " + quoted(layer.path) + "\n";
    if (!layer.layer.empty()) text += "layer = " + quoted(layer.layer) + "\n";
    text += "setback = " + quoted(layer.setback) +
            "\nhard = true           # false: reported for review, excludes nothing\n";
  }
  write_logistics(inputs, text);
  write_criteria(inputs, known, text);
  // What is handed out must be a study file that reads back without a mistake.
  (void)parse_study(text, "study.toml");
  return result;
}

}  // namespace lode

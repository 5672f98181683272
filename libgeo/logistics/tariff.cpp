#include "libgeo/logistics/tariff.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/table_mistakes.h"

namespace lode {

namespace {

class Reader {
 public:
  explicit Reader(const std::string& where) : where_(where), mistakes_(where) {}

  Tariff read(const toml::table& root) {
    check_keys(root, "",
               {"as_of", "currency", "value_of_time_usd_per_t_h", "modes", "transfers", "borders",
                "class7", "source", "note"});
    Tariff tariff;
    tariff.name = where_;
    tariff.as_of = mistakes_.date(root, "rates");
    tariff.currency = root["currency"].value_or(std::string("USD"));
    if (tariff.currency != "USD")
      mistake(root["currency"].node(),
              "currency '" + printable(tariff.currency) + "': rates must be in USD");
    tariff.value_of_time_usd_per_t_h = number(root, "value_of_time_usd_per_t_h", "", 0.0);
    modes(root, tariff);
    handlings(root, "transfers", tariff.transfers);
    handlings(root, "borders", tariff.borders);
    class7(root, tariff.class7);
    for (const auto& [pair, handling] : tariff.transfers)
      for (const auto& mode : {pair.substr(0, pair.find('>')), pair.substr(pair.find('>') + 1)})
        if (tariff.modes.count(mode) == 0)
          mistake(
              root["transfers"][pair].node(),
              "transfers \"" + printable(pair) + "\": there is no [modes." + printable(mode) + "]");
    mistakes_.throw_any("tariff.invalid", "The manual page of route shows a whole tariff.");
    return tariff;
  }

 private:
  void mistake(const toml::node* node, const std::string& what) { mistakes_.add(node, what); }
  void check_keys(const toml::table& table, const std::string& path,
                  const std::vector<std::string>& known) {
    mistakes_.check_keys(table, path, known);
  }

  /// A number that is finite and not negative. Without `fallback` (NaN) it is required.
  double number(const toml::table& table, const char* key, const std::string& path,
                double fallback) {
    const auto* node = table.get(key);
    if (node == nullptr) {
      if (std::isnan(fallback)) mistake(&table, path + key + " is missing");
      return std::isnan(fallback) ? 0.0 : fallback;
    }
    return number(*node, path + key);
  }
  double number(const toml::node& node, const std::string& name) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (value && std::isfinite(*value) && *value >= 0.0) return *value;
    mistake(&node, name + " must be a number, zero or more");
    return 0.0;
  }

  Rate rate(const toml::table& table, const char* key, const std::string& path, bool required) {
    const auto* node = table.get(key);
    if (node == nullptr) {
      if (required) mistake(&table, path + key + " is missing");
      return {};
    }
    const auto* band = node->as_table();
    if (band == nullptr) {
      const double base = number(*node, path + key);
      return {base, base, base};
    }
    const std::string inside = path + key + ".";
    check_keys(*band, inside, {"low", "base", "high"});
    const std::size_t before = mistakes_.size();
    Rate rate;
    rate.base = number(*band, "base", inside, std::nan(""));
    rate.low = number(*band, "low", inside, rate.base);
    rate.high = number(*band, "high", inside, rate.base);
    if (mistakes_.size() == before && !(rate.low <= rate.base && rate.base <= rate.high))
      mistake(node, path + key + ": low, base and high must rise");
    return rate;
  }

  void modes(const toml::table& root, Tariff& tariff) {
    const auto* all = root.get_as<toml::table>("modes");
    if (all == nullptr || all->empty()) {
      mistake(root.get("modes"), "there is no [modes.X] table");
      return;
    }
    for (const auto& [key, node] : *all) {
      const std::string name = lower(key.str());
      const std::string path = "modes." + printable(name) + ".";
      const auto* table = node.as_table();
      if (table == nullptr) {
        mistake(&node, "modes." + printable(name) + " must be a table");
        continue;
      }
      ModeRates& mode = tariff.modes[name];
      figures(*table, path, true, mode);
      classes(*table, path, mode);
      default_classes(*table, path, mode);
    }
  }

  void default_classes(const toml::table& table, const std::string& path, ModeRates& mode) {
    const auto* node = table.get("default_classes");
    if (node == nullptr) return;
    const auto* list = node->as_array();
    std::vector<std::string> known;
    for (const auto& one : mode.classes) known.push_back(one.vehicle);
    if (list == nullptr || list->empty()) {
      mistake(node, path + "default_classes must be a list such as [\"handysize\"]");
      return;
    }
    for (const auto& one : *list) {
      const std::string name = lower(one.value_or(std::string()));
      if (std::find(known.begin(), known.end(), name) == known.end())
        mistake(&one, path + "default_classes: there is no class '" + printable(name) + "'. " +
                          suggestion(name, known));
      mode.default_classes.push_back(name);
    }
  }

  /// A number above zero, where it stands.
  void above_zero(const toml::table& table, const char* key, const std::string& path, double& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    const std::size_t before = mistakes_.size();
    to = number(*node, path + key);
    if (mistakes_.size() == before && !(to > 0.0))
      mistake(node, path + key + " must be above zero");
  }

  /// A number that no vehicle is outside of: beyond it stands a slip or another unit.
  void within(const toml::table& table, const char* key, const std::string& path, double low,
              double high, const char* range, double& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (value && *value >= low && *value <= high) {
      to = *value;
      return;
    }
    mistake(node, path + key + " must be a number of " + range);
  }

  void share(const toml::table& table, const char* key, const std::string& path, double& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    to = number(*node, path + key);
    if (to > 1.0) mistake(node, path + key + " must be 0 to 1");
  }

  /// The figures that a mode and a class may have; a class starts with those of its mode.
  void figures(const toml::table& table, const std::string& path, bool whole_mode,
               ModeRates& mode) {
    std::vector<std::string> known = {
        "usd_per_tkm", "co2e_g_per_tkm", "speed_kmh",       "source",         "year",
        "payload_t",   "parcel_t",       "dwt_t",           "draught_m",      "vehicle_mass_t",
        "axle_load_t", "backhaul_share", "backhaul_credit", "surface_factor", "note"};
    if (whole_mode) known.insert(known.end(), {"classes", "default_classes"});
    check_keys(table, path, known);
    if (whole_mode || table.get("usd_per_tkm") != nullptr)
      mode.usd_per_tkm = rate(table, "usd_per_tkm", path, true);
    if (const auto* emissions = table.get("co2e_g_per_tkm"))
      mode.co2e_g_per_tkm = number(*emissions, path + "co2e_g_per_tkm");
    within(table, "speed_kmh", path, 0.1, 2000.0, "0.1 to 2,000 km/h", mode.speed_kmh);
    within(table, "payload_t", path, 0.1, 1e6, "0.1 to 1,000,000 t", mode.payload_t);
    within(table, "parcel_t", path, 0.1, 1e6, "0.1 to 1,000,000 t", mode.parcel_t);
    within(table, "dwt_t", path, 0.1, 1e6, "0.1 to 1,000,000 t", mode.dwt_t);
    above_zero(table, "draught_m", path, mode.draught_m);
    above_zero(table, "vehicle_mass_t", path, mode.vehicle_mass_t);
    above_zero(table, "axle_load_t", path, mode.axle_load_t);
    share(table, "backhaul_share", path, mode.backhaul_share);
    share(table, "backhaul_credit", path, mode.backhaul_credit);
    if (table.get("source") != nullptr) mode.source = text(table, "source", path);
    if (const auto* year = table.get("year")) {
      mode.year = static_cast<int>(year->value<std::int64_t>().value_or(0));
      if (!year->is_integer()) mistake(year, path + "year must be a whole number");
    }
    surfaces(table, path, mode);
  }

  void classes(const toml::table& table, const std::string& path, ModeRates& mode) {
    const auto* node = table.get("classes");
    if (node == nullptr) return;
    const auto* all = node->as_table();
    if (all == nullptr || all->empty()) {
      mistake(node, path + "classes must hold a table for each class, such as [" + path +
                        "classes.handysize]");
      return;
    }
    std::vector<ModeRates> list;
    for (const auto& [key, value] : *all) {
      const std::string inside = path + "classes." + printable(key.str()) + ".";
      const auto* figures_of = value.as_table();
      if (figures_of == nullptr) {
        mistake(&value, path + "classes." + printable(key.str()) + " must be a table");
        continue;
      }
      ModeRates one = mode;
      one.vehicle = lower(key.str());
      one.own_speed = figures_of->get("speed_kmh") != nullptr;
      const bool says_something =
          std::any_of(figures_of->begin(), figures_of->end(), [](const auto& pair) {
            return pair.first != "source" && pair.first != "year" && pair.first != "note";
          });
      if (!says_something)
        mistake(&value, path + "classes." + printable(key.str()) +
                            " has no figure that differs from its mode's");
      figures(*figures_of, inside, false, one);
      list.push_back(std::move(one));
    }
    mode.classes = std::move(list);
  }

  void class7(const toml::table& root, Class7Surcharge& to) {
    const auto* node = root.get("class7");
    if (node == nullptr) return;
    const auto* table = node->as_table();
    if (table == nullptr) {
      mistake(node, "class7 must be a table { usd_per_t, hours }");
      return;
    }
    check_keys(*table, "class7.", {"usd_per_t", "hours", "source", "year", "note"});
    to.usd_per_t = rate(*table, "usd_per_t", "class7.", true);
    to.hours = number(*table, "hours", "class7.", 0.0);
  }

  void surfaces(const toml::table& table, const std::string& path, ModeRates& mode) {
    const auto* node = table.get("surface_factor");
    if (node == nullptr) return;
    const auto* factors = node->as_table();
    if (factors == nullptr) {
      mistake(node, path + "surface_factor must be a table such as { gravel = 2.0 }");
      return;
    }
    for (const auto& [surface, factor] : *factors)
      mode.surface_factor[lower(surface.str())] =
          number(factor, path + "surface_factor." + printable(surface.str()));
  }

  std::string text(const toml::table& table, const char* key, const std::string& path) {
    const auto* node = table.get(key);
    if (node == nullptr) return {};
    if (const auto value = node->value<std::string>()) return *value;
    mistake(node, path + key + " must be a text");
    return {};
  }

  void handlings(const toml::table& root, const char* key, std::map<std::string, Handling>& to) {
    const auto* node = root.get(key);
    if (node == nullptr) return;
    const auto* all = node->as_table();
    if (all == nullptr) {
      mistake(node, std::string(key) + " must be a table");
      return;
    }
    const bool borders = std::string_view(key) == "borders";
    for (const auto& [pair, value] : *all) {
      const std::string name = borders ? std::string(pair.str()) : lower(pair.str());
      const std::string path = std::string(key) + " \"" + printable(name) + "\" ";
      const auto cut = name.find('>');
      const bool two = cut != std::string::npos && cut > 0 && cut + 1 < name.size() &&
                       name.find('>', cut + 1) == std::string::npos;
      if (!two && !(borders && name == "any"))
        mistake(&value,
                path + "must be named like " + (borders ? "\"USA>CAN\" or any" : "\"road>rail\""));
      const auto* table = value.as_table();
      if (table == nullptr) {
        mistake(&value, path + "must be a table { usd_per_t, hours }");
        continue;
      }
      if (!two && !(borders && name == "any")) continue;
      check_keys(*table, path, {"usd_per_t", "hours", "co2e_kg_per_t", "source", "year", "note"});
      to[name] = {rate(*table, "usd_per_t", path, true),
                  number(*table, "hours", path, std::nan("")),
                  number(*table, "co2e_kg_per_t", path, 0.0)};
    }
  }

  std::string where_;
  TableMistakes mistakes_;
};

const Handling* pair_of(const std::map<std::string, Handling>& all, const std::string& from,
                        const std::string& to) {
  if (const auto on = all.find(from + ">" + to); on != all.end()) return &on->second;
  if (const auto back = all.find(to + ">" + from); back != all.end()) return &back->second;
  return nullptr;
}

}  // namespace

Rate ModeRates::net_usd_per_tkm() const {
  const double paid = backhaul_share * backhaul_credit;
  if (paid == 0.0) return usd_per_tkm;
  return {usd_per_tkm.low * (1.0 - paid), usd_per_tkm.base * (1.0 - paid),
          usd_per_tkm.high * (1.0 - paid)};
}

const ModeRates* Tariff::mode(const std::string& wanted) const {
  const auto found = modes.find(wanted);
  return found == modes.end() ? nullptr : &found->second;
}

const Handling* Tariff::transfer(const std::string& from, const std::string& to) const {
  return pair_of(transfers, from, to);
}

const Handling* Tariff::border(const std::string& from, const std::string& to) const {
  if (const Handling* named = pair_of(borders, from, to)) return named;
  const auto any = borders.find("any");
  return any == borders.end() ? nullptr : &any->second;
}

Tariff parse_tariff(std::string_view text, const std::string& where) {
  toml::table root;
  if (nests_too_deep(text))
    throw Error("tariff.syntax", "a key nests deeper than 256 tables", where, "Write flat tables.");
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw Error("tariff.syntax", std::string(error.description()),
                where + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                "The tariff is TOML; the manual page of route shows a whole one.");
  }
  return Reader(where).read(root);
}

const Tariff& built_in_tariff() {
  static const Tariff kTariff = parse_tariff(built_in_tariff_text(), "built-in");
  return kTariff;
}

}  // namespace lode

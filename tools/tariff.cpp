#include "libgeo/logistics/tariff.h"

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "tools/command.h"

namespace lode::tools {

namespace {

Json row_of(const std::string& mode, const ModeRates& rates) {
  Json row;
  row["mode"] = mode;
  row["vehicle"] = rates.vehicle;
  row["low_usd_per_tkm"] = rates.usd_per_tkm.low;
  row["usd_per_tkm"] = rates.usd_per_tkm.base;
  row["high_usd_per_tkm"] = rates.usd_per_tkm.high;
  row["net_usd_per_tkm"] = rates.net_usd_per_tkm().base;
  row["co2e_g_per_tkm"] = number_or_null(rates.co2e_g_per_tkm);
  row["speed_kmh"] = number_or_null(rates.speed_kmh);
  row["payload_t"] = number_or_null(rates.payload_t);
  row["parcel_t"] = number_or_null(rates.parcel_t);
  row["dwt_t"] = number_or_null(rates.dwt_t);
  row["draught_m"] = number_or_null(rates.draught_m);
  row["vehicle_mass_t"] = number_or_null(rates.vehicle_mass_t);
  row["axle_load_t"] = number_or_null(rates.axle_load_t);
  row["source"] = rates.source;
  row["year"] = rates.year == 0 ? Json() : Json(rates.year);
  return row;
}

Json handlings_of(const std::map<std::string, Handling>& all) {
  Json list = Json::array();
  for (const auto& [pair, handling] : all) {
    Json one;
    one["pair"] = pair;
    one["low_usd_per_t"] = handling.usd_per_t.low;
    one["usd_per_t"] = handling.usd_per_t.base;
    one["high_usd_per_t"] = handling.usd_per_t.high;
    one["hours"] = handling.hours;
    one["co2e_kg_per_t"] = handling.co2e_kg_per_t;
    list.push_back(one);
  }
  return list;
}

void note_gaps(const Tariff& tariff, Findings& findings) {
  for (const auto& of_mode : tariff.modes) {
    const std::string& mode = of_mode.first;
    const ModeRates& rates = of_mode.second;
    const auto look = [&](const ModeRates& one) {
      const std::string name = one.vehicle.empty() ? mode : mode + " " + one.vehicle;
      if (one.source.empty())
        findings.add("tariff.no_source", Severity::note, tariff.name,
                     "figures do not say where they come from, first " + name);
    };
    look(rates);
    for (const auto& one : rates.classes) look(one);
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  std::string text(built_in_tariff_text());
  Tariff tariff = built_in_tariff();
  const bool own = arguments.has("FILE");
  if (own) {
    const std::string path = arguments.text("FILE");
    text = text_of_file(path, {}, std::size_t{4} << 20);
    Source source;
    source.path = path;
    source.sha256 = sha256(text);
    outcome.inputs.push_back(source);
    tariff = parse_tariff(text, path);
  }
  note_gaps(tariff, outcome.findings);
  std::vector<std::pair<std::string, const ModeRates*>> rows;
  for (const auto& [mode, rates] : tariff.modes) {
    rows.emplace_back(mode, &rates);
    for (const auto& one : rates.classes) rows.emplace_back(mode, &one);
  }
  outcome.shown = {
      "mode",           "vehicle",   "low_usd_per_tkm", "usd_per_tkm", "high_usd_per_tkm",
      "co2e_g_per_tkm", "speed_kmh", "draught_m",       "parcel_t",    "year"};
  add_results(session, outcome, rows.size(),
              [&](std::size_t i) { return row_of(rows[i].first, *rows[i].second); });
  outcome.summary["tariff"] = tariff.name;
  outcome.summary["tariff_as_of"] = tariff.as_of;
  outcome.summary["currency"] = tariff.currency;
  outcome.summary["value_of_time_usd_per_t_h"] = tariff.value_of_time_usd_per_t_h;
  outcome.summary["transfers"] = handlings_of(tariff.transfers);
  outcome.summary["borders"] = handlings_of(tariff.borders);
  outcome.summary["class7_usd_per_t"] = tariff.class7.usd_per_t.base;
  outcome.summary["class7_hours"] = tariff.class7.hours;
  enforce_strict(session, outcome.findings);
  if (arguments.has("output")) {
    OutputSet set(session.overwrite);
    set.write_text(arguments.text("output"), text);
    set.commit();
    outcome.outputs = set.written();
  } else if (!own) {
    outcome.text = text;
  }
  return outcome;
}

}  // namespace

Command tariff_command() {
  Command command;
  command.name = "tariff";
  command.summary = "the built-in freight tariff to edit, or what is wrong with your own";
  command.group = "Logistics";
  command.parameters = {{.name = "FILE",
                         .kind = Kind::file,
                         .help = "a tariff (TOML) to check; without it the built-in one is printed",
                         .positional = true},
                        {.name = "output",
                         .kind = Kind::file_out,
                         .help = "write the built-in tariff there",
                         .aliases = {"-o"},
                         .group = "Result"}};
  command.setup = [](const Arguments& arguments) {
    if (arguments.has("FILE") && arguments.has("output"))
      throw Error("usage.tariff", "-o writes the built-in tariff, and FILE is your own", "tariff",
                  "Take one of them.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools

#include "tools/study_outputs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/report/geopackage.h"
#include "libgeo/report/html.h"
#include "libgeo/report/supply_result_tables.h"
#include "libgeo/report/tables.h"
#include "libgeo/study/explanation_json.h"
#include "tools/session.h"

namespace lode::tools {

namespace fs = std::filesystem;

namespace {

Json rank_row(const StudyResult& result, const SiteStanding& standing) {
  const Site& site = result.sites[standing.site];
  Json row;
  row["rank"] = standing.rank;
  row["id"] = site.id;
  row["name"] = site.name;
  row["country"] = site.country.empty() ? Json() : Json(site.country);
  row["group"] = site.group;
  row["kind"] = site.kind;
  row["score"] = standing.score;
  row["rank_p05"] = standing.rank_p05;
  row["rank_p50"] = standing.rank_p50;
  row["rank_p95"] = standing.rank_p95;
  row["first_acceptability"] = standing.first_acceptability;
  row["first_error"] = standing.first_error;
  row["rank_entropy"] = standing.rank_entropy;
  row["confidence"] = standing.confidence;
  row["pareto_front"] = standing.pareto_front > 0 ? Json(standing.pareto_front) : Json();
  row["missing"] = Json::array();
  for (const auto& one : standing.missing) row["missing"].push_back(one);
  row["cautions"] = Json::array();
  for (const auto& one : standing.cautions) row["cautions"].push_back(one);
  return row;
}

std::string fit(std::string text, std::size_t width) {
  std::size_t shown = 0, at = 0;
  for (; at < text.size() && shown < width; ++shown) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  text.resize(at);
  return text + std::string(width - shown, ' ');
}

/// Why the first stands above the second, and the nearest thing that would turn it round.
std::string people_reason(const StudyResult& result) {
  if (result.explained.empty()) return {};
  const Narrative& words = result.explained.front().words;
  std::string text;
  const auto add = [&](const std::string& sentence) {
    if (!sentence.empty()) text += "  " + printable(sentence) + "\n";
  };
  add(words.headline);
  if (!words.in_favour.empty()) add(words.in_favour.front());
  for (const auto& one : words.flips) add(one);
  if (!words.certainty.empty()) add(words.certainty.front());
  return text.empty() ? text : text + "\n";
}

std::string people_ranking(const StudyResult& result, const std::string& folder) {
  constexpr std::size_t most = 15;
  std::string text = result.title + "\n\n";
  bool cautioned = false;
  text +=
      " rank  site                              group     kind       score  90 % of draws  first\n";
  for (std::size_t i = 0; i < std::min(most, result.ranking.size()); ++i) {
    const SiteStanding& one = result.ranking[i];
    const Site& site = result.sites[one.site];
    const bool drawn = std::isfinite(one.first_acceptability);
    std::string rank = std::to_string(one.rank);
    rank.insert(0, 5 - std::min<std::size_t>(5, rank.size()), ' ');
    text += rank + "  " + fit(printable(site.name.empty() ? site.id : site.name), 32) + "  " +
            fit(site.group, 8) + "  " + fit(site.kind, 9) + "  " + fixed_text(one.score, 4) + "  " +
            fit(drawn ? number_text(one.rank_p05) + " to " + number_text(one.rank_p95) : "-", 13) +
            "  " + (drawn ? fixed_text(one.first_acceptability * 100, 1) + " %" : "-") +
            (one.cautions.empty() ? "" : " !") + "\n";
    cautioned = cautioned || !one.cautions.empty();
  }
  if (result.ranking.size() > most)
    text +=
        "       ... and " + std::to_string(result.ranking.size() - most) + " more in ranking.csv\n";
  if (cautioned)
    text += "       ! read with care: the reason stands in ranking.csv and the report\n";
  text += "\n" + people_reason(result);
  for (const auto& figure : result.figures)
    text += "  " + figure.name + ": " +
            fixed_text(figure.value, figure.value == std::floor(figure.value) ? 0 : 2) +
            (figure.unit.empty() ? "" : " " + figure.unit) + "\n";
  return text + "\n  report:  " + (fs::path(folder) / "report.html").string() +
         "\n  map:     " + (fs::path(folder) / "sites.gpkg").string() + " (opens styled in QGIS)\n";
}

/// Tables on supply that the run before wrote here, by its own record, and this one does not: left
/// there they would pass for results of this run.
std::vector<std::string> stale_tables(
    const std::string& folder, const std::vector<std::pair<std::string, std::string>>& written) {
  std::vector<std::string> stale;
  std::ifstream file(fs::path(folder) / "run.json", std::ios::binary);
  if (!file) return stale;
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::set<std::string> before;
  try {
    const Json record = Json::parse(text, "run.json");  // named: it must outlive the loop
    for (const auto& one : record.at("outputs").items())
      before.insert(one.at("path").as_string());
  } catch (const Error&) {
    return stale;  // no record of ours: nothing of it is known to be ours
  }
  for (const auto& one : written) before.erase(one.first);
  for (const auto& name : supply_result_files())
    if (before.count(name) > 0) stale.push_back((fs::path(folder) / name).string());
  return stale;
}

}  // namespace

std::vector<Parameter> study_parameters() {
  std::vector<Parameter> list = {
      {.name = "data",
       .kind = Kind::text,
       .help = "root folder of the inputs; overrides [study] data and LODE_DATA"},
      {.name = "allow-path",
       .kind = Kind::text,
       .help = "a further folder that inputs may lie in",
       .repeatable = true}};
  for (auto& parameter : list) parameter.group = "Reading";
  return list;
}

StudyOptions study_options(const Arguments& arguments, const Session& session) {
  StudyOptions options;
  options.data = arguments.text("data");
  if (options.data.empty())
    if (const char* folder = std::getenv("LODE_DATA")) options.data = folder;
  options.allow_paths = arguments.texts("allow-path");
  if (arguments.has("seed")) options.seed = session.seed;
  options.jobs = session.jobs;
  return options;
}

std::string output_folder(const StudyFile& study, const StudyOptions& options,
                          const std::string& asked) {
  const fs::path base = study.folder.empty() ? fs::path(".") : fs::path(study.folder);
  std::error_code failed;
  const fs::path folder = asked.empty() ? base / study.output : fs::path(asked);
  const fs::path full = fs::weakly_canonical(fs::absolute(folder), failed);
  const fs::path home = fs::weakly_canonical(fs::absolute(base), failed);
  if (asked.empty()) {
    const auto [end, ignored] = std::mismatch(home.begin(), home.end(), full.begin(), full.end());
    if (end != home.end() || fs::path(study.output).is_absolute())
      throw Error("study.path",
                  "output '" + printable(study.output) + "' leads out of the study's folder",
                  study.path, "Name a folder below it, or give one with -o.");
  }
  std::vector<fs::path> inputs = {home};
  if (!options.data.empty())
    inputs.push_back(fs::weakly_canonical(fs::absolute(options.data), failed));
  if (!study.data.empty())
    inputs.push_back(fs::weakly_canonical(fs::absolute(base / study.data), failed));
  for (const auto& one : inputs)
    if (one == full)
      throw Error("study.output_is_input", "results would be written among the inputs",
                  folder.string(), "Give a folder of their own, such as results.");
  return folder.lexically_normal().string();
}

void write_study(const StudyFile& study, const StudyResult& result, const RunRecord& record,
                 const std::string& folder, const Session& session, Outcome& outcome) {
  outcome.findings.add(result.findings);
  enforce_strict(session, outcome.findings);
  std::error_code failed;
  const bool fresh = !fs::exists(folder, failed);
  fs::create_directories(folder, failed);
  if (failed)
    throw Error("io.no_folder", "the folder cannot be made: " + failed.message(), folder,
                "Check that you may write there.");
  const auto in = [&](const std::string& name) { return (fs::path(folder) / name).string(); };
  try {
    OutputSet set(session.overwrite);
    Findings written;
    WriteOptions options;
    options.overwrite = session.overwrite;
    options.time_stamp = to_text(result.as_of) + "T00:00:00.000Z";
    set.write_layers(in("sites.gpkg"), study_layers(result), options, written);
    set.write_text(in("ranking.csv"), csv_text(ranking_table(result)));
    set.write_text(in("indicators.csv"), csv_text(indicator_table(result)));
    for (const auto& [name, table] : supply_result_tables(result))
      set.write_text(in(name), csv_text(table));
    set.write_text(in("explanation.json"), explanation_json(result).dump(1) + "\n");
    set.write_text(in("report.html"), html_report(result));
    std::vector<std::pair<std::string, std::string>> sums;
    for (const auto& staged : set.staged())
      sums.emplace_back(fs::path(staged.path).filename().string(), staged.sha256);
    set.write_text(in("run.json"), to_json(record, result, sums).dump(1) + "\n");
    session.progress.check();
    const std::vector<std::string> stale = stale_tables(folder, sums);
    set.commit();
    for (const auto& path : stale) fs::remove(path, failed);
    outcome.findings.add(written);
    outcome.outputs = set.written();
  } catch (...) {
    if (fresh) fs::remove(folder, failed);  // only when it is empty
    throw;
  }
  outcome.inputs = result.inputs;
  Source file;
  file.path = study.path;
  file.sha256 = study.sha256;
  outcome.inputs.insert(outcome.inputs.begin(), file);
  for (const auto& standing : result.ranking) outcome.results.push_back(rank_row(result, standing));
  outcome.summary["sites"] = result.sites.size();
  outcome.summary["ranked"] = result.ranking.size();
  outcome.summary["outputs"] = outcome.outputs.size();
  for (const auto& figure : result.figures) {
    std::string key = figure.name + (figure.unit.empty() ? "" : "_" + figure.unit);
    std::replace(key.begin(), key.end(), ' ', '_');
    outcome.summary[key] = figure.value;
  }
  outcome.text = people_ranking(result, folder);
}

}  // namespace lode::tools

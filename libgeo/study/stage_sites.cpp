// Stage 1: sites from their layers, each with id, country, group and kind.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/share.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

/// Outlines of a layer that the study names: the field that holds the code is found by its name.
Countries read_countries(StudyContext& context, const std::string& path, int line) {
  LayerRef reference;
  reference.path = path;
  reference.line = line;
  Layer layer = context.read(reference, true);
  const Column* code = nullptr;
  for (const char* name : {"iso3", "iso_a3_eh", "adm0_a3", "iso_a3"})
    if (!code) code = layer.table.find(name);
  if (!code)
    throw Error("study.field", "no field holds the countries' codes",
                context.where(line) + ": " + path, "Name it iso3, iso_a3 or adm0_a3.");
  const auto codes = layer.table.texts(code->name);
  std::vector<Country> list;
  for (std::size_t i = 0; i < layer.size(); ++i)
    if (codes[i].size() == 3) list.push_back({codes[i], codes[i], std::move(layer.geometry[i])});
  return Countries(std::move(list));
}

struct Alliance {
  std::set<std::string> members;
};

Alliance read_alliance(StudyContext& context) {
  const StudyFile& study = context.study;
  Alliance alliance;
  if (study.allies_set.empty()) {
    for (const auto& code : study.allies_list) {
      if (!context.countries.knows(code))
        throw Error("study.country",
                    "'" + printable(code) + "' in allies is no ISO 3166-1 alpha-3 code", study.path,
                    "Three capitals, such as AUS.");
      alliance.members.insert(code);
    }
    context.result.allies_name = join(study.allies_list, ", ");
    return alliance;
  }
  const Layer layer = context.read_plain_table(study.alliances, 0);
  const auto groups = layer.table.texts("group"), codes = layer.table.texts("iso3");
  const Column* dated = layer.table.find("valid_as_of");
  const auto dates =
      dated ? layer.table.texts("valid_as_of") : std::vector<std::string>(layer.size());
  std::set<std::string> known;
  std::string oldest;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    known.insert(groups[i]);
    if (groups[i] != study.allies_set) continue;
    alliance.members.insert(codes[i]);
    if (!dates[i].empty() && (oldest.empty() || dates[i] < oldest)) oldest = dates[i];
  }
  if (alliance.members.empty())
    throw Error("study.value",
                "there is no set '" + printable(study.allies_set) + "' in " + study.alliances,
                study.path, suggestion(study.allies_set, {known.begin(), known.end()}));
  context.result.allies_name = study.allies_set;
  if (!oldest.empty() && oldest.substr(0, 4) < to_text(study.as_of).substr(0, 4))
    context.result.findings.add("study.alliance_age", Severity::warning,
                                study.alliances + ", " + study.allies_set,
                                "membership is as of " + oldest + ", older than the study's date " +
                                    to_text(study.as_of) + ": check that it still holds");
  return alliance;
}

bool is_country_code(const std::string& word) {
  return word.size() == 3 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Words of [logistics] avoid or only that look like codes, and all where there are no groups.
void check_country_codes(const StudyContext& context, const std::vector<std::string>& words,
                         const std::string& key) {
  for (const auto& word : words) {
    const bool group =
        lower(word) == "allied" || (!is_country_code(word) && !context.study.alliances.empty());
    if (!group && !context.countries.knows(word))
      throw Error("study.country",
                  "'" + printable(word) + "' in [logistics] " + key + " is no country we know",
                  context.where(context.study.logistics.line),
                  "Give ISO 3166-1 alpha-3 codes, such as CHN.");
  }
}

/// Codes, with groups of the alliances taken apart; "allied" is home with its allies.
std::vector<std::string> countries_of(StudyContext& context, const std::vector<std::string>& words,
                                      const std::string& key) {
  std::set<std::string> codes;
  std::optional<Layer> table;
  for (const auto& word : words) {
    if (lower(word) == "allied") {
      codes.insert(context.study.home);
      codes.insert(context.result.allies.begin(), context.result.allies.end());
      continue;
    }
    // A group may have a name of three capitals, but a country's code is never a group.
    const bool known = context.countries.knows(word) && is_country_code(word);
    if (known) {
      codes.insert(word);
      continue;
    }
    if (!table) table = context.read_plain_table(context.study.alliances, 0);
    const auto groups = table->table.texts("group"), members = table->table.texts("iso3");
    bool found = false;
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (lower(groups[i]) == lower(word)) {
        codes.insert(members[i]);
        found = true;
      }
    if (found) continue;
    const std::set<std::string> names(groups.begin(), groups.end());
    throw Error("study.unknown_group",
                "there is no group '" + printable(word) + "' in " + context.study.alliances +
                    " for [logistics] " + key,
                context.where(context.study.logistics.line),
                "Groups there: " + join({names.begin(), names.end()}, ", ") +
                    "; 'allied' is home with its allies.");
  }
  return {codes.begin(), codes.end()};
}

/// Country of every row: the field where it says one, else by place.
class CountryOf {
 public:
  CountryOf(StudyContext& context, const SitesTable& table, const Layer& layer)
      : context_(context), layer_(layer) {
    if (table.country.given()) said_ = field_texts(context, layer, table.country);
    if (!table.countries.empty()) own_ = read_countries(context, table.countries, table.layer.line);
    outlines_ = table.countries.empty() ? &context.countries : &own_;
  }

  std::string operator()(std::size_t row, const Site& site) {
    Findings& findings = context_.result.findings;
    if (row < said_.size() && !trim(said_[row]).empty()) {
      const std::string code = country_code(said_[row], context_.countries);
      if (!code.empty()) return code;
      findings.add("study.unknown_country", Severity::warning, layer_.table.name,
                   "a country is no ISO 3166-1 alpha-3 code and no name we know (first: '" +
                       printable(said_[row]) + "', " + site.source + "); the place decides");
    }
    if (!site.located) return {};
    const auto found = outlines_->at(site.place);
    if (found.offshore_m > 0)
      findings.add(
          "study.offshore", Severity::note, layer_.table.name,
          "places up to 10 km off a coast took the nearest country (first: " + site.id + ")");
    if (found.iso3.empty())
      findings.add("study.no_country", Severity::warning, layer_.table.name,
                   "a site lies in no country (first: " + site.id + "); its group is 'other'");
    return found.iso3;
  }

 private:
  StudyContext& context_;
  const Layer& layer_;
  std::vector<std::string> said_;
  Countries own_;
  const Countries* outlines_ = nullptr;
};

void check_place(StudyContext& context, const Site& site, const std::string& layer) {
  if (!site.located || site.country.empty()) return;
  const auto found = context.countries.at(site.place);
  if (!found.iso3.empty() && found.iso3 != site.country)
    context.result.findings.add(
        "study.country_differs", Severity::warning, layer,
        "a place lies in another country than its row says (first: " + site.id + " '" + site.name +
            "' says " + site.country + ", lies in " + found.iso3 + "); the row's word was kept");
}

/// Sites of one name and place that differ in their element are one deposit.
void check_rows(const StudyContext& context, const SitesTable& table, const Layer& layer,
                const std::vector<std::string>& names) {
  if (!table.ore.given() && !table.grade.given()) return;
  std::vector<std::string> keys;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    const bool located = layer.has_geometry() && !layer.geometry[row].empty();
    const Point place = located ? representative_point(layer.geometry[row]) : Point{};
    keys.push_back(plain_name(names[row]) + "|" + number_text(place.x) + "|" +
                   number_text(place.y));
  }
  refuse_element_rows(
      context, table.layer, layer, keys,
      "Keep one row a site here, and join the table as [[reported]] with elements = "
      "\"rows\".");
}

void add_sites(StudyContext& context, const SitesTable& table, std::size_t table_index,
               const Alliance& alliance) {
  context.site_layers.push_back(context.read(table.layer, true));
  const Layer& layer = context.site_layers.back();
  const auto ids = field_texts(context, layer, table.id);
  const auto names =
      table.name.given() ? field_texts(context, layer, table.name) : feature_names(layer, "");
  check_rows(context, table, layer, names);
  CountryOf country_of(context, table, layer);
  for (std::size_t row = 0; row < layer.size(); ++row) {
    Site site;
    site.id = std::string(trim(ids[row]));
    site.source = row_source(layer, row);
    if (site.id.empty())
      throw Error("study.no_id", "a site has no id in field '" + table.id.field + "'", site.source,
                  "Every site needs an id of its own.");
    site.name = names[row];
    site.kind = table.kind;
    if (layer.has_geometry() && !layer.geometry[row].empty()) {
      site.located = true;
      site.geometry = layer.geometry[row];
      const Point place = representative_point(site.geometry);
      site.place = {place.x, place.y};
    }
    site.country = country_of(row, site);
    site.group = site.country.empty()                       ? (site.located ? "other" : "")
                 : site.country == context.study.home       ? "domestic"
                 : alliance.members.count(site.country) > 0 ? "allied"
                                                            : "other";
    if (table.country.given()) check_place(context, site, layer.table.name);
    context.result.sites.push_back(std::move(site));
    context.site_rows.emplace_back(table_index, row);
  }
}

void check_ids(const std::vector<Site>& sites) {
  std::set<std::string> seen;
  for (const auto& site : sites)
    if (!seen.insert(site.id).second)
      throw Error("study.duplicate_id", "two sites have the id '" + printable(site.id) + "'",
                  site.source, "Each site needs an id of its own, over all [[sites]] tables.");
}

}  // namespace

void stage_sites(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "reading sites");
  context.countries = built_in_countries(context.options.jobs, context.result.findings);
  if (!context.countries.knows(context.study.home))
    context.faults.emplace_back(
        "study.country", "home '" + context.study.home + "' is no country we know",
        context.where(context.study.home_line), "Give its ISO 3166-1 alpha-3 code, such as USA.");
  const LogisticsTable& logistics = context.study.logistics;
  check_country_codes(context, logistics.avoid, "avoid");
  check_country_codes(context, logistics.only, "only");
  const Alliance alliance = read_alliance(context);
  context.result.allies.assign(alliance.members.begin(), alliance.members.end());
  context.avoid = countries_of(context, logistics.avoid, "avoid");
  context.only = countries_of(context, logistics.only, "only");
  context.result.countries = context.countries.list();
  context.site_layers.reserve(context.study.sites.size());
  for (std::size_t i = 0; i < context.study.sites.size(); ++i)
    add_sites(context, context.study.sites[i], i, alliance);
  StudyResult& result = context.result;
  if (result.sites.empty())
    throw Error("study.no_sites", "the [[sites]] layers hold no site", context.study.path,
                "Check their paths and 'where' filters.");
  check_ids(result.sites);
  context.facts.resize(result.sites.size());
  std::size_t unlocated = 0;
  for (const auto& site : result.sites) {
    if (site.located) continue;
    ++unlocated;
    result.left_out.push_back({site.id, site.name, "it has no place"});
  }
  result.figures.push_back({"sites read", static_cast<double>(result.sites.size()), ""});
  result.figures.push_back({"sites without a place", static_cast<double>(unlocated), ""});
  if (unlocated > 0)
    result.findings.add(
        "study.unlocated", Severity::warning,
        result.sites.front().source.substr(0, result.sites.front().source.find(',')),
        "sites have no place: they are counted and listed, not ranked", unlocated);
}

}  // namespace lode

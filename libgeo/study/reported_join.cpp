// Reported resources in a table of their own, joined to the sites by name or id.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/deposit/reported.h"
#include "libgeo/study/context.h"
#include "libgeo/supply/composition.h"

namespace lode {

namespace {

std::string name_without_brackets(const std::string& name) {
  std::string out;
  int depth = 0;
  for (const char c : name) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) out += c;
    if (c == ')' || c == ']') --depth;
  }
  return out;
}

/// Rows of a reported table by key; a key that several rows share is ambiguous.
class Matcher {
 public:
  void add(const std::string& key, std::size_t row) {
    if (key.empty()) return;
    auto [at, fresh] = rows_.emplace(key, row);
    if (!fresh && at->second != row) at->second = ambiguous;
  }
  static constexpr std::size_t ambiguous = static_cast<std::size_t>(-1), none = ambiguous - 1;
  [[nodiscard]] std::size_t find(const std::string& key) const {
    const auto at = rows_.find(key);
    return at == rows_.end() || key.empty() ? none : at->second;
  }

 private:
  std::map<std::string, std::size_t> rows_;
};

/// One entry a deposit.
struct ReportedRows {
  std::vector<LowBaseHigh> ore_t;
  std::vector<OxideRow> oxides;  ///< empty when the table has no element columns
  std::vector<LowBaseHigh> treo;
  std::vector<std::string> label, country, confidence;  ///< texts as they stand in the table
  std::vector<std::string> key_full, key_short;
};

/// The text of the first row of each deposit.
std::vector<std::string> by_deposit(const std::vector<std::string>& ids,
                                    const std::vector<std::string>& texts,
                                    const std::vector<std::string>& deposits) {
  std::map<std::string, std::string> first;
  for (std::size_t i = 0; i < ids.size(); ++i) first.emplace(ids[i], texts[i]);
  std::vector<std::string> out;
  for (const auto& id : deposits) out.push_back(first[id]);
  return out;
}

/// Folds the rows of `layer` to one a deposit, with `ore_t` and a column an element.
void fold(StudyContext& context, const ReportedTable& table, Layer& layer, ReportedRows& rows) {
  ElementRowFields fields;
  if (!table.id.field.empty()) fields.deposit = table.id.field;
  if (!table.name.field.empty()) fields.name = table.name.field;
  if (!table.element_field.empty()) fields.element = table.element_field;
  if (!table.grade_field.empty()) fields.grade = table.grade_field;
  fields.grade_unit = table.grade_unit_field;
  if (!table.ore.field.empty()) fields.ore = table.ore.field;
  fields.ore_unit = table.ore_unit_field;
  for (Column& column : layer.table.columns)
    if (column.name == layer.table.at(fields.ore).name && !table.ore.unit.empty())
      column.unit = table.ore.unit;
  FoldedDeposits folded = fold_element_rows(layer.table, fields);
  context.result.findings.add(folded.findings);
  const auto ids = layer.table.texts(fields.deposit), deposits = folded.table.texts("id");
  rows.country = by_deposit(ids, field_texts(context, layer, table.country), deposits);
  rows.confidence = by_deposit(ids, field_texts(context, layer, table.confidence), deposits);
  layer.table = std::move(folded.table);
  layer.fid.resize(layer.table.rows());
  layer.geometry.clear();
  for (const double ore : layer.table.numbers("ore_t")) rows.ore_t.push_back(only_base(ore));
  rows.label = layer.table.texts(table.match == "id" ? "id" : "name");
}

ReportedRows read_reported(StudyContext& context, const ReportedTable& table) {
  ReportedRows rows;
  Layer layer = context.read(table.layer, false);
  if (table.elements == "rows") {
    fold(context, table, layer, rows);
  } else {
    rows.label = field_texts(context, layer, table.match == "id" ? table.id : table.name);
    std::vector<std::string> keys;
    for (const auto& name : rows.label) keys.push_back(plain_name(name));
    refuse_element_rows(
        context, table.layer, layer, keys,
        "Add elements = \"rows\" and element = \"FIELD\": the ore of a deposit then "
        "counts once.");
    rows.country = field_texts(context, layer, table.country);
    rows.confidence = field_texts(context, layer, table.confidence);
    const auto ore = field_ranges(context, layer, table.ore, Dimension::mass);
    for (std::size_t i = 0; i < layer.size(); ++i)
      rows.ore_t.push_back(ore.given() ? ore.at(i) : LowBaseHigh{});
  }
  if (!table.elements.empty()) {
    OxideOptions options;
    if (!context.study.supply.prices.empty())
      options.prices = read_prices(
          context.read_plain_table(context.study.supply.prices, context.study.supply.line).table);
    OxideResult oxides = oxides_of(layer.table, options);
    context.result.findings.add(oxides.findings);
    rows.oxides = std::move(oxides.rows);
  }
  const auto grade = field_ranges(context, layer, table.grade, Dimension::grade);
  const bool by_id = table.match == "id";
  for (std::size_t i = 0; i < layer.size(); ++i) {
    rows.treo.push_back(grade.given() ? grade.at(i) : LowBaseHigh{});
    const std::string tail = "|" + country_code(rows.country[i], context.countries);
    rows.key_full.push_back(by_id ? rows.label[i] : plain_name(rows.label[i]) + tail);
    rows.key_short.push_back(by_id ? "" : plain_name(name_without_brackets(rows.label[i])) + tail);
  }
  return rows;
}

/// Enough of the suite is reported for its sum to stand for TREO: the four that make up most of it.
bool suite_counts(const OxideSuite& suite) {
  for (const auto element : {ree::La, ree::Ce, ree::Nd, ree::Pr})
    if (std::isnan(suite.oxide[element])) return false;
  return true;
}

void take_oxides(StudyContext& context, const OxideRow& oxides, const std::string& label,
                 const std::string& source, SiteFacts& facts) {
  const OxideSums& sums = oxides.sums;
  const std::size_t missing = oxides.suite.missing().size();
  facts.suite_missing = sums.treo_stated ? 0 : missing;
  facts.suite_unused = !sums.treo_stated && !suite_counts(oxides.suite);
  if (facts.suite_unused) {
    context.result.findings.add(
        "study.partial_suite", Severity::warning, source.substr(0, source.find(", '")),
        "a deposit reports only part of the suite, so its sum is no TREO and is not used (first: " +
            label + ", " + std::to_string(missing) + " of 15 missing)");
    return;
  }
  facts.treo = only_base(sums.treo);
  facts.treo_source =
      source + (sums.treo_stated ? ": stated TREO"
                                 : ": sum of oxides (trade basis: CeO2, Pr6O11, Tb4O7, else M2O3)");
  if (!sums.treo_stated && missing > 0)
    facts.treo_source += ", a lower bound: " + std::to_string(missing) + " of 15 not reported";
  facts.basket_usd_per_t = sums.basket_usd_per_t;
  facts.basket_source = source + ": oxides x prices of " + context.study.supply.prices;
  // A table that states TREO alone says nothing of its parts: the shares of the site's row stand.
  if (std::isnan(sums.ndpr) && std::isnan(sums.dytb) && std::isnan(sums.hreo)) return;
  facts.ndpr_share = sums.ndpr / sums.treo;
  facts.dytb_share = sums.dytb / sums.treo;
  facts.hreo_share = sums.hreo / sums.treo;
  facts.element_share.clear();
  for (const auto& symbol : composition_elements)
    if (const auto element = find_rare_earth(symbol))
      if (const double oxide = oxides.suite.oxide[*element]; !std::isnan(oxide))
        facts.element_share[std::string(symbol)] = oxide / sums.treo;
  facts.share_source = source + ": oxides of its elements";
}

void take_reported(StudyContext& context, const ReportedTable& table, const ReportedRows& rows,
                   std::size_t row, std::size_t site) {
  SiteFacts& facts = context.facts[site];
  const std::string source = table.layer.path + ", '" + rows.label[row] + "'";
  if (rows.ore_t[row].known()) {
    facts.ore_t = rows.ore_t[row];
    facts.ore_source = source + ", reported ore tonnage";
    check_range(facts.ore_t, "ore tonnage", source);
  }
  if (rows.treo[row].known()) {
    facts.treo = rows.treo[row];
    facts.treo_source = source + ", reported grade";
  }
  if (table.confidence.given())
    set_confidence(context, facts, rows.confidence[row], table.layer.path, source);
  if (!rows.oxides.empty()) take_oxides(context, rows.oxides[row], rows.label[row], source, facts);
}

/// What a join came to.
struct Joined {
  std::vector<std::size_t> used;  ///< sites that took it, by row
  std::size_t sites = 0, ambiguous = 0;
  std::string first_ambiguous;
};

void say(StudyContext& context, const ReportedTable& table, const Joined& joined) {
  const auto unused =
      static_cast<std::size_t>(std::count(joined.used.begin(), joined.used.end(), std::size_t{0}));
  const auto twice = static_cast<std::size_t>(
      std::count_if(joined.used.begin(), joined.used.end(), [](std::size_t n) { return n > 1; }));
  Findings& findings = context.result.findings;
  if (joined.sites > 0)
    findings.add("study.reported_joined", Severity::note, table.layer.path,
                 "sites took their tonnage or grade from this table by " + table.match,
                 joined.sites);
  if (unused > 0)
    findings.add("study.reported_unused", Severity::warning, table.layer.path,
                 "reported deposits have no site of their " +
                     std::string(table.match == "id"     ? "id"
                                 : table.country.given() ? "name and country"
                                                         : "name") +
                     " and are not counted",
                 unused);
  if (twice > 0)
    findings.add("study.reported_twice", Severity::warning, table.layer.path,
                 "reported deposits fit more than one site: their tonnage is counted at each",
                 twice);
  if (joined.ambiguous > 0)
    findings.add(
        "study.reported_ambiguous", Severity::warning, table.layer.path,
        "sites fit several reported deposits and took none (first: " + joined.first_ambiguous + ")",
        joined.ambiguous);
  context.result.figures.push_back(
      {"sites with a reported resource joined", static_cast<double>(joined.sites), ""});
}

}  // namespace

void refuse_element_rows(const StudyContext& context, const LayerRef& reference, const Layer& layer,
                         const std::vector<std::string>& keys, const std::string& hint) {
  for (const Column& column : layer.table.columns) {
    if (column.kind != ColumnKind::text) continue;
    std::map<std::string, RareEarth> first;
    std::size_t filled = 0, elements = 0;
    bool several = false;
    for (std::size_t i = 0; i < column.texts.size(); ++i) {
      if (!trim(column.texts[i]).empty()) ++filled;
      const auto element = find_rare_earth(column.texts[i]);
      if (!element) continue;
      ++elements;
      const auto [at, fresh] = first.emplace(keys[i], *element);
      several |= !fresh && at->second != *element;
    }
    // A column that also holds much else (LA and ND are states) does not name elements.
    if (several && 2 * elements >= filled)
      throw Error("study.element_rows",
                  "the table has one row a deposit and element (field '" + printable(column.name) +
                      "'), but is read as one row a deposit",
                  context.where(reference.line) + ": " + reference.path, hint);
  }
}

void join_reported(StudyContext& context, const ReportedTable& table) {
  const ReportedRows rows = read_reported(context, table);
  Matcher full, brief;
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    full.add(rows.key_full[i], i);
    brief.add(rows.key_short[i], i);
  }
  Joined joined;
  joined.used.assign(rows.label.size(), 0);
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    const std::string tail = "|" + (table.country.given() ? site.country : std::string());
    std::size_t row =
        table.match == "id" ? full.find(site.id) : full.find(plain_name(site.name) + tail);
    if (row == Matcher::none && table.match == "name")
      row = brief.find(plain_name(name_without_brackets(site.name)) + tail);
    if (row == Matcher::ambiguous) {
      if (joined.ambiguous++ == 0) joined.first_ambiguous = site.name;
      continue;
    }
    if (row == Matcher::none) continue;
    ++joined.sites;
    ++joined.used[row];
    take_reported(context, table, rows, row, i);
  }
  say(context, table, joined);
}

}  // namespace lode

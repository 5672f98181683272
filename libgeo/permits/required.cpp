#include "libgeo/permits/required.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/standing.h"

namespace lode {
namespace {

const std::vector<std::string> kKeys = {"id",         "name",    "jurisdiction",
                                        "applies_to", "matches", "least_coverage",
                                        "citation",   "note",    "source"};

/// Alpha-3 codes of ISO 3166-1 that studies use for countries, as alpha-2.
constexpr std::array<std::pair<const char*, const char*>, 20> kCodes = {
    {{"usa", "US"}, {"can", "CA"}, {"aus", "AU"}, {"swe", "SE"}, {"grl", "GL"},
     {"fin", "FI"}, {"nor", "NO"}, {"bra", "BR"}, {"zaf", "ZA"}, {"gbr", "GB"},
     {"deu", "DE"}, {"fra", "FR"}, {"esp", "ES"}, {"jpn", "JP"}, {"kor", "KR"},
     {"ind", "IN"}, {"vnm", "VN"}, {"mwi", "MW"}, {"tza", "TZ"}, {"nam", "NA"}}};

std::string upper(std::string_view text) {
  std::string out(trim(text));
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// "USA" is "US", "USA-NV" is "US-NV".
std::string code_of(std::string_view text) {
  std::string out = upper(text);
  const auto dash = out.find('-');
  const std::string country = lower(out.substr(0, dash));
  for (const auto& [three, two] : kCodes)
    if (country == three)
      return two + (dash == std::string::npos ? std::string() : out.substr(dash));
  return out;
}

[[noreturn]] void refuse(const std::string& code, const std::string& what, const std::string& file,
                         const toml::source_position& at, const std::string& hint) {
  throw Error(code, what,
              file + ", line " + std::to_string(at.line) + ", column " + std::to_string(at.column),
              hint);
}

class RowReader {
 public:
  RowReader(const toml::table& table, const std::string& file) : table_(table), file_(file) {}

  [[nodiscard]] RequiredPermit read() const {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (std::find(kKeys.begin(), kKeys.end(), name) == kKeys.end())
        refuse("required.unknown_key", "no key '" + printable(name) + "' in [[permits]]", file_,
               key.source().begin, suggestion(name, kKeys));
    }
    RequiredPermit row;
    row.line = static_cast<int>(table_.source().begin.line);
    row.id = text("id", true);
    row.name = text("name", true);
    row.jurisdiction = code_of(text("jurisdiction", true));
    row.citation = text("citation", true);
    row.applies_to = lower(text("applies_to", false));
    if (row.applies_to.empty()) row.applies_to = "all";
    if (row.applies_to != "all" && row.applies_to != "primary" && row.applies_to != "secondary")
      refuse("required.value", "applies_to is '" + printable(row.applies_to) + "'", file_,
             table_.get("applies_to")->source().begin, "Write primary, secondary or all.");
    row.note = text("note", false);
    row.source = text("source", false);
    matches(row);
    least_coverage(row);
    return row;
  }

 private:
  [[nodiscard]] std::string text(const char* key, bool required) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr && !required) return {};
    if (node == nullptr)
      refuse("required.missing_key", std::string("a required permit has no ") + key, file_,
             table_.source().begin,
             "Write id, name, jurisdiction, matches and citation in every [[permits]] table.");
    const auto value = node->value<std::string>();
    if (!node->is_string() || (required && trim(*value).empty()))
      refuse("required.value", std::string(key) + " must be text", file_, node->source().begin,
             "Put it in quotes.");
    return *value;
  }

  void matches(RequiredPermit& row) const {
    const toml::node* node = table_.get("matches");
    if (node == nullptr)
      refuse("required.missing_key", "a required permit has no matches", file_,
             table_.source().begin, "Write matches = [\"words of the register's kind\"].");
    const toml::array* list = node->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const auto word = list->get(i)->value<std::string>();
      if (!list->get(i)->is_string() || trim(*word).empty()) continue;
      row.matches.push_back(lower(trim(*word)));
    }
    if (list == nullptr || row.matches.empty() || row.matches.size() != list->size())
      refuse("required.value", "matches must be a list of words", file_, node->source().begin,
             "Write matches = [\"plan of operations\"].");
  }

  void least_coverage(RequiredPermit& row) const {
    const toml::node* node = table_.get("least_coverage");
    if (node == nullptr) return;
    // "100 %" as quantities stand everywhere else.
    std::string said = node->value<std::string>().value_or("");
    said = std::string(trim(said));
    const bool percent = node->is_string() && said.ends_with("%");
    const auto value =
        percent ? parse_number(std::string_view(said).substr(0, said.size() - 1)) : std::nullopt;
    if (!value || *value < 0.0 || *value > 100.0)
      refuse("required.value", "least_coverage is no share from 0 % to 100 %", file_,
             node->source().begin, "Write least_coverage = \"100 %\".");
    row.least_coverage_pct = *value;
  }

  const toml::table& table_;
  const std::string& file_;
};

/// "US" asks of sites in "US-NV" too; "US-NV" asks nothing of sites known to be in "US" alone.
bool asks(const RequiredPermit& row, const std::string& place, const std::string& kind) {
  if (row.applies_to != "all" && !kind.empty() && row.applies_to != kind) return false;
  return place == row.jurisdiction || place.starts_with(row.jurisdiction + "-");
}

bool satisfies(const RequiredPermit& row, const PermitInputs& permits, std::size_t permit) {
  std::string text;
  if (permit < permits.types.size()) text += lower(permits.types[permit]) + "\n";
  if (permit < permits.names.size()) text += lower(permits.names[permit]);
  return std::any_of(row.matches.begin(), row.matches.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

int rank(PermitStatus status) {
  switch (status) {
    case PermitStatus::valid:
      return 6;
    case PermitStatus::renewal_pending:
      return 5;
    case PermitStatus::pending:
      return 4;
    case PermitStatus::not_yet:
      return 3;
    case PermitStatus::unknown:
      return 2;
    case PermitStatus::expired:
      break;
  }
  return 1;
}

/// Share of a site under some of its permits together.
double together_pct(const CoverageInputs& inputs, const SiteCoverage& cover, const Geometry& site,
                    const std::vector<std::size_t>& which, const std::string& where,
                    Findings& findings) {
  if (which.empty()) return 0.0;
  double most = 0.0;
  for (const std::size_t c : which) most = std::max(most, cover.permits[c].share_pct);
  if (which.size() == 1 || most >= 100.0 || site.kind != GeometryKind::polygon) return most;
  const Edges edges = default_edges(inputs.crs);
  const Geometry planar = follow_edges(site, inputs.crs, edges);
  std::vector<Geometry> parts;
  for (const std::size_t c : which) {
    const Geometry& permit = inputs.permits.geometry[cover.permits[c].permit];
    if (permit.kind != GeometryKind::polygon) continue;
    auto part = told(try_intersection(planar, follow_edges(permit, inputs.crs, edges)),
                     "overlap with a required permit", where, findings);
    if (part) parts.push_back(std::move(*part));
  }
  if (parts.empty()) return most;
  std::vector<const Geometry*> pointers;
  for (const Geometry& part : parts) pointers.push_back(&part);
  const Geometry all = united(pointers, "ground of required permits", where, findings);
  const double whole = area_m2(planar, inputs.crs, edges);
  return whole > 0.0 ? std::min(100.0, 100.0 * area_m2(all, inputs.crs, edges) / whole) : most;
}

MissingPermit judged(const CoverageInputs& inputs, const Coverage& coverage, std::size_t site,
                     const RequiredPermit& row, bool& met, Findings& findings) {
  const SiteCoverage& cover = coverage.sites[site];
  MissingPermit out;
  out.state = "missing";
  int best = 0;
  std::vector<std::size_t> valid;
  for (std::size_t c = 0; c < cover.permits.size(); ++c) {
    if (!satisfies(row, inputs.permits, cover.permits[c].permit)) continue;
    const PermitStatus status = coverage.permits[cover.permits[c].permit].validity.status;
    if (status == PermitStatus::valid) valid.push_back(c);
    if (rank(status) <= best) continue;
    best = rank(status);
    out.state = std::string(to_text(status));
  }
  out.valid_coverage_pct =
      together_pct(inputs, cover, inputs.sites[site], valid, permit_id(inputs.ids, site), findings);
  // The rounding of an overlay must not ask for a permit that is there.
  met = !valid.empty() && out.valid_coverage_pct >= row.least_coverage_pct - 1e-6;
  if (!met && !valid.empty()) out.state = "partial";
  return out;
}

}  // namespace

std::vector<RequiredPermit> parse_required_permits(const std::string& text,
                                                   const std::string& where) {
  if (nests_too_deep(text))
    throw Error("required.syntax", "a key nests deeper than 256 tables", where,
                "Write flat tables.");
  toml::table root;
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    throw Error("required.syntax", std::string(error.description()),
                where + ", line " + std::to_string(error.source().begin.line) + ", column " +
                    std::to_string(error.source().begin.column),
                "Mend the TOML there.");
  }
  for (const auto& [key, node] : root)
    if (key.str() != "permits" && key.str() != "table")
      refuse("required.unknown_key", "no table '" + printable(key.str()) + "' in this file", where,
             key.source().begin, "Known: table, permits.");
  std::vector<RequiredPermit> out;
  std::map<std::string, int> lines;
  if (const toml::array* rows = root["permits"].as_array())
    for (const toml::node& node : *rows) {
      const toml::table* table = node.as_table();
      if (table == nullptr) continue;
      RequiredPermit row = RowReader(*table, where).read();
      const auto [at, fresh] = lines.try_emplace(row.id, row.line);
      if (!fresh)
        refuse("required.value",
               "the id '" + printable(row.id) + "' stands in line " + std::to_string(at->second) +
                   " too",
               where, table->source().begin, "Give each required permit its own id.");
      out.push_back(std::move(row));
    }
  if (out.empty())
    throw Error("required.missing_key", "no [[permits]] table", where,
                "Write one for each permit that is asked for.");
  return out;
}

std::vector<std::vector<MissingPermit>> missing_permits(
    const CoverageInputs& inputs, const Coverage& coverage,
    const std::vector<std::string>& jurisdiction, const std::vector<std::string>& kind,
    const std::vector<RequiredPermit>& table, Findings& findings) {
  std::vector<std::vector<MissingPermit>> out(inputs.sites.size());
  const bool kinds_known =
      std::any_of(inputs.permits.types.begin(), inputs.permits.types.end(),
                  [](const std::string& text) { return !trim(text).empty(); }) ||
      std::any_of(inputs.permits.names.begin(), inputs.permits.names.end(),
                  [](const std::string& text) { return !trim(text).empty(); });
  if (!kinds_known)
    findings.add("required.no_kinds", Severity::warning, "permits",
                 "no permit says its kind or name, so none can be known as one that is required");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string id = i < inputs.ids.size() ? inputs.ids[i] : std::to_string(i + 1);
    std::string of_kind = i < kind.size() ? lower(trim(kind[i])) : std::string();
    if (!of_kind.empty() && of_kind != "primary" && of_kind != "secondary") {
      findings.add("required.unknown_kind", Severity::warning, "sites",
                   "a site's kind is neither primary nor secondary (first: '" + printable(kind[i]) +
                       "', " + printable(id) + "); all that may apply is asked of it");
      of_kind.clear();
    }
    const std::string place = i < jurisdiction.size() ? code_of(jurisdiction[i]) : "";
    if (place.empty()) {
      findings.add(
          "required.no_jurisdiction", Severity::warning, "sites",
          "a site whose jurisdiction is unknown was not judged (first: " + printable(id) + ")");
      continue;
    }
    bool known = false;
    for (std::size_t r = 0; r < table.size(); ++r) {
      known |= place == table[r].jurisdiction || place.starts_with(table[r].jurisdiction + "-");
      if (!asks(table[r], place, of_kind)) continue;
      bool met = false;
      MissingPermit missing = judged(inputs, coverage, i, table[r], met, findings);
      missing.required = r;
      if (!met) out[i].push_back(std::move(missing));
    }
    if (!known)
      findings.add("required.unknown_jurisdiction", Severity::warning, "sites",
                   "the table has nothing on '" + printable(place) + "' (first: site " +
                       printable(id) + ")");
  }
  return out;
}

}  // namespace lode

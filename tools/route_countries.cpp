#include <algorithm>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/countries.h"
#include "tools/route_inputs.h"

namespace lode::tools {

namespace {

std::vector<std::string> words_of(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const auto& text : texts)
    for (const auto& part : split(text, ','))
      if (!trim(part).empty()) words.emplace_back(trim(part));
  return words;
}

std::string upper(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool is_code(const std::string& word) {
  return word.size() == 3 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Codes and groups under their names; outlines and the table of groups are read once, when a word
/// first needs them.
class CountryWords {
 public:
  CountryWords(const Arguments& arguments, const Session& session, std::string as_of,
               Outcome& outcome)
      : arguments_(arguments), session_(session), as_of_(std::move(as_of)), outcome_(outcome) {}

  bool knows(const std::string& code) {
    if (!known_) known_ = built_in_countries(session_.jobs, outcome_.findings);
    return is_code(code) && known_->knows(code);
  }

  void check_code(const std::string& code, const std::string& option) {
    if (!knows(code))
      throw Error("usage.country", "'" + printable(code) + "' is no country we know", "--" + option,
                  "Write ISO 3166-1 alpha-3 codes, such as CHN.");
  }

  void add_group(const std::string& wanted, const std::string& option,
                 std::set<std::string>& countries) {
    if (!arguments_.has("alliances"))
      throw Error("usage.country", "'" + printable(wanted) + "' is no country code", "--" + option,
                  "Write ISO 3166-1 alpha-3 (CHN), or a group of --alliances FILE.");
    read_groups();
    std::string oldest;
    bool found = false;
    for (std::size_t row = 0; row < group_.size(); ++row) {
      if (lower(group_[row]) != lower(wanted)) continue;
      countries.insert(iso3_[row]);
      found = true;
      if (!date_[row].empty() && (oldest.empty() || date_[row] < oldest)) oldest = date_[row];
    }
    const std::set<std::string> known(group_.begin(), group_.end());
    if (!found)
      throw Error("route.unknown_group", "there is no group '" + printable(wanted) + "'",
                  arguments_.text("alliances"), suggestion(wanted, {known.begin(), known.end()}));
    // Years are compared: a list of last year is a year older than a tariff of this January.
    if (!oldest.empty() && oldest.substr(0, 4) < as_of_.substr(0, 4))
      outcome_.findings.add("route.old_group", Severity::note,
                            arguments_.text("alliances") + ", " + printable(wanted),
                            "membership is as of " + printable(oldest) +
                                ", older than the tariff (" + as_of_ +
                                "): check that it still holds");
  }

  std::set<std::string> of(const std::string& option) {
    std::set<std::string> countries;
    for (const auto& word : words_of(arguments_.texts(option)))
      if (is_code(word)) {
        check_code(word, option);
        countries.insert(word);
      } else if (is_code(upper(word)) && !is_group(word) && knows(upper(word))) {
        countries.insert(upper(word));
      } else {
        add_group(word, option, countries);
      }
    return countries;
  }

 private:
  bool is_group(const std::string& word) {
    if (!arguments_.has("alliances")) return false;
    read_groups();
    return std::any_of(group_.begin(), group_.end(),
                       [&](const std::string& group) { return lower(group) == lower(word); });
  }

  void read_groups() {
    if (groups_read_) return;
    groups_read_ = true;
    const Layer layer =
        read_table(arguments_.text("alliances"), other_read_options(arguments_, session_));
    outcome_.inputs.push_back(layer.source);
    outcome_.findings.add(layer.findings);
    group_ = layer.table.texts("group");
    iso3_ = layer.table.texts("iso3");
    date_ = layer.table.find("valid_as_of") != nullptr ? layer.table.texts("valid_as_of")
                                                       : std::vector<std::string>(group_.size());
  }

  const Arguments& arguments_;
  const Session& session_;
  const std::string as_of_;
  Outcome& outcome_;
  std::optional<Countries> known_;
  bool groups_read_ = false;
  std::vector<std::string> group_, iso3_, date_;
};

}  // namespace

std::vector<std::string> read_countries(const Arguments& arguments, const Session& session,
                                        const std::string& option, Outcome& outcome) {
  const std::set<std::string> countries = CountryWords(arguments, session, "", outcome).of(option);
  return {countries.begin(), countries.end()};
}

std::vector<std::string> avoided_countries(const Arguments& arguments, const Session& session,
                                           const Network& network, const Tariff& tariff,
                                           Outcome& outcome) {
  CountryWords words(arguments, session, tariff.as_of, outcome);
  std::set<std::string> avoided = words.of("avoid");
  if (!arguments.has("only")) return {avoided.begin(), avoided.end()};
  std::set<std::string> kept = words.of("only");
  if (arguments.has("home")) {
    const std::string home = upper(arguments.text("home"));
    words.check_code(home, "home");
    kept.insert(home);
  }
  for (const auto& line : network.lines) {
    const std::string& country = network.texts[line.country];
    if (!country.empty() && kept.count(country) == 0) avoided.insert(country);
  }
  return {avoided.begin(), avoided.end()};
}

}  // namespace lode::tools

// Every layer that a command writes into a GeoPackage opens with a style whose classes fit its
// data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/io/layer.h"
#include "tests/report/markup.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree";

struct Case {
  std::string layer, renderer, field;
  std::vector<std::string> words;
};

void PrintTo(const Case& one, std::ostream* to) {
  *to << one.layer;
}

/// Words as a shell would part them; only what the list of cases needs.
std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  char quote = '\0';
  bool any = false;
  for (const char c : line) {
    if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
      quote = quote == '\0' ? c : '\0';
      any = true;
    } else if (quote == '\0' && c == ' ') {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

std::vector<Case> cases() {
  std::ifstream file(std::string(LODE_SOURCE_DIR) + "/tests/cases/styled_layers.txt");
  std::vector<Case> all;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto parts = split(line, '|');
    const auto part = [&](std::size_t i) { return std::string(trim(parts.at(i))); };
    all.push_back({part(0), part(1), part(2), shell_words(part(3))});
  }
  return all;
}

std::string cell(const std::string& file, const std::string& sql) {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(raw, sqlite3_close);
  sqlite3_stmt* statement = nullptr;
  std::string out = "no row";
  if (sqlite3_prepare_v2(raw, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    if (const auto* text = sqlite3_column_text(statement, 0))
      out = reinterpret_cast<const char*>(text);
  sqlite3_finalize(statement);
  return out;
}

std::string plain(std::string text) {
  for (const auto& [from, to] :
       {std::pair("&quot;", "\""), {"&lt;", "<"}, {"&gt;", ">"}, {"&#39;", "'"}, {"&amp;", "&"}})
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
      text.replace(at, std::string(from).size(), to);
  return text;
}

/// Values of an attribute of all elements of a name, in order.
std::vector<std::string> attributes(const std::string& qml, const std::string& element,
                                    const std::string& name) {
  std::vector<std::string> out;
  const std::regex one("<" + element + "(?: [^>]*)? " + name + "=\"([^\"]*)\"");
  for (std::sregex_iterator it(qml.begin(), qml.end(), one), end; it != end; ++it)
    out.push_back(plain((*it)[1]));
  return out;
}

double number(const std::string& text) {
  return parse_number(text).value_or(std::nan(""));
}

void check_ranges(const std::string& qml, const Table& table) {
  const Column& column = table.at(attributes(qml, "renderer-v2", "attr").at(0));
  const auto lower = attributes(qml, "range", "lower"), upper = attributes(qml, "range", "upper");
  ASSERT_EQ(lower.size(), upper.size());
  ASSERT_GE(lower.size(), 1U);
  std::vector<bool> used(lower.size());
  for (const double value : column.numbers) {
    std::size_t i = 0;
    while (i < lower.size() && !(value >= number(lower[i]) && value <= number(upper[i]))) ++i;
    ASSERT_LT(i, lower.size()) << value << " is in no class";
    used[i] = true;
  }
  for (std::size_t i = 0; i < lower.size(); ++i) {
    EXPECT_TRUE(used[i]) << "nothing is in the class from " << lower[i];
    EXPECT_LE(number(lower[i]), number(upper[i]));
    if (i > 0) {
      EXPECT_GE(number(lower[i]), number(upper[i - 1])) << "they overlap";
    }
    if (i > 0) {
      EXPECT_GT(number(upper[i]), number(upper[i - 1])) << "they do not rise";
    }
  }
}

void check_rules(const std::string& qml, const Table& table, const std::string& field) {
  const auto filters = attributes(qml, "rule", "filter");
  ASSERT_GE(filters.size(), 2U);
  std::smatch parts;
  ASSERT_TRUE(std::regex_match(filters.back(), parts, std::regex("\"(.*)\" IS NULL")))
      << filters.back();
  const Column& column = table.at(parts[1].str());
  if (field != "*") {
    EXPECT_EQ(column.name, field);
  }
  std::size_t missing = 0;
  std::vector<std::size_t> count(filters.size(), 0);
  for (const double value : column.numbers) {
    if (!std::isfinite(value)) {
      ++missing;
      continue;
    }
    std::size_t hits = 0;
    for (std::size_t i = 0; i + 1 < filters.size(); ++i) {
      ASSERT_TRUE(std::regex_match(filters[i], parts,
                                   std::regex("\".*\" (>=?) (\\S+) AND \".*\" (<=?) (\\S+)")))
          << filters[i];
      const double low = number(parts[2]), high = number(parts[4]);
      const bool in = (parts[1] == ">" ? value > low : value >= low) &&
                      (parts[3] == "<" ? value < high : value <= high);
      hits += in;
      count[i] += in;
    }
    EXPECT_EQ(hits, 1U) << value;
  }
  EXPECT_GT(missing, 0U) << "rules only where some have no value";
  for (std::size_t i = 0; i + 1 < filters.size(); ++i) EXPECT_GT(count[i], 0U) << filters[i];
}

void check_categories(const std::string& qml, const Table& table) {
  const std::string by = attributes(qml, "renderer-v2", "attr").at(0);
  const auto values = attributes(qml, "category", "value");
  const std::set<std::string> known(values.begin(), values.end());
  EXPECT_EQ(known.size(), values.size()) << "a category stands twice";
  if (table.find(by) == nullptr) return;  // an expression, of the ranking
  for (const auto& text : table.at(by).texts)
    EXPECT_TRUE(known.contains(text) || known.contains("")) << text;
}

void check_style(const Case& one, const std::string& file) {
  const std::string qml = cell(file,
                               "SELECT styleQML FROM layer_styles WHERE useAsDefault = 1 AND "
                               "f_table_name = '" +
                                   one.layer + "'");
  EXPECT_EQ(markup_fault(qml), "");
  EXPECT_LT(qml.size(), 20000U);
  const std::string from = " FROM gpkg_contents WHERE table_name = '" + one.layer + "'";
  EXPECT_NE(cell(file, "SELECT identifier" + from), one.layer);
  EXPECT_THAT(cell(file, "SELECT description" + from), HasSubstr("Written by lode "));
  EXPECT_THAT(qml, HasSubstr("<alias "));
  const std::string path = file + ":" + one.layer;
  const Layer layer = one.renderer == "none" ? read_table(path) : read_layer(path);
  for (const auto& field : attributes(qml, "alias", "field"))
    EXPECT_NE(layer.table.find(field), nullptr) << field;
  if (one.renderer == "none") {
    EXPECT_THAT(qml, testing::Not(HasSubstr("renderer-v2")));
    return;
  }
  ASSERT_EQ(attributes(qml, "renderer-v2", "type"), std::vector<std::string>{one.renderer});
  const std::size_t symbols = attributes(qml, "symbol", "name").size();
  EXPECT_EQ(std::max<std::size_t>(1, attributes(qml, "(?:range|rule|category)", "symbol").size()),
            symbols);
  if (one.renderer != "RuleRenderer" && one.renderer != "singleSymbol" && one.field != "*") {
    EXPECT_THAT(attributes(qml, "renderer-v2", "attr").at(0), HasSubstr(one.field));
  }
  if (one.renderer == "graduatedSymbol") check_ranges(qml, layer.table);
  if (one.renderer == "RuleRenderer") check_rules(qml, layer.table, one.field);
  if (one.renderer == "categorizedSymbol") check_categories(qml, layer.table);
}

class LayerLooks : public testing::TestWithParam<Case> {
 protected:
  /// What the case's command writes: many a command writes several layers, and is run once.
  static std::string written_by(const std::vector<std::string>& words) {
    static std::map<std::vector<std::string>, std::unique_ptr<TempDir>> folders;
    const auto [at, is_new] = folders.try_emplace(words);
    if (is_new) at->second = std::make_unique<TempDir>();
    std::string out = (*at->second / "o u't é.gpkg").string();
    if (!is_new) return out;
    std::vector<std::string> filled = words;
    std::replace(filled.begin(), filled.end(), std::string("OUT"), out);
    const RunResult run = run_lode(filled, sample);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return out;
  }
};

TEST_P(LayerLooks, FitTheData) {
  check_style(GetParam(), written_by(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(Commands, LayerLooks, testing::ValuesIn(cases()),
                         [](const auto& named) { return named.param.layer; });

TEST(LayerLooksList, HasEveryLayerOfTheProgram) {
  // The sample's roads have no one-way trap and cross at junctions only.
  std::set<std::string> tried{"traps", "crossings"};
  for (const auto& one : cases()) tried.insert(one.layer);
  const std::string source = slurp(std::string(LODE_SOURCE_DIR) + "/tools/layer_looks.cpp");
  const std::regex entry("\\{\"([a-z_]+)\",\\s+\"[a-z ]+\",\\s+\"");
  std::size_t count = 0;
  for (std::sregex_iterator it(source.begin(), source.end(), entry), end; it != end; ++it, ++count)
    EXPECT_TRUE(tried.contains((*it)[1])) << (*it)[1] << " has no line in styled_layers.txt";
  EXPECT_GT(count, 30U);
}

TEST(LayerLooksBytes, AreTheSameForAnyNumberOfThreads) {
  const TempDir dir;
  std::string first;
  for (const char* jobs : {"1", "2", "7"}) {
    const std::string out = (dir / (std::string(jobs) + ".gpkg")).string();
    ASSERT_EQ(run_lode({"screen", "outlines.gpkg", "--id", "SITE_ID", "--constraint",
                        "rivers.shp=2 km", "-o", out, "--jobs", jobs},
                       sample)
                  .exit_code,
              0);
    if (first.empty()) first = slurp(out);
    EXPECT_TRUE(slurp(out) == first) << jobs;
  }
}

TEST(LayerLooksBytes, AreAnInputLikeAnyOther) {
  const TempDir dir;
  const std::string table = (dir / "t.gpkg").string(), again = (dir / "u.gpkg").string();
  ASSERT_EQ(run_lode({"supply", "risk", "production.csv", "--value", "mine_2024_t", "--governance",
                      "governance.csv", "-o", table},
                     sample)
                .exit_code,
            0);
  const RunResult seen = run_lode({"inspect", table, "--json"});
  ASSERT_EQ(seen.exit_code, 0) << seen.out;
  EXPECT_THAT(seen.out, testing::Not(HasSubstr("layer_styles")));
  const std::string buffers = (dir / "b.gpkg").string();
  ASSERT_EQ(
      run_lode({"buffer", "protected.shp", "--distance", "1 km", "-o", buffers}, sample).exit_code,
      0);
  EXPECT_EQ(run_lode({"buffer", buffers, "--distance", "1 km", "-o", again}).exit_code, 0);
}

}  // namespace
}  // namespace lode::test

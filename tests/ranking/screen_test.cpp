// Screening: who falls by which rule, what each rule takes, and rules of words.
#include "libgeo/ranking/screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const double none = std::nan("");
constexpr double far = std::numeric_limits<double>::infinity();

HardRule at_least(const std::string& name, double least, std::vector<double> values,
                  bool missing_passes = false) {
  HardRule rule;
  rule.name = name;
  rule.values = std::move(values);
  rule.min = least;
  rule.missing_passes = missing_passes;
  return rule;
}

HardRule of_words(const std::string& name, std::vector<std::string> words,
                  std::vector<std::string> texts, bool none_of = false) {
  HardRule rule;
  rule.name = name;
  rule.words = std::move(words);
  rule.texts = std::move(texts);
  rule.none_of = none_of;
  return rule;
}

std::string message_of(const std::vector<std::string>& ids, const std::vector<HardRule>& rules) {
  try {
    (void)screen(ids, rules);
  } catch (const Error& error) {
    return error.code + "|" + error.what() + "|" + error.where + "|" + error.hint;
  }
  return "";
}

// Counted by hand: b fails both rules, c grade only, d permit only (it has no value), e passes.
TEST(Screen, CountsWhatEachRuleTakesAloneInOrderAndOnly) {
  const auto out = screen({"a", "b", "c", "d", "e"}, {at_least("grade", 2, {3, 1, 1, 5, 2}),
                                                      at_least("permit", 1, {1, 0, 1, none, 1})});
  EXPECT_THAT(out.passed, ElementsAre(0u, 4u));
  ASSERT_EQ(out.dropped.size(), 3u);
  EXPECT_EQ(out.dropped[0].id, "b");
  EXPECT_EQ(out.dropped[0].row, 1u);
  EXPECT_EQ(out.dropped[0].rule, "grade");
  EXPECT_EQ(out.dropped[0].value, 1.0);
  EXPECT_THAT(out.dropped[0].failed, ElementsAre("grade", "permit"));
  EXPECT_THAT(out.dropped[1].failed, ElementsAre("grade"));
  EXPECT_EQ(out.dropped[2].rule, "permit");
  EXPECT_TRUE(std::isnan(out.dropped[2].value));
  ASSERT_EQ(out.counts.size(), 2u);
  EXPECT_EQ(out.counts[0].alone, 2u);
  EXPECT_EQ(out.counts[0].in_order, 2u);
  EXPECT_EQ(out.counts[0].only, 1u);
  EXPECT_EQ(out.counts[0].missing, 0u);
  EXPECT_EQ(out.counts[1].alone, 2u);
  EXPECT_EQ(out.counts[1].in_order, 1u);
  EXPECT_EQ(out.counts[1].only, 1u);
  EXPECT_EQ(out.counts[1].missing, 1u);
}

TEST(Screen, SaysWhatWasWantedAndFound) {
  const auto out = screen({"a", "b", "c"}, {at_least("grade", 2, {3, 1.5, none})});
  ASSERT_EQ(out.findings.list().size(), 1u);
  const auto& finding = out.findings.list()[0];
  EXPECT_EQ(finding.code, "ranking.dropped");
  EXPECT_EQ(finding.where, "grade");
  EXPECT_EQ(finding.count, 2u);
  EXPECT_THAT(finding.message, HasSubstr("wanted at least 2, found 1.5 at b first"));
  EXPECT_THAT(finding.message, HasSubstr("1 have no value"));
}

TEST(Screen, WordsInAnyCaseTrimmedAndNumbersAsNumbers) {
  const std::vector<std::string> ids{"a", "b", "c", "d"};
  const auto any =
      screen(ids, {of_words("s", {"Active", "Issued"}, {" active ", "ISSUED", "Expired", ""})});
  EXPECT_THAT(any.passed, ElementsAre(0u, 1u));
  EXPECT_EQ(any.dropped[0].text, "Expired");
  EXPECT_TRUE(std::isnan(any.dropped[0].value));
  EXPECT_EQ(any.counts[0].missing, 1u);
  EXPECT_THAT(any.findings.list()[0].message,
              HasSubstr("wanted Active or Issued, found 'Expired'"));
  const auto not_these =
      screen(ids, {of_words("s", {"expired", "void"}, {"Active", "Expired", "VOID", ""}, true)});
  EXPECT_THAT(not_these.passed, ElementsAre(0u));
  auto lenient = of_words("s", {"expired"}, {"Active", "Expired", "Active", ""}, true);
  lenient.missing_passes = true;
  EXPECT_THAT(screen(ids, {lenient}).passed, ElementsAre(0u, 2u, 3u));
  EXPECT_THAT(screen(ids, {of_words("n", {"3.0", "007"}, {"3", "7", "007", "4"})}).passed,
              ElementsAre(0u, 1u, 2u));
}

TEST(Screen, AWordThatNoSiteHasIsWarnedOf) {
  const auto slip = screen({"a", "b"}, {of_words("s", {"Active", "Isued"}, {"Active", "Issued"})});
  ASSERT_TRUE(slip.findings.has("ranking.unknown_word"));
  EXPECT_THAT(slip.findings.list()[0].message, HasSubstr("'Isued'"));
  EXPECT_THAT(slip.findings.list()[0].message, HasSubstr("Did you mean 'Issued'?"));
  const auto unused =
      screen({"a", "b"}, {of_words("s", {"Active", "Pending"}, {"Active", "Active"})});
  ASSERT_EQ(unused.findings.list().size(), 1u);
  EXPECT_EQ(unused.findings.list()[0].severity, Severity::warning);
  EXPECT_EQ(slip.findings.list()[0].severity, Severity::warning);
  const auto absent = screen({"a", "b"}, {of_words("s", {"Expired"}, {"Active", "Issued"}, true)});
  ASSERT_EQ(absent.findings.list().size(), 1u);
  EXPECT_EQ(absent.findings.list()[0].severity, Severity::note);
  EXPECT_TRUE(screen({"a", "b"}, {of_words("s", {"Expird"}, {"Active", "Expired"}, true)})
                  .findings.has("ranking.unknown_word"));
  const auto fine = screen({"a", "b"}, {of_words("s", {"Active", "Issued"}, {"Active", "issued"})});
  EXPECT_TRUE(fine.findings.empty());
}

TEST(Screen, WhenNobodyPassesTheErrorCountsEachRule) {
  const auto message = message_of({"a", "b"}, {at_least("grade", 9, {1, none}),
                                               of_words("s", {"Active"}, {"Active", "Expired"})});
  EXPECT_THAT(message, HasSubstr("ranking.all_dropped|"));
  EXPECT_THAT(message, HasSubstr("'grade' (wanted at least 9) takes 2, of them 1 without a value"));
  EXPECT_THAT(message, HasSubstr("'s' (wanted Active) takes 1"));
  EXPECT_THAT(message, HasSubstr("the first site, a, fails 'grade'"));
}

TEST(Screen, RefusesRulesThatCannotBe) {
  EXPECT_THAT(message_of({"a"}, {at_least("r", 1, {1, 2})}), HasSubstr("ranking.shape|"));
  EXPECT_THAT(message_of({"a"}, {of_words("r", {"x"}, {})}), HasSubstr("ranking.shape|"));
  auto contradiction = at_least("r", 3, {1});
  contradiction.max = 2;
  EXPECT_THAT(message_of({"a"}, {contradiction}), HasSubstr("ranking.bad_rule|"));
  auto mixed = of_words("r", {"x"}, {"x"});
  mixed.min = 2;
  EXPECT_THAT(message_of({"a"}, {mixed}), HasSubstr("ranking.bad_rule|"));
}

TEST(Screen, NoRulesAndNoSitesPass) {
  EXPECT_THAT(screen({"a", "b"}, {}).passed, ElementsAre(0u, 1u));
  EXPECT_TRUE(screen({}, {at_least("r", 1, {})}).passed.empty());
}

TEST(Screen, AnInfiniteValueIsAValue) {
  EXPECT_THAT(screen({"a", "b"}, {at_least("r", 1, {far, -far})}).passed, ElementsAre(0u));
}

TEST(Screen, WantedInWords) {
  HardRule rule;
  EXPECT_EQ(wanted_by(rule), "any value");
  rule.min = 50;
  EXPECT_EQ(wanted_by(rule), "at least 50");
  rule.max = 60;
  EXPECT_EQ(wanted_by(rule), "at least 50 and at most 60");
  rule.max = 50;
  EXPECT_EQ(wanted_by(rule), "50");
  rule.min = std::nextafter(0.0, far);
  rule.max = std::nextafter(0.3, -far);
  EXPECT_EQ(wanted_by(rule), "above 0 and below 0.3");
  EXPECT_EQ(wanted_by(of_words("", {"a", "b"}, {}, true)), "not a, nor b");
}

TEST(Screen, RulesAsReadTakeTheirColumn) {
  const RuleText numbers = parse_rule("x >= 2"), words = parse_rule("s = a|b");
  EXPECT_FALSE(is_of_words(numbers));
  EXPECT_TRUE(is_of_words(words));
  EXPECT_EQ(with_values(numbers, {1, 2}).values.size(), 2u);
  EXPECT_THAT(
      screen({"p", "q"}, {with_values(numbers, {1, 2}), with_texts(words, {"a", "b"})}).passed,
      ElementsAre(1u));
}

}  // namespace
}  // namespace lode::test

// Holders spelled in many ways, taken for one only where they are.
#include "libgeo/permits/holders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(HolderKeys, OfOneNameSpelledDifferently) {
  const std::string key = holder_key("Acme Rare Earths, Inc.");
  for (const char* same :
       {"ACME RARE EARTHS INC", "acme  rare earths incorporated", " Acme Rare-Earths Inc. ",
        "(100) ACME RARE EARTHS INC", "ACME RARE EARTHS INC - 100%"})
    EXPECT_EQ(holder_key(same), key) << same;
  EXPECT_EQ(holder_key("North & South Mining Company Limited"),
            holder_key("North and South Mining Co. Ltd"));
  EXPECT_EQ(holder_key("Tech L.L.C."), holder_key("Tech LLC"));
  EXPECT_EQ(holder_key("(50) B CORP, (50) A CORP"), holder_key("A Corporation; B Corporation"));
}

TEST(HolderKeys, KeepApartWhatIsApart) {
  EXPECT_NE(holder_key("Acme Inc"), holder_key("Acme Ltd"));
  EXPECT_NE(holder_key("Acme"), holder_key("Acme Inc"));
  EXPECT_NE(holder_key("Metals (2010) Ltd"), holder_key("Metals (2012) Ltd"));
  EXPECT_EQ(holder_key("  "), "");
}

TEST(HolderNumbers, SayWhenSpellingsWereTakenForOne) {
  const HolderNumbers numbers = holder_numbers({"Ann Inc.", "", "ANN INC", "Bob", "Ann Inc."});
  EXPECT_EQ(numbers.of, (std::vector<std::size_t>{1, 0, 1, 2, 1}));
  ASSERT_TRUE(numbers.findings.has("permits.holder_spelling"));
  EXPECT_THAT(numbers.findings.list()[0].message, testing::HasSubstr("'Ann Inc.' and 'ANN INC'"));
  EXPECT_TRUE(holder_numbers({"Ann", "Ann", "Bob"}).findings.empty());
}

}  // namespace
}  // namespace lode

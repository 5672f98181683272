// Places of laws: codes after ISO 3166-1 and -2, and which place lies in which.
#include "libgeo/core/jurisdiction.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Jurisdiction, CodesOfTwoAndThreeLettersAreOne) {
  EXPECT_EQ(jurisdiction_code("US"), "US");
  EXPECT_EQ(jurisdiction_code(" usa "), "US");
  EXPECT_EQ(jurisdiction_code("USA-nv"), "US-NV");
  EXPECT_EQ(jurisdiction_code("AUS-WA"), "AU-WA");
  EXPECT_EQ(jurisdiction_code("CA-ON"), "CA-ON");
  EXPECT_EQ(jurisdiction_code("AFG"), "AF");  // the first and the last of ISO 3166-1
  EXPECT_EQ(jurisdiction_code("zwe"), "ZW");
  EXPECT_EQ(jurisdiction_code("UK"), "GB");
  EXPECT_EQ(jurisdiction_code("eu"), "EU");
}

TEST(Jurisdiction, WhatIsNoCodeIsNone) {
  for (const char* text : {"", "U", "Nevada", "US federal", "US-", "US-NEVA", "US-N V", "XX",
                           "QQQ-1", "-NV", "EU-SE", "UQ"})
    EXPECT_FALSE(jurisdiction_code(text)) << text;
}

TEST(Jurisdiction, LawsReachTheirPartsAndMembers) {
  EXPECT_TRUE(jurisdiction_within("US-NV", "US"));
  EXPECT_FALSE(jurisdiction_within("US", "US-NV"));
  EXPECT_TRUE(jurisdiction_within("SE", "EU"));
  EXPECT_TRUE(jurisdiction_within("DE-BY", "EU"));
  EXPECT_FALSE(jurisdiction_within("NO", "EU"));
  EXPECT_FALSE(jurisdiction_within("GL", "EU"));
  EXPECT_TRUE(jurisdiction_within("US", ""));
  EXPECT_TRUE(jurisdiction_meets("US", "US-NV"));
  EXPECT_TRUE(jurisdiction_meets("US-NV", "US"));
  EXPECT_TRUE(jurisdiction_meets("", "US-NV"));
  EXPECT_TRUE(jurisdiction_meets("US-CA", ""));
  EXPECT_FALSE(jurisdiction_meets("US-CA", "US-NV"));
  EXPECT_FALSE(jurisdiction_meets("CA", "US"));
  EXPECT_FALSE(jurisdiction_meets("US-N", "US-NV"));
}

}  // namespace
}  // namespace lode

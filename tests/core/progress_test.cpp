// Progress never falls, shares nest, and a stop is one error wherever it is noticed.
#include "libgeo/core/progress.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/core/code_of.h"

namespace lode {
namespace {

TEST(Progress, ADefaultOneIsSilent) {
  const Progress progress;
  EXPECT_NO_THROW(progress.update(0.5, "half"));
  EXPECT_NO_THROW(progress.check());
  EXPECT_NO_THROW(progress.part(0.1, 0.2).update(1.0));
  EXPECT_FALSE(progress.cancelled());
}

TEST(Progress, NeverFallsAndStaysInItsRange) {
  std::vector<double> seen;
  const Progress progress([&](double fraction, const std::string&) { seen.push_back(fraction); },
                          nullptr);
  for (const double fraction : {0.25, 0.125, 2.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    progress.update(fraction);
  EXPECT_EQ(seen, (std::vector<double>{0.25, 0.25, 1.0, 1.0, 1.0}));
}

TEST(Progress, PartsFillTheirShare) {
  double last = 0.0;
  std::string said;
  const Progress progress(
      [&](double fraction, const std::string& message) {
        last = fraction;
        said = message;
      },
      nullptr);
  const Progress half = progress.part(0.5, 1.0);
  half.update(0.5, "reading");
  EXPECT_EQ(last, 0.75);
  EXPECT_EQ(said, "reading");
  half.part(0.5, 0.75).update(1.0);
  EXPECT_EQ(last, 0.875);
}

TEST(Progress, AStopIsSeenEverywhere) {
  bool stop = false;
  const Progress progress(nullptr, [&] { return stop; });
  EXPECT_NO_THROW(progress.check());
  stop = true;
  EXPECT_TRUE(progress.cancelled());
  EXPECT_EQ(code_of([&] { progress.check(); }), "run.interrupted");
  EXPECT_EQ(code_of([&] { progress.update(0.1); }), "run.interrupted");
  EXPECT_EQ(code_of([&] { progress.part(0.2, 0.3).update(0.1); }), "run.interrupted");
}

}  // namespace
}  // namespace lode

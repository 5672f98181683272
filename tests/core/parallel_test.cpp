// Loops over fixed blocks: the same bits and the same error for any number of threads.
#include "libgeo/core/parallel.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "tests/core/code_of.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LODE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LODE_SANITIZED 1
#endif
#endif

namespace lode {
namespace {

TEST(Parallel, BlocksDependOnTheProblemAlone) {
  using Block = std::array<std::size_t, 3>;
  const auto blocks = [](std::size_t count, std::size_t size, int jobs) {
    std::set<Block> seen;
    std::mutex mutex;
    parallel_blocks(count, size, jobs, [&](std::size_t begin, std::size_t end, std::size_t block) {
      const std::lock_guard lock(mutex);
      seen.insert({begin, end, block});
    });
    return seen;
  };
  const std::set<Block> expected = {{0, 4, 0}, {4, 8, 1}, {8, 10, 2}};
  for (const int jobs : {0, 1, 2, 7}) EXPECT_EQ(blocks(10, 4, jobs), expected) << jobs;
  EXPECT_TRUE(blocks(0, 4, 2).empty());
  EXPECT_EQ(blocks(3, 0, 2).size(), 3u);  // a block size of 0 counts as 1
  EXPECT_EQ(blocks(3, 100, 2), (std::set<Block>{{0, 3, 0}}));
}

// Plain addition on purpose: its result depends on the order, so any change of it would show.
TEST(Parallel, SameBitsForAnyJobs) {
  const auto sum = [](int jobs) {
    return parallel_fold(
        1000003, 1000, jobs, 0.0,
        [](std::size_t begin, std::size_t end) {
          double part = 0.0;
          for (std::size_t i = begin; i < end; ++i)
            part += Random{.seed = 5}.uniform(i) * std::pow(10.0, static_cast<double>(i % 9));
          return part;
        },
        [](double a, double b) { return a + b; });
  };
  const double one = sum(1);
  for (const int jobs : {0, 2, 7}) {
    const double many = sum(jobs);
    EXPECT_EQ(std::memcmp(&one, &many, sizeof one), 0) << jobs;
  }
}

TEST(Parallel, FoldJoinsInOrder) {
  for (const int jobs : {1, 2, 7}) {
    const std::string text = parallel_fold(
        26, 3, jobs, std::string(),
        [](std::size_t begin, std::size_t end) {
          std::string part;
          for (std::size_t i = begin; i < end; ++i) part += static_cast<char>('a' + i);
          return part;
        },
        [](std::string a, std::string b) { return a + b; });
    EXPECT_EQ(text, "abcdefghijklmnopqrstuvwxyz");
  }
  const auto add = [](int a, int b) { return a + b; };
  const auto length = [](std::size_t begin, std::size_t end) {
    return static_cast<int>(end - begin);
  };
  EXPECT_EQ(parallel_fold(5, 0, 2, 0, length, add), 5);
}

TEST(Parallel, TheLowestBlocksErrorWins) {
  for (const int jobs : {1, 2, 7}) {
    for (int repeat = 0; repeat < 50; ++repeat) {
      const auto code = code_of([&] {
        parallel_blocks(100, 1, jobs, [](std::size_t, std::size_t, std::size_t block) {
          // The lowest takes longest, so others fail first where there are other threads.
          if (block == 3) std::this_thread::sleep_for(std::chrono::microseconds(300));
          if (block >= 3) throw Error("block." + std::to_string(block), "");
        });
      });
      ASSERT_EQ(code, "block.3") << jobs << " jobs";
    }
  }
}

TEST(Parallel, AStopEndsTheLoop) {
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  const Progress progress(nullptr, [&] { return stop.load(); });
  const auto code = code_of([&] {
    parallel_blocks(
        1000000, 1, 2,
        [&](std::size_t, std::size_t, std::size_t) {
          if (++calls == 10) stop = true;
        },
        progress);
  });
  EXPECT_EQ(code, "run.interrupted");
  EXPECT_LT(calls.load(), 100);
}

TEST(Parallel, ProgressReachesOne) {
  double last = 0.0;
  bool fell = false;
  const Progress progress(
      [&](double fraction, const std::string&) {
        fell = fell || fraction < last;
        last = fraction;
      },
      nullptr);
  parallel_blocks(
      1000, 7, 7, [](std::size_t, std::size_t, std::size_t) {}, progress);
  EXPECT_EQ(last, 1.0);
  EXPECT_FALSE(fell);
}

TEST(Parallel, ThreadCount) {
  EXPECT_EQ(thread_count(3), 3);
  EXPECT_GE(thread_count(0), 1);
  EXPECT_GE(thread_count(-2), 1);
}

// With no room for another thread's stack the work is still done.
TEST(Parallel, AMachineShortOfThreadsStillFinishes) {
#ifdef LODE_SANITIZED
  GTEST_SKIP() << "sanitizers need the address space that this test takes away: run it in the "
                  "release preset";
#else
  const auto run = [] {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlimit limit{pages * 4096 + (24u << 20), RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    std::atomic<int> calls{0};
    parallel_blocks(200, 1, 100, [&](std::size_t, std::size_t, std::size_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      ++calls;
    });
    std::_Exit(calls == 200 ? 0 : 1);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
#endif
}

}  // namespace
}  // namespace lode

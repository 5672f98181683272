// Checksums against the vectors of NIST, and the errors of files that cannot be read.
#include "libgeo/core/provenance.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "libgeo/core/error.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

namespace fs = std::filesystem;

// FIPS 180-4 examples and the NIST CAVP short messages.
TEST(Provenance, Sha256KnownAnswers) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256("\xd3"), "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
}

TEST(Provenance, AFileIsReadToItsEndPastTheBuffer) {
  const fs::path path = fs::temp_directory_path() / ("lode-sha-" + std::to_string(getpid()));
  for (const std::size_t size : {0u, 1u, (1u << 20) - 1u, 1u << 20, (1u << 20) + 1u, 3000000u}) {
    const std::string bytes(size, 'a');
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_EQ(sha256_of_file(path.string()), sha256(bytes)) << size;
  }
  fs::remove(path);
}

TEST(Provenance, AStopEndsAChecksum) {
  const fs::path path = fs::temp_directory_path() / ("lode-stop-" + std::to_string(getpid()));
  std::ofstream(path, std::ios::binary) << std::string(5000000, 'a');
  int asked = 0;
  const Progress after_two(nullptr, [&] { return ++asked > 2; });
  EXPECT_EQ(code_of([&] { (void)sha256_of_file(path.string(), after_two); }), "run.interrupted");
  EXPECT_EQ(asked, 3) << "within a few megabytes of the request";
  fs::remove(path);
}

TEST(Provenance, FilesThatCannotBeRead) {
  EXPECT_EQ(code_of([] { (void)sha256_of_file("/nowhere/at/all"); }), "io.missing_file");
  EXPECT_EQ(code_of([] { (void)sha256_of_file(fs::temp_directory_path().string()); }),
            "io.not_a_file");
  // A file by its kind, but nothing lies at its beginning.
  EXPECT_EQ(code_of([] { (void)sha256_of_file("/proc/self/mem"); }), "io.read");
  EXPECT_EQ(code_of([] { (void)text_of_file("/proc/self/mem"); }), "io.read");
  // It never ends.
  EXPECT_EQ(code_of([] { (void)sha256_of_file("/dev/zero"); }), "io.not_a_file");
  EXPECT_EQ(code_of([] { (void)text_of_file("/dev/zero"); }), "io.not_a_file");
}

TEST(Provenance, ASmallTextIsReadWhole) {
  const fs::path path =
      fs::temp_directory_path() / ("lode-text-" + std::to_string(::getpid()) + ".toml");
  const std::string text(200000, 'x');
  std::ofstream(path) << text;
  EXPECT_EQ(text_of_file(path.string()), text);
  EXPECT_EQ(code_of([&] { (void)text_of_file(path.string(), {}, 100000); }), "io.too_large");
  fs::remove(path);
}

TEST(Provenance, TheVersionIsThreeNumbers) {
  EXPECT_TRUE(std::regex_match(std::string(version()), std::regex("[0-9]+\\.[0-9]+\\.[0-9]+")));
}

}  // namespace
}  // namespace lode

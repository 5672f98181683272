// Shipped files are found where they should be, and what is missing is said with the places
// searched.
#include "libgeo/core/share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "libgeo/core/error.h"

namespace lode {
namespace {

TEST(Share, TheEnvironmentComesFirst) {
  const auto folder = std::filesystem::temp_directory_path() / "lode-share-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "thing.txt") << "x";
  setenv("LODE_SHARE", folder.c_str(), 1);
  EXPECT_EQ(share_file("thing.txt"), (folder / "thing.txt").string());
  unsetenv("LODE_SHARE");
  EXPECT_NE(share_folders().front(), folder.string());
  std::filesystem::remove_all(folder);
}

TEST(Share, AMissingFileNamesThePlacesSearched) {
  setenv("LODE_SHARE", "/nowhere/at/all", 1);
  try {
    (void)share_file("no_such_file.gpkg");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "io.no_share");
    EXPECT_NE(error.where.find("/nowhere/at/all"), std::string::npos);
    EXPECT_NE(error.where.find("share/lode"), std::string::npos);
  }
  unsetenv("LODE_SHARE");
}

TEST(Share, ALibraryInAnotherProgramIsWhatTheDataLieBeside) {
  using testing::ElementsAre;
  EXPECT_THAT(share_folders_beside("/usr/bin/python3.11",
                                   "/opt/lode/lib/python3/dist-packages/lode/_lode.so"),
              ElementsAre("/opt/lode/lib/python3/dist-packages/data", "/opt/lode/lib/python3/data",
                          "/opt/lode/share/lode", "/usr/share/lode", "/usr/bin/data", "/usr/data"));
  EXPECT_THAT(share_folders_beside("", "/usr/lib/x86_64-linux-gnu/liblodegeo.so.0.1"),
              ElementsAre("/usr/lib/data", "/usr/share/lode", "/usr/data"));
  EXPECT_THAT(share_folders_beside("", "/tree/build/release/python/lode/_lode.so"),
              ElementsAre("/tree/build/release/python/data", "/tree/build/release/data"));
}

TEST(Share, AProgramOfItsOwnIsWhatTheDataLieBeside) {
  EXPECT_THAT(share_folders_beside("/opt/lode/bin/lode", ""),
              testing::ElementsAre("/opt/lode/share/lode", "/opt/lode/bin/data", "/opt/lode/data"));
}

}  // namespace
}  // namespace lode

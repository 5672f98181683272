// Every #include against libgeo/layers.txt, and third-party headers kept in their rooms.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/house/tree.h"

namespace lode::house {
namespace {

std::map<std::string, std::set<std::string>> layers() {
  std::map<std::string, std::set<std::string>> allowed;
  for (const std::string& line : lines_of(read(root() / "libgeo/layers.txt"))) {
    if (line.empty() || line[0] == '#') continue;
    const auto colon = line.find(':');
    std::istringstream rest(line.substr(colon + 1));
    auto& of_room = allowed[line.substr(0, colon)];
    for (std::string room; rest >> room;) of_room.insert(room);
  }
  return allowed;
}

TEST(Layers, EveryRoomStandsInTheList) {
  const auto allowed = layers();
  for (const fs::path& path : sources())
    EXPECT_TRUE(allowed.contains(room_of(path))) << name_of(path);
  for (const auto& [room, others] : allowed)
    for (const std::string& other : others)
      EXPECT_TRUE(allowed.contains(other)) << room << ": " << other;
}

TEST(Layers, ArrowsRunOneWay) {
  // A room's rooms may not lead back to it.
  const auto allowed = layers();
  for (const auto& [room, others] : allowed) {
    std::set<std::string> reached = others;
    for (bool grew = true; grew;) {
      grew = false;
      for (const std::string& one : std::set<std::string>(reached))
        for (const std::string& next : allowed.at(one)) grew = reached.insert(next).second || grew;
    }
    EXPECT_FALSE(reached.contains(room)) << room;
  }
}

TEST(Layers, IncludesObeyThem) {
  const auto allowed = layers();
  const std::regex ours("#include \"libgeo/([a-z]+)/[^\"]+\"");
  for (const fs::path& path : sources()) {
    const std::string room = room_of(path);
    for (const std::string& other : matches(read(path), ours))
      EXPECT_TRUE(other == room || allowed.at(room).contains(other))
          << name_of(path) << " includes from " << other << ", which libgeo/layers.txt forbids";
  }
}

TEST(Layers, IncludesAreWrittenFromTheTop) {
  const std::regex quoted("#include \"([^\"]+)\"");
  for (const fs::path& path : sources())
    for (const std::string& name : matches(read(path), quoted))
      EXPECT_TRUE((name.starts_with("libgeo/") || name.starts_with("tools/")) &&
                  fs::exists(root() / name))
          << name_of(path) << " includes \"" << name << '"';
}

// Which room may use which library, in its .cpp files and in headers that only they include.
const std::map<std::string, std::set<std::string>> users{
    {"geos_c.h", {"geometry"}},
    {"proj", {"crs"}},
    {"geodesic.h", {"crs"}},
    {"nlohmann", {"core"}},
    {"openssl", {"core"}},
    {"sqlite3.h", {"io"}},
    {"gdal", {"io"}},
    {"ogr", {"io"}},
    {"cpl", {"io"}},
    {"zlib.h", {"io"}},
    {"osmium", {"io"}},
    {"CLI", {"tools"}},
    {"CGAL", {"geometry"}},
    {"boost", {"geometry"}},
    {"Eigen", {"estimation"}},
    {"nanoflann", {"estimation"}},
    {"fftw3.h", {"estimation"}},
    {"emmintrin.h", {"estimation"}},
    {"immintrin.h", {"core", "estimation", "ranking", "supply"}},
    {"glpk.h", {"supply"}},
    {"toml++", {"study", "ranking", "environment", "logistics", "deposit", "permits", "supply"}},
    {"fmt", {}}};  // empty: any room

// The library an angle-bracket include belongs to; "" for the standard library and POSIX.
std::string library_of(const std::string& name) {
  for (const auto& [library, rooms] : users)
    if (name.starts_with(library)) return library;
  const bool standard = name.find('.') == std::string::npos && name.find('/') == std::string::npos;
  static const std::set<std::string> posix{"fcntl.h",    "unistd.h",      "signal.h", "sys/stat.h",
                                           "sys/file.h", "sys/types.h",   "dirent.h", "sys/mman.h",
                                           "pthread.h",  "sys/statvfs.h", "iconv.h",  "sys/wait.h",
                                           "dlfcn.h",    "link.h",        "spawn.h"};
  return standard || posix.contains(name) ? "" : name;
}

TEST(Layers, LibrariesStayInTheirRooms) {
  const std::regex angled("#include <([^>]+)>");
  for (const fs::path& path : sources())
    for (const std::string& name : matches(read(path), angled)) {
      const std::string library = library_of(name);
      if (library.empty()) continue;
      const auto rooms = users.find(library);
      ASSERT_NE(rooms, users.end())
          << name_of(path) << " includes <" << name << ">, a library that no room is named for";
      EXPECT_TRUE(rooms->second.empty() || rooms->second.contains(room_of(path)))
          << name_of(path) << " includes <" << name << '>';
    }
}

TEST(Layers, PublicHeadersIncludeNoLibrary) {
  // A header with a library in it is private: only files of its own room may include it, and of
  // those no public header.
  const std::regex angled("#include <([^>]+)>");
  const std::regex ours("#include \"([^\"]+)\"");
  std::set<std::string> tainted;
  for (const fs::path& path : sources({".h"}))
    for (const std::string& name : matches(read(path), angled))
      if (!library_of(name).empty()) tainted.insert(name_of(path));
  for (const fs::path& path : sources())
    for (const std::string& name : matches(read(path), ours)) {
      if (!tainted.contains(name)) continue;
      EXPECT_EQ(room_of(path), room_of(root() / name)) << name_of(path) << " includes " << name;
      if (path.extension() != ".h") continue;
      EXPECT_TRUE(tainted.contains(name_of(path)))
          << name_of(path) << " brings " << name << " to those who include it";
    }
}

}  // namespace
}  // namespace lode::house

// The source tree as the house tests read it: files, lines, and the rooms they belong to.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace lode::house {

namespace fs = std::filesystem;

inline const fs::path& root() {
  static const fs::path path = LODE_SOURCE_DIR;
  return path;
}

inline std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::string name_of(const fs::path& path) {
  return path.lexically_relative(root()).generic_string();
}

/// Files below `folder` (relative to the tree) with one of the endings, sorted by name.
inline std::vector<fs::path> files(const std::string& folder,
                                   const std::vector<std::string>& endings) {
  std::vector<fs::path> found;
  if (!fs::exists(root() / folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() &&
        std::find(endings.begin(), endings.end(), ending) != endings.end())
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// All of ours that is compiled into the program.
inline std::vector<fs::path> sources(const std::vector<std::string>& endings = {".h", ".cpp"}) {
  std::vector<fs::path> all = files("libgeo", endings);
  for (const fs::path& path : files("tools", endings)) all.push_back(path);
  return all;
}

/// "crs" for libgeo/crs/..., "tools" for tools/...
inline std::string room_of(const fs::path& path) {
  const fs::path inside = path.lexically_relative(root());
  auto part = inside.begin();
  if (*part == "libgeo") ++part;
  return part->string();
}

/// Code without // comments, and without what stands in string literals unless `keep_texts`.
inline std::string without_comments(const std::string& text, bool keep_texts = false) {
  std::string code;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (keep_texts) code += c;
      if (c == '\\') {
        ++i;
        if (keep_texts && i < text.size()) code += text[i];
      } else if (c == '"' || c == '\n') {
        in_text = false;
      }
      continue;
    }
    if (c == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      i = std::min(text.find('\n', i), text.size()) - 1;
      continue;
    }
    if (c == '\'' && i + 2 < text.size() && (text[i + 2] == '\'' || text[i + 1] == '\\')) {
      i = std::min(text.find('\'', i + 2), text.size());
      continue;
    }
    if (c == '"') {
      in_text = true;
      if (keep_texts) code += c;
      continue;
    }
    code += c;
  }
  return code;
}

inline std::vector<std::string> matches(const std::string& text, const std::regex& pattern,
                                        std::size_t group = 1) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.push_back((*at)[group].str());
  return found;
}

/// Manual pages that are no command's (tools/topics.list).
inline std::set<std::string> topic_pages() {
  const auto lines = lines_of(read(root() / "tools/topics.list"));
  return {lines.begin(), lines.end()};
}

}  // namespace lode::house

#include "libgeo/permits/holders.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "libgeo/core/text.h"

namespace lode {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 15> kForms = {{{"incorporated", "inc"},
                                                                         {"corporation", "corp"},
                                                                         {"company", "co"},
                                                                         {"companies", "co"},
                                                                         {"limited", "ltd"},
                                                                         {"ltee", "ltd"},
                                                                         {"lt\xc3\xa9"
                                                                          "e",
                                                                          "ltd"},
                                                                         {"proprietary", "pty"},
                                                                         {"l l c", "llc"},
                                                                         {"l p", "lp"},
                                                                         {"s a", "sa"},
                                                                         {"p t y", "pty"},
                                                                         {"n l", "nl"},
                                                                         {"a b", "ab"},
                                                                         {"a s", "as"}}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// "(50)", "50%", "(33.3 %)": a share, not a part of the name.
std::size_t share_length(const std::string& text, std::size_t at) {
  std::size_t i = at;
  const bool bracket = text[i] == '(';
  if (bracket) ++i;
  const std::size_t digits = i;
  while (i < text.size() && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) ++i;
  if (i == digits) return 0;
  const auto share = parse_number(std::string_view(text).substr(digits, i - digits));
  if (!share || *share > 100.0) return 0;  // "Metals (2010) Ltd" is a name
  while (i < text.size() && text[i] == ' ') ++i;
  const bool percent = i < text.size() && text[i] == '%';
  if (percent) ++i;
  if (bracket) return i < text.size() && text[i] == ')' ? i + 1 - at : 0;
  return percent ? i - at : 0;
}

std::string key_of_one(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : text) {
    if (is_word(c)) {
      word += c;
    } else if (c == '&' || c == '+') {
      end();
      words.emplace_back("and");
    } else if (c != '.' && c != '\'') {  // L.L.C. is LLC
      end();
    }
  }
  end();
  std::string out = " " + join(words, " ") + " ";
  for (const auto& [long_form, short_form] : kForms) {
    const std::string from = " " + std::string(long_form) + " ";
    for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at + 1))
      out.replace(at, from.size(), " " + std::string(short_form) + " ");
  }
  return std::string(trim(out));
}

}  // namespace

std::string holder_key(std::string_view name) {
  const std::string text = lower(trim(name));
  std::vector<std::string> parties;
  std::string party;
  const auto end = [&] {
    std::string key = key_of_one(std::exchange(party, {}));
    if (!key.empty()) parties.push_back(std::move(key));
  };
  for (std::size_t i = 0; i < text.size();) {
    const bool starts = i == 0 || !is_word(text[i - 1]);
    if (const std::size_t share = starts ? share_length(text, i) : 0; share > 0) {
      // Before a name the share opens another party, after it it closes one.
      end();
      i += share;
    } else if (text[i] == ';' || text[i] == '|') {
      end();
      ++i;
    } else {
      party += text[i++];
    }
  }
  end();
  std::sort(parties.begin(), parties.end());
  parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
  return join(parties, "; ");
}

HolderNumbers holder_numbers(const std::vector<std::string>& names) {
  struct Known {
    std::size_t number = 0;
    std::string first;
  };
  HolderNumbers out;
  std::map<std::string, Known> by_key;
  std::map<std::string, std::size_t> by_name;  // registers repeat few names
  for (const std::string& name : names) {
    if (const auto at = by_name.find(name); at != by_name.end()) {
      out.of.push_back(at->second);
      continue;
    }
    std::string key = holder_key(name);
    std::size_t number = 0;
    if (!key.empty()) {
      const auto [at, fresh] =
          by_key.try_emplace(std::move(key), Known{by_key.size() + 1, std::string(trim(name))});
      number = at->second.number;
      if (!fresh && at->second.first != trim(name))
        out.findings.add("permits.holder_spelling", Severity::note, "holders",
                         "names spelled differently were taken for one holder (first: '" +
                             printable(at->second.first) + "' and '" + printable(trim(name)) +
                             "')");
    }
    by_name.emplace(name, number);
    out.of.push_back(number);
  }
  return out;
}

}  // namespace lode

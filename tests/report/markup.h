// Checks of markup for the tests: well-formedness, and what a page must not hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode::test {

/// "" when the text is well-formed XML as far as tags, attributes and references go; otherwise what
/// is wrong and where. CDATA, comments and the document type are passed over.
inline std::string markup_fault(std::string_view text) {
  std::vector<std::string> open;
  const auto here = [&](const std::string& what, std::size_t at) {
    return what + " at byte " + std::to_string(at) + ": " + std::string(text.substr(at, 60));
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '&') {
      const std::size_t end = text.find(';', i);
      if (end == std::string_view::npos || end - i > 10) return here("bare ampersand", i);
      i = end + 1;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r')
      return here("control character", i);
    if (text[i] != '<') {
      ++i;
      continue;
    }
    if (text.substr(i, 9) == "<![CDATA[") {
      i = text.find("]]>", i) + 3;
      continue;
    }
    if (text.substr(i, 2) == "<!" || text.substr(i, 2) == "<?") {
      i = text.find('>', i) + 1;
      continue;
    }
    const bool closing = text[i + 1] == '/';
    std::size_t at = i + (closing ? 2 : 1);
    std::string name;
    while (at < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '-'))
      name += text[at++];
    if (name.empty()) return here("bare <", i);
    char quote = 0;
    for (; at < text.size() && (quote != 0 || text[at] != '>'); ++at) {
      if (quote != 0 && text[at] == '<') return here("< in an attribute", at);
      if (quote == 0 && (text[at] == '"' || text[at] == '\''))
        quote = text[at];
      else if (text[at] == quote)
        quote = 0;
    }
    if (at >= text.size()) return here("tag without end", i);
    if (closing) {
      if (open.empty() || open.back() != name)
        return here(
            "closes " + name + " while " + (open.empty() ? "nothing" : open.back()) + " is open",
            i);
      open.pop_back();
    } else if (text[at - 1] != '/') {
      open.push_back(name);
    }
    i = at + 1;
  }
  return open.empty() ? std::string() : "left open: " + open.back();
}

/// Without printing the whole page when it is not so.
inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// All values of an attribute, as they stand.
inline std::vector<std::string> attribute_values(std::string_view text,
                                                 const std::string& attribute) {
  std::vector<std::string> out;
  const std::string key = " " + attribute + "=\"";
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const std::size_t start = at + key.size();
    out.emplace_back(text.substr(start, text.find('"', start) - start));
  }
  return out;
}

/// What lies between two texts, from the first on.
inline std::string between(std::string_view text, std::string_view from, std::string_view to) {
  const std::size_t start = text.find(from);
  if (start == std::string_view::npos) return {};
  const std::size_t end = text.find(to, start + from.size());
  return std::string(text.substr(start + from.size(), end - start - from.size()));
}

}  // namespace lode::test

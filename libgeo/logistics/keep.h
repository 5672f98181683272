// Where things worked out once are kept for the next run: functions, for no file is known here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lode {

/// Bytes by key. Empty functions keep nothing. `key` is a word for the kind, a hyphen, and a digest
/// of everything that the bytes depend on; bytes that come back are checked by whoever asked.
struct Keep {
  std::function<std::optional<std::string>(const std::string& key)> load;
  std::function<void(const std::string& key, std::string_view bytes)> store;
};

}  // namespace lode

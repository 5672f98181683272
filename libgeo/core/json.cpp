#include "libgeo/core/json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

/// JSON is UTF-8 (RFC 8259, 8.1): each byte that is not becomes U+FFFD.
std::string mended_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = std::min<std::size_t>(4, text.size());
    while (length > 0 && !is_valid_utf8(text.substr(0, length))) --length;
    out += length > 0 ? text.substr(0, length) : "\xef\xbf\xbd";
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  static const char* digits = "0123456789abcdef";
  if (!is_valid_utf8(text)) return append_escaped(out, mended_utf8(text));
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          out += "\\u00";
          out += digits[byte >> 4];
          out += digits[byte & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_newline(std::string& out, int indent, int depth) {
  if (indent == 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

void append_value(std::string& out, const Json& value, int indent, int depth) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.is_integer()) {
    out += std::to_string(value.as_integer());
  } else if (value.is_number()) {
    out += std::isfinite(value.as_number()) ? number_text(value.as_number()) : "null";
  } else if (value.is_string()) {
    append_escaped(out, value.as_string());
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const auto& item : value.items()) {
      if (!first) out += ',';
      first = false;
      append_newline(out, indent, depth + 1);
      append_value(out, item, indent, depth + 1);
    }
    if (!first) append_newline(out, indent, depth);
    out += ']';
  } else {
    out += '{';
    bool first = true;
    for (const auto& [key, item] : value.members()) {
      if (!first) out += ',';
      first = false;
      append_newline(out, indent, depth + 1);
      append_escaped(out, key);
      out += indent == 0 ? ":" : ": ";
      append_value(out, item, indent, depth + 1);
    }
    if (!first) append_newline(out, indent, depth);
    out += '}';
  }
}

/// Builds a Json from the parser's events, so that nesting is bounded and big integers stay exact.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Json root;
  std::string fault;
  std::optional<std::size_t> offset;  ///< where the parser knows it

  bool null() override { return put(Json()); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(std::int64_t value) override { return put(Json(value)); }
  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return put(Json(static_cast<double>(value)));
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(double value, const std::string&) override { return put(Json(value)); }
  bool string(std::string& value) override { return put(Json(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool key(std::string& value) override {
    if (!stack_.back().keys.insert(value).second) {
      fault = "key '" + value + "' stands twice in one object";
      return false;
    }
    stack_.back().object.emplace_back(value, Json());
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    offset = position;
    fault = error.what();
    if (const auto bracket = fault.find("] "); bracket != std::string::npos)
      fault.erase(0, bracket + 2);
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    Json::Array array;
    Json::Object object;
    std::unordered_set<std::string> keys;
  };
  std::vector<Level> stack_;

  bool put(Json value) {
    if (stack_.empty()) {
      root = std::move(value);
    } else if (stack_.back().is_array) {
      stack_.back().array.push_back(std::move(value));
    } else {
      stack_.back().object.back().second = std::move(value);
    }
    return true;
  }
  bool open(bool is_array) {
    if (stack_.size() >= 200) {
      fault = "nested deeper than 200 levels";
      return false;
    }
    stack_.emplace_back().is_array = is_array;
    return true;
  }
  bool close() {
    Level done = std::move(stack_.back());
    stack_.pop_back();
    return put(done.is_array ? Json(std::move(done.array)) : Json(std::move(done.object)));
  }
};

[[noreturn]] void wrong_type(const char* wanted) {
  throw Error("json.type", std::string("a JSON value is not ") + wanted);
}

}  // namespace

Json::Json(std::size_t value) {
  if (value > static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()))
    value_ = static_cast<double>(value);
  else
    value_ = static_cast<std::int64_t>(value);
}
Json::Json(const std::vector<double>& values) : value_(Array{}) {
  for (const double value : values) push_back(value);
}
Json::Json(const std::vector<std::string>& values) : value_(Array{}) {
  for (const auto& value : values) push_back(value);
}

bool Json::is_number() const {
  return std::holds_alternative<double>(value_) || std::holds_alternative<std::int64_t>(value_);
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  auto* object = std::get_if<Object>(&value_);
  if (!object) wrong_type("an object");
  for (auto& [known, value] : *object)
    if (known == key) return value;
  object->emplace_back(std::string(key), Json());
  return object->back().second;
}

const Json& Json::at(std::string_view key) const {
  static const Json none;
  if (const auto* object = std::get_if<Object>(&value_))
    for (const auto& [known, value] : *object)
      if (known == key) return value;
  return none;
}

bool Json::has(std::string_view key) const {
  if (const auto* object = std::get_if<Object>(&value_))
    for (const auto& [known, value] : *object)
      if (known == key) return true;
  return false;
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array{};
  auto* list = std::get_if<Array>(&value_);
  if (!list) wrong_type("an array");
  list->push_back(std::move(value));
}

bool Json::as_bool() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  wrong_type("a boolean");
}

double Json::as_number() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  if (is_null()) return std::numeric_limits<double>::quiet_NaN();
  wrong_type("a number");
}

std::int64_t Json::as_integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  wrong_type("an integer");
}

const std::string& Json::as_string() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  wrong_type("a text");
}

const Json::Array& Json::items() const {
  if (const auto* value = std::get_if<Array>(&value_)) return *value;
  wrong_type("an array");
}

const Json::Object& Json::members() const {
  if (const auto* value = std::get_if<Object>(&value_)) return *value;
  wrong_type("an object");
}

std::size_t Json::size() const {
  if (const auto* list = std::get_if<Array>(&value_)) return list->size();
  if (const auto* object = std::get_if<Object>(&value_)) return object->size();
  return 0;
}

std::string Json::dump(int indent) const {
  std::string out;
  append_value(out, *this, indent, 0);
  return out;
}

Json Json::parse(std::string_view text, const std::string& where) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    throw Error("json.syntax",
                "not valid JSON" +
                    (builder.offset ? " at byte " + std::to_string(*builder.offset) : "") + ": " +
                    builder.fault,
                where, "Check the file with a JSON checker.");
  }
  return std::move(builder.root);
}

}  // namespace lode

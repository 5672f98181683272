// A JSON document value with ordered keys: what results, studies and run records are written in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lode {

/// Keys keep the order in which they were set, numbers print as the shortest text that reads
/// back to the same double (integers exactly), NaN or infinity is written as null, and bytes that
/// are not UTF-8 as U+FFFD.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::size_t value);
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  Json(const std::vector<double>& values);
  Json(const std::vector<std::string>& values);

  [[nodiscard]] static Json array() { return Json(Array{}); }
  [[nodiscard]] static Json object() { return Json(Object{}); }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// Sets or finds a key; a null value becomes an object first.
  Json& operator[](std::string_view key);
  /// The value under a key, or null when there is none.
  [[nodiscard]] const Json& at(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  /// Appends to an array; a null value becomes an array first.
  void push_back(Json value);

  /// These throw Error "json.type" when the value is of another type.
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] double as_number() const;  ///< null gives NaN
  [[nodiscard]] std::int64_t as_integer() const;
  [[nodiscard]] const std::string& as_string() const;
  [[nodiscard]] const Array& items() const;
  [[nodiscard]] const Object& members() const;
  [[nodiscard]] std::size_t size() const;

  /// One line when `indent` is 0, otherwise that many blanks a level.
  [[nodiscard]] std::string dump(int indent = 0) const;
  /// Errors: "json.syntax" with the byte offset; a key that stands twice in an object and nesting
  /// deeper than 200 levels are refused with it. `where` names the file in the message.
  [[nodiscard]] static Json parse(std::string_view text, const std::string& where = {});

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_;
};

}  // namespace lode

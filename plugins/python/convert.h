// C++ values from Python ones and back: read(object, value, where) and give(value).
//
// Columns go out without a copy: the vector moves into a capsule that the numpy array owns. Columns
// come in with one copy (a memcpy where dtype and layout fit), because the library takes vectors.
// What is wrong with an argument is a WrongArgument that names the place ("options.lag_m").
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/core/quantity.h"
#include "libgeo/crs/crs.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode {
struct Date;
struct Finding;
struct Error;
class Findings;
class Json;
struct Table;
struct Layer;
struct LowBaseHigh;
struct Sum;
}  // namespace lode

namespace lode::python {

namespace py = pybind11;

/// An argument that cannot be what it is meant for; Python sees lode.ArgumentError, which is a
/// TypeError and a ValueError.
struct WrongArgument : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What pointers and views among the arguments point to, until the call is over.
class Kept {
 public:
  template <class T>
  T& add(std::shared_ptr<T> value) {
    values_.push_back(value);
    return *value;
  }

 private:
  std::deque<std::shared_ptr<const void>> values_;
};

/// Which part of which argument a value is, for messages.
struct Where {
  Kept& kept;
  const char* name;
  const Where* outer = nullptr;
  std::ptrdiff_t index = -1;

  [[nodiscard]] Where at(const char* field) const { return {kept, field, this}; }
  [[nodiscard]] Where at(std::size_t i) const {
    return {kept, "", this, static_cast<std::ptrdiff_t>(i)};
  }
  [[nodiscard]] std::string text() const;
  /// "options.lag_m: wanted a number, got str".
  [[noreturn]] void refuse(const std::string& wanted, py::handle got) const;
  [[noreturn]] void refuse(const std::string& message) const;
};

template <class T>
struct Convert;

template <class T>
void read(py::handle source, T& value, const Where& where) {
  Convert<T>::read(source, value, where);
}
template <class T>
[[nodiscard]] py::object give(T&& value) {
  return Convert<std::remove_cvref_t<T>>::give(std::forward<T>(value));
}

// Scalars ------------------------------------------------------------------------------------

[[nodiscard]] double read_double(py::handle source, const Where& where);
[[nodiscard]] bool read_bool(py::handle source, const Where& where);
[[nodiscard]] long long read_integer(py::handle source, long long least, long long most,
                                     const Where& where);
[[nodiscard]] std::uint64_t read_unsigned(py::handle source, std::uint64_t most,
                                          const Where& where);
[[nodiscard]] std::string read_text(py::handle source, const Where& where);
[[nodiscard]] py::object give_text(std::string_view text);

template <std::floating_point T>
struct Convert<T> {
  static void read(py::handle source, T& value, const Where& where) {
    value = static_cast<T>(read_double(source, where));
  }
  static py::object give(T value) { return py::float_(static_cast<double>(value)); }
};
template <>
struct Convert<bool> {
  static void read(py::handle source, bool& value, const Where& where) {
    value = read_bool(source, where);
  }
  static py::object give(bool value) { return py::bool_(value); }
};
template <std::integral T>
struct Convert<T> {
  static void read(py::handle source, T& value, const Where& where) {
    if constexpr (std::is_signed_v<T>)
      value = static_cast<T>(read_integer(source, std::numeric_limits<T>::min(),
                                          std::numeric_limits<T>::max(), where));
    else
      value = static_cast<T>(read_unsigned(source, std::numeric_limits<T>::max(), where));
  }
  static py::object give(T value) { return py::int_(value); }
};
template <>
struct Convert<std::string> {
  static void read(py::handle source, std::string& value, const Where& where) {
    value = read_text(source, where);
  }
  static py::object give(const std::string& value) { return give_text(value); }
};
template <>
struct Convert<std::string_view> {
  static void read(py::handle source, std::string_view& value, const Where& where) {
    value = where.kept.add(std::make_shared<std::string>(read_text(source, where)));
  }
  static py::object give(std::string_view value) { return give_text(value); }
};
template <>
struct Convert<const char*> {
  static void read(py::handle source, const char*& value, const Where& where) {
    value = where.kept.add(std::make_shared<std::string>(read_text(source, where))).c_str();
  }
  static py::object give(const char* value) { return give_text(value ? value : ""); }
};
template <class Tag>
struct Convert<Unit<Tag>> {
  static void read(py::handle source, Unit<Tag>& value, const Where& where) {
    value.value = read_double(source, where);
  }
  static py::object give(Unit<Tag> value) { return py::float_(value.value); }
};

// Columns ------------------------------------------------------------------------------------

/// The argument as a numpy array of `kind` ('f', 'i', 'u' or 'b', `bytes` wide), C order, with
/// `columns` a row (0 = one dimension). Missing (None, pandas.NA, masked) becomes NaN where numbers
/// are wanted; text, fractions for whole numbers and numbers out of range are refused.
[[nodiscard]] py::array read_array(py::handle source, char kind, std::size_t bytes,
                                   std::size_t columns, const Where& where);
/// numpy's view of memory that `owner` keeps alive.
[[nodiscard]] py::object give_array(const py::dtype& type, std::size_t rows, std::size_t columns,
                                    void* data, const py::capsule& owner);

template <class T>
constexpr char kind_of() {
  if constexpr (std::is_same_v<T, bool>)
    return 'b';
  else if constexpr (std::is_floating_point_v<T>)
    return 'f';
  else
    return std::is_signed_v<T> ? 'i' : 'u';
}

/// Rows of a fixed number of equal numbers stand in memory as numpy wants a matrix.
template <class T>
struct Row {
  static constexpr std::size_t columns = 0;
  using Number = T;
};
template <class T, std::size_t N>
  requires std::is_arithmetic_v<T>
struct Row<std::array<T, N>> {
  static constexpr std::size_t columns = N;
  using Number = T;
};
template <>
struct Row<Point> {
  static constexpr std::size_t columns = 2;
  using Number = double;
};
template <>
struct Row<LonLat> {
  static constexpr std::size_t columns = 2;
  using Number = double;
};
template <class T>
concept Numeric = (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || Row<T>::columns != 0;

template <Numeric T>
struct Convert<std::vector<T>> {
  using Number = typename Row<T>::Number;
  static void read(py::handle source, std::vector<T>& value, const Where& where) {
    const py::array array =
        read_array(source, kind_of<Number>(), sizeof(Number), Row<T>::columns, where);
    const T* data = static_cast<const T*>(array.data());
    value.assign(data, data + array.shape(0));
  }
  static py::object give(std::vector<T> value) {
    auto owned = std::make_unique<std::vector<T>>(std::move(value));
    std::vector<T>* kept = owned.get();
    const py::capsule owner(kept, [](void* p) { delete static_cast<std::vector<T>*>(p); });
    static_cast<void>(owned.release());
    return give_array(py::dtype::of<std::conditional_t<std::is_same_v<Number, char>, signed char,
                                                       Number>>(),
                      kept->size(), Row<T>::columns, kept->data(), owner);
  }
};
/// Bits of a vector<bool> are packed, so both ways copy.
template <>
struct Convert<std::vector<bool>> {
  static void read(py::handle source, std::vector<bool>& value, const Where& where);
  static py::object give(const std::vector<bool>& value);
};

// Lists and the like -------------------------------------------------------------------------

/// Elements of a sequence (list, tuple, array, Series, GeoSeries); text is none.
[[nodiscard]] py::list read_list(py::handle source, const Where& where);
[[nodiscard]] py::dict read_dict(py::handle source, const Where& where);

template <class T>
struct Convert<std::vector<T>> {
  static void read(py::handle source, std::vector<T>& value, const Where& where) {
    const py::list list = read_list(source, where);
    value.clear();
    value.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      value.emplace_back();
      python::read(list[i], value.back(), where.at(i));
    }
  }
  static py::object give(std::vector<T> value) {
    py::list list(value.size());
    for (std::size_t i = 0; i < value.size(); ++i)
      PyList_SET_ITEM(list.ptr(), static_cast<Py_ssize_t>(i),
                      python::give(std::move(value[i])).release().ptr());
    return list;
  }
};
template <class T, std::size_t N>
struct Convert<std::array<T, N>> {
  static void read(py::handle source, std::array<T, N>& value, const Where& where) {
    const py::list list = read_list(source, where);
    if (list.size() != N)
      where.refuse("wanted " + std::to_string(N) + " values, got " + std::to_string(list.size()));
    for (std::size_t i = 0; i < N; ++i) python::read(list[i], value[i], where.at(i));
  }
  static py::object give(std::array<T, N> value) {
    py::tuple tuple(N);
    for (std::size_t i = 0; i < N; ++i) tuple[i] = python::give(std::move(value[i]));
    return tuple;
  }
};
template <class A, class B>
struct Convert<std::pair<A, B>> {
  static void read(py::handle source, std::pair<A, B>& value, const Where& where) {
    const py::list list = read_list(source, where);
    if (list.size() != 2) where.refuse("wanted 2 values, got " + std::to_string(list.size()));
    python::read(list[0], value.first, where.at(std::size_t{0}));
    python::read(list[1], value.second, where.at(std::size_t{1}));
  }
  static py::object give(std::pair<A, B> value) {
    return py::make_tuple(python::give(std::move(value.first)),
                          python::give(std::move(value.second)));
  }
};
template <class T>
struct Convert<std::optional<T>> {
  static void read(py::handle source, std::optional<T>& value, const Where& where) {
    value.reset();
    if (!source.is_none()) python::read(source, value.emplace(), where);
  }
  static py::object give(std::optional<T> value) {
    return value ? python::give(std::move(*value)) : py::object(py::none());
  }
};
template <class Key, class T>
struct Convert<std::map<Key, T>> {
  static void read(py::handle source, std::map<Key, T>& value, const Where& where) {
    value.clear();
    for (const auto& [name, item] : read_dict(source, where)) {
      Key key{};
      python::read(name, key, where.at("key"));
      python::read(item, value[key], where.at("value"));
    }
  }
  static py::object give(std::map<Key, T> value) {
    py::dict dict;
    for (auto& [key, item] : value) dict[python::give(key)] = python::give(std::move(item));
    return dict;
  }
};
template <class T>
struct Convert<std::set<T>> {
  static void read(py::handle source, std::set<T>& value, const Where& where) {
    const py::list list = read_list(source, where);
    value.clear();
    for (std::size_t i = 0; i < list.size(); ++i) {
      T item{};
      python::read(list[i], item, where.at(i));
      value.insert(std::move(item));
    }
  }
  static py::object give(const std::set<T>& value) {
    py::set set;
    for (const auto& item : value) set.add(python::give(item));
    return set;
  }
};

// Things held in C++ -------------------------------------------------------------------------

/// A class of the library behind a Python object: described by the generated files.
template <class T>
struct Held {
  static constexpr bool is = false;
};
/// The shared_ptr<T> behind a Python object of class `type`, or a refusal.
[[nodiscard]] std::shared_ptr<void> held_pointer(py::handle source, const char* type,
                                                 const Where& where);
[[nodiscard]] py::object held_object(const char* type, std::shared_ptr<void> value);

template <class T>
[[nodiscard]] std::shared_ptr<T> read_held(py::handle source, const Where& where) {
  return std::static_pointer_cast<T>(held_pointer(source, Held<T>::name, where));
}
template <class T>
  requires(Held<std::remove_const_t<T>>::is)
struct Convert<std::shared_ptr<T>> {
  static py::object give(std::shared_ptr<T> value) {
    using Plain = std::remove_const_t<T>;
    return held_object(Held<Plain>::name, std::const_pointer_cast<Plain>(value));
  }
  static void read(py::handle source, std::shared_ptr<T>& value, const Where& where) {
    value = read_held<std::remove_const_t<T>>(source, where);
  }
};
template <class T>
  requires(Held<T>::is)
struct Convert<std::unique_ptr<T>> {
  static py::object give(std::unique_ptr<T> value) {
    if (!value) return py::none();
    return held_object(Held<T>::name, std::shared_ptr<T>(std::move(value)));
  }
};
template <class T>
  requires(Held<T>::is)
struct Convert<T> {
  static void read(py::handle source, T& value, const Where& where) {
    value = *read_held<T>(source, where);
  }
  static py::object give(T value) {
    return held_object(Held<T>::name, std::make_shared<T>(std::move(value)));
  }
};
template <class T>
  requires(!Held<std::remove_const_t<T>>::is)
struct Convert<std::shared_ptr<T>> {
  static void read(py::handle source, std::shared_ptr<T>& value, const Where& where) {
    value.reset();
    if (source.is_none()) return;
    auto item = std::make_shared<std::remove_const_t<T>>();
    python::read(source, *item, where);
    value = std::move(item);
  }
  static py::object give(const std::shared_ptr<T>& value) {
    return value ? python::give(std::remove_const_t<T>(*value)) : py::object(py::none());
  }
};

/// None, or a value that lives as long as the call.
template <class T>
struct Convert<const T*> {
  static void read(py::handle source, const T*& value, const Where& where) {
    value = nullptr;
    if (source.is_none()) return;
    if constexpr (Held<T>::is) {
      value = &where.kept.add(read_held<T>(source, where));
    } else {
      auto& kept = where.kept.add(std::make_shared<T>());
      python::read(source, kept, where);
      value = &kept;
    }
  }
  /// What is held is its owner's: no result has it.
  static py::object give(const T* value) {
    if constexpr (Held<T>::is)
      return py::none();
    else
      return value ? python::give(T(*value)) : py::object(py::none());
  }
};

// Callbacks ----------------------------------------------------------------------------------

/// A function of the library's is not handed on: a field that holds one is None in Python.
template <class T>
constexpr bool is_function = false;
template <class Result, class... Arguments>
constexpr bool is_function<std::function<Result(Arguments...)>> = true;

/// Copied and let go from any thread, so its count is kept by the pointer.
[[nodiscard]] std::shared_ptr<py::object> read_callable(py::handle source, const Where& where);

template <class... Arguments>
struct Convert<std::function<void(Arguments...)>> {
  static void read(py::handle source, std::function<void(Arguments...)>& value,
                   const Where& where) {
    value = [call = read_callable(source, where)](Arguments... arguments) {
      const py::gil_scoped_acquire held;
      (*call)(python::give(std::remove_cvref_t<Arguments>(arguments))...);
    };
  }
  static py::object give(const std::function<void(Arguments...)>&) { return py::none(); }
};
template <class Result, class... Arguments>
struct Convert<std::function<Result(Arguments...)>> {
  static void read(py::handle source, std::function<Result(Arguments...)>& value,
                   const Where& where) {
    value = [call = read_callable(source, where)](Arguments... arguments) {
      const py::gil_scoped_acquire held;
      const py::object answer =
          (*call)(python::give(std::remove_cvref_t<Arguments>(arguments))...);
      Kept kept;
      Result result{};
      python::read(answer, result, Where{kept, "what the callback returned"});
      return result;
    };
  }
  static py::object give(const std::function<Result(Arguments...)>&) { return py::none(); }
};

// By hand, in convert_places.cpp and convert_values.cpp ----------------------------------------

#define LODE_BY_HAND(Type)                                                   \
  template <>                                                                \
  struct Convert<Type> {                                                     \
    static void read(py::handle source, Type& value, const Where& where);    \
    static py::object give(const Type& value);                               \
  }
LODE_BY_HAND(Geometry);
LODE_BY_HAND(Findings);
LODE_BY_HAND(Json);
LODE_BY_HAND(Date);
#undef LODE_BY_HAND

/// Other forms in which a value may be given (a CRS as text, a place as a pair): true when read.
template <class T>
bool read_otherwise(py::handle /*source*/, T& /*value*/, const Where& /*where*/) {
  return false;
}
template <>
bool read_otherwise(py::handle source, Crs& value, const Where& where);
template <>
bool read_otherwise(py::handle source, Point& value, const Where& where);
template <>
bool read_otherwise(py::handle source, LonLat& value, const Where& where);
template <>
bool read_otherwise(py::handle source, Table& value, const Where& where);
template <>
bool read_otherwise(py::handle source, Layer& value, const Where& where);
template <>
bool read_otherwise(py::handle source, LowBaseHigh& value, const Where& where);

// Structs as dataclasses ---------------------------------------------------------------------

/// A dataclass or enum of the Python half, found when first needed: "estimation.Samples".
[[nodiscard]] py::handle python_class(const char* name);

/// The fields of a struct given as its dataclass or as a mapping of its fields.
class Fields {
 public:
  Fields(py::handle source, const char* type, const char* const* names, std::size_t count,
         const Where& where);
  template <class T>
  void read(std::size_t i, T& value) const {
    const py::object item = take(i);
    if (!item || (is_function<T> && item.is_none())) return;  // as the library has it
    python::read(item, value, where_.at(names_[i]));
  }

 private:
  [[nodiscard]] py::object take(std::size_t i) const;  // null when a mapping lacks it
  py::object source_;
  bool mapping_ = false;
  const char* const* names_;
  const Where& where_;
};
[[nodiscard]] py::object give_fields(const char* type, py::object* values, std::size_t count);

/// Choices of an enum: Python's member or its name; "a-b" and "a b" stand for a_b.
struct Choice {
  const char* name;
  long long value;
  std::string word;  ///< of to_text()
};
[[nodiscard]] long long read_choice(py::handle source, const char* type,
                                    const std::vector<Choice>& choices, const Where& where);
[[nodiscard]] py::object give_choice(const char* type, const std::vector<Choice>& choices,
                                     long long value);

// Calls --------------------------------------------------------------------------------------

/// The arguments of one call, by position; None stands for "as the library has it" where a
/// parameter has a default.
class Call {
 public:
  explicit Call(const py::args& arguments) : arguments_(arguments) {}
  template <class T>
  void read(std::size_t i, const char* name, T& value) {
    python::read(arguments_[i], value, Where{kept_, name});
  }
  template <class T>
  void read_given(std::size_t i, const char* name, T& value) {
    if (!py::handle(arguments_[i]).is_none()) read(i, name, value);
  }
  template <class T>
  [[nodiscard]] std::shared_ptr<T> held(std::size_t i, const char* name) {
    return read_held<T>(arguments_[i], Where{kept_, name});
  }
  /// Runs `work(progress)` without the GIL; argument `i` is what reports go to (-1: none).
  template <class Work>
  auto run(std::ptrdiff_t i, Work work);

 private:
  const py::args& arguments_;
  Kept kept_;
};

/// One bound function: takes its arguments by position, without names.
using Body = py::object (*)(const py::args& arguments);
void add_function(py::module_& room, const char* name, Body body);

}  // namespace lode::python

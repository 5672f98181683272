// Rows of a result as the columns of a layer: a name and a member, or a function, for each.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/low_base_high.h"
#include "libgeo/io/writers.h"

namespace lode::tools {

/// Columns in the order in which they are added; a layer without rows has them all the same.
template <class Row>
class RowColumns {
 public:
  RowColumns(const std::string& layer, const std::vector<Row>& rows) : rows_(rows) {
    layer_.name = layer_.table.name = layer;
  }
  template <class Of>
  void text(const std::string& name, Of of) {
    std::vector<std::string> values;
    for (const auto& row : rows_) values.push_back(std::invoke(of, row));
    layer_.table.add(text_column(name, std::move(values)));
  }
  template <class Of>
  void number(const std::string& name, Of of, const std::string& unit = {}) {
    std::vector<double> values;
    for (const auto& row : rows_) values.push_back(static_cast<double>(std::invoke(of, row)));
    layer_.table.add(number_column(name, std::move(values), unit));
  }
  /// A year, missing where it is 0.
  template <class Of>
  void year(const std::string& name, Of of) {
    number(name, [&](const Row& row) {
      const int value = std::invoke(of, row);
      return value == 0 ? std::nan("") : value;
    });
  }
  /// Low, base and high around their name: `npv_p10_usd`, `npv_usd`, `npv_p90_usd`.
  template <class Of>
  void range(const std::string& before, const std::string& after, Of of, double factor = 1.0) {
    for (const auto& [part, end] : {std::pair{"p10_", &LowBaseHigh::low},
                                    {"", &LowBaseHigh::base},
                                    {"p90_", &LowBaseHigh::high}})
      number(before + part + after,
             [&, member = end](const Row& row) { return factor * std::invoke(of, row).*member; });
  }
  [[nodiscard]] OutputLayer take() { return std::move(layer_); }

 private:
  OutputLayer layer_;
  const std::vector<Row>& rows_;
};

}  // namespace lode::tools

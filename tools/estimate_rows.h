// Rows of estimates as they come: streamed to a CSV file, kept for other formats and for results.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/estimation/estimate.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

/// Above this many rows `results` stay empty: as JSON they would take 10 GB a million.
constexpr std::size_t most_rows_as_results = 100000;
/// People see so many.
constexpr std::size_t most_rows_for_people = 20;

struct RowColumn {
  std::string name;
  std::string unit;
};

/// One a run. CSV without --crs is written as the rows come, in constant memory; the other formats
/// need the whole table.
class EstimateRows {
 public:
  /// `targets` must outlive it. Places are written in the unit of the CRS of `inputs`.
  EstimateRows(const Arguments& arguments, const Session& session, const SampleInputs& inputs,
               const Targets& targets, std::vector<RowColumn> columns);
  ~EstimateRows();
  EstimateRows(const EstimateRows&) = delete;
  EstimateRows& operator=(const EstimateRows&) = delete;

  /// Rows of the targets from `first` on; `values` by column, then row.
  void add(std::size_t first, const std::vector<std::vector<double>>& values);
  /// Everything is written, read back and moved to its name. Errors "io.write", "strict.finding".
  void finish(Outcome& outcome);

 private:
  struct Stream;
  void keep(const std::vector<double>& place, const std::vector<std::vector<double>>& values,
            std::size_t row);
  void place_of(std::size_t target, std::vector<double>& place) const;

  const Arguments& arguments_;
  const Session& session_;
  const SampleInputs& inputs_;
  const Targets& targets_;
  std::vector<std::string> place_names_;
  std::vector<RowColumn> columns_;
  std::unique_ptr<Stream> stream_;
  bool whole_table_ = false;
  std::vector<std::vector<double>> table_;  ///< places, then columns
  Json results_ = Json::array();
};

}  // namespace lode::tools

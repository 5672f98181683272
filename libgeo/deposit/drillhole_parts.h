// What the readers of drillhole tables share: columns by their usual names, faults by their place.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "libgeo/deposit/drillholes.h"

namespace lode::drillhole_parts {

/// A number that stands for "no value": -9999 and its like, 1e31.
[[nodiscard]] bool is_sentinel(double value);

/// The first hundred faults of a code are listed with their place, the others counted.
class Faults {
 public:
  Faults(Findings& findings, bool checking) : findings_(&findings), checking_(checking) {}
  /// Nothing is computed: what a rule would mend is a warning.
  [[nodiscard]] bool checking() const { return checking_; }
  void add(const char* code, Severity severity, const std::string& where,
           const std::string& message);
  /// Adds what was counted; the table's name is the place.
  void finish();

 private:
  struct Rest {
    Severity severity = Severity::note;
    std::string where;
    std::size_t count = 0;
  };
  Findings* findings_;
  bool checking_ = false;
  std::unordered_map<std::string, std::size_t> listed_;
  std::map<std::string, Rest> rest_;
};

/// What is wanted of a table, and the names it usually goes by (small letters and digits only).
struct Wanted {
  const char* name;
  std::vector<std::string> usual;
  bool required = true;
};

/// The columns that each table is to have, and those it may have.
[[nodiscard]] std::vector<Wanted> wanted_collars(bool angles);
[[nodiscard]] std::vector<Wanted> wanted_surveys();
[[nodiscard]] std::vector<Wanted> wanted_intervals();
[[nodiscard]] std::vector<Wanted> wanted_desurveyed();

/// "Depth (m)" and "DEPTH_M" are "depth" here: letters and digits, without the unit at the end.
[[nodiscard]] std::string plain_name(const std::string& field);

/// The columns of a table by wanted name; "" = not there. What was taken becomes a note.
/// Errors "drillholes.no_column", "drillholes.ambiguous_column".
[[nodiscard]] std::map<std::string, std::string> columns_of(const Table& table, const char* what,
                                                            const std::vector<Wanted>& wanted,
                                                            const DrillholeOptions& options,
                                                            Findings& findings);

/// "assay.csv, line 7, hole RT-01".
[[nodiscard]] std::string place(const Table& table, std::size_t row, const std::string& hole = {});
/// "3.5 to 4.5 m".
[[nodiscard]] std::string span(double from_m, double to_m);

/// A column as numbers; a cell that is none becomes a fault and NaN, and so does a sentinel.
[[nodiscard]] std::vector<double> column_numbers(const Table& table, const std::string& field,
                                                 Faults& faults);
/// The same in metres, by the column's unit or `metres_per_unit`.
[[nodiscard]] std::vector<double> column_metres(const Table& table, const std::string& field,
                                                double metres_per_unit, Faults& faults);

/// Holes by name. Names that differ only in case or blanks are one hole, said.
class HoleIndex {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;
  /// False when the name is there already.
  bool add(const std::string& name, std::uint32_t hole);
  /// The hole whose name is alike but for case and blanks; `none` when no or several ones are.
  [[nodiscard]] std::uint32_t like(const std::string& name) const;
  [[nodiscard]] std::uint32_t find(const std::string& name) const;

 private:
  std::unordered_map<std::string, std::uint32_t> exact_;
  std::unordered_map<std::string, std::uint32_t> alike_;
};

/// The hole of each row; `HoleIndex::none` (a fault) where there is none.
[[nodiscard]] std::vector<std::uint32_t> holes_of(const Table& table, const std::string& field,
                                                  const HoleIndex& index,
                                                  const std::vector<Drillhole>& holes,
                                                  Faults& faults);

/// Holes and their paths from collars and surveys.
void read_collars(const DrillholeTables& tables, const DrillholeOptions& options,
                  const Progress& progress, DrillholeSet& set, HoleIndex& index, Faults& faults);
/// Assays, then lithology; holes known.
void read_intervals(const DrillholeTables& tables, const DrillholeOptions& options,
                    const Progress& progress, DrillholeSet& set, const HoleIndex& index,
                    Faults& faults);
/// Holes and intervals from one table.
void read_desurveyed(const Table& table, const DrillholeOptions& options, const Progress& progress,
                     DrillholeSet& set, Faults& faults);

/// Depth unit in metres, and a note where it is that of the coordinates.
[[nodiscard]] double depth_unit(const DrillholeOptions& options);

/// Numbers, or texts most of which are numbers, values below detection among them.
[[nodiscard]] bool holds_numbers(const Column& column);

/// Values, weights and domain of intervals that stand; rows sorted already.
void read_values(const Table& table, const std::map<std::string, std::string>& columns,
                 const DrillholeOptions& options, DrillholeSet& set, Faults& faults);

/// Splits the assays at the contacts of the lithology and gives each stretch its domain.
void split_at_contacts(DrillholeSet& set);

/// Row numbers sorted by hole, from, to and row; rows without hole or depths are left out. Checks
/// depths, overlaps, gaps and ends of holes.
struct SortedIntervals {
  std::vector<std::size_t> rows;
  std::vector<double> from_m, to_m;  ///< by table row
  std::vector<std::uint32_t> hole;   ///< by table row
};
void sort_and_check(const Table& table, const char* what, const std::vector<Drillhole>& holes,
                    const Progress& progress, SortedIntervals& intervals, Faults& faults);

}  // namespace lode::drillhole_parts

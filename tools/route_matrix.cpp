#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>

#include "libgeo/core/error.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

/// An id as a cell of CSV, by the rules of every other table we write.
std::string cell_of(const std::string& id) {
  const bool plain = !id.empty() && id.find_first_not_of(
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789_.") == std::string::npos;
  if (plain) return id;
  Table table;
  table.add(text_column("x", {id}));
  std::string text = csv_text(table);
  const std::size_t end = text.find('\n') + 1;
  const std::size_t mark = end >= 2 && text[end - 2] == '\r' ? 2 : 1;
  return text.substr(end, text.size() - end - mark);
}

std::vector<std::string> cells_of(const Places& places) {
  std::vector<std::string> cells;
  cells.reserve(places.list.size());
  for (const auto& place : places.list) cells.push_back(cell_of(place.id));
  return cells;
}

/// Rows of the matrix, handed to the file a megabyte at a time.
class MatrixFile {
 public:
  MatrixFile(const std::string& temporary, std::string path, const Places& from, const Places& to)
      : path_(std::move(path)),
        from_(cells_of(from)),
        to_(cells_of(to)),
        file_(std::fopen(temporary.c_str(), "wb")) {
    if (!file_) fail();
    text_ = "from,to,distance_km,cost_usd_per_t,hours,co2e_kg_per_t\n";
    text_.reserve(kFlush + kFlush / 4);
  }

  void row(std::uint32_t site, const std::vector<std::uint32_t>& places,
           const std::vector<MatrixCell>& cells) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      text_ += from_[site];
      text_ += ',';
      text_ += to_[places[i]];
      const MatrixCell& cell = cells[i];
      for (const double value :
           {cell.distance_km, cell.cost_usd_per_t, cell.hours, cell.co2e_kg_per_t})
        number(value);
      text_ += '\n';
      if (text_.size() >= kFlush) flush();
    }
  }

  void finish() {
    flush();
    if (std::fclose(file_.release()) != 0) fail();
  }

 private:
  static constexpr std::size_t kFlush = std::size_t{1} << 20;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  /// The shortest that reads back as the same; nothing for NaN.
  void number(double value) {
    std::array<char, 40> digits;
    digits[0] = ',';
    char* end = digits.data() + 1;
    if (!std::isnan(value)) end = std::to_chars(end, digits.data() + digits.size(), value).ptr;
    text_.append(digits.data(), end);
  }
  void flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size()) fail();
    text_.clear();
  }
  [[noreturn]] void fail() const {
    throw Error("io.write", "the matrix cannot be written", path_,
                "Check the free space of the disk.");
  }

  std::string path_;
  std::vector<std::string> from_, to_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string text_;
};

}  // namespace

MatrixReport write_matrix(const Arguments& arguments, const Session& session, const Places& from,
                          const Places& to, const MatrixSource& source, Outcome& outcome) {
  const std::string path = arguments.text("output");
  std::vector<std::string> inputs;
  for (const auto& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(path, inputs);
  OutputSet set(session.overwrite);
  MatrixFile file(set.stage(path), path, from, to);
  MatrixReport report =
      source([&](std::uint32_t site, const std::vector<std::uint32_t>& places,
                 const std::vector<MatrixCell>& cells) { file.row(site, places, cells); });
  file.finish();
  outcome.findings.add(report.findings);
  outcome.summary["pairs"] = report.pairs;
  outcome.summary["unreachable"] = report.unreachable;
  enforce_strict(session, outcome.findings);
  set.commit();
  outcome.outputs = set.written();
  return report;
}

}  // namespace lode::tools

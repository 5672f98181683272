#include "tools/estimate_rows.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

// FNV-1a over words of eight bytes: enough to see that a disk gave back something else.
class Check {
 public:
  void add(const char* bytes, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      word_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * filled_);
      if (++filled_ < 8) continue;
      mix();
    }
    length_ += n;
  }
  [[nodiscard]] std::pair<std::uint64_t, std::size_t> value() const {
    Check end = *this;
    end.mix();
    return {end.hash_, length_};
  }

 private:
  void mix() {
    hash_ = (hash_ ^ word_) * 1099511628211ULL;
    hash_ ^= hash_ >> 29;
    word_ = 0;
    filled_ = 0;
  }
  std::uint64_t hash_ = 14695981039346656037ULL, word_ = 0;
  int filled_ = 0;
  std::size_t length_ = 0;
};

bool is_csv(const Arguments& arguments) {
  const std::string format = lower(arguments.text("format"));
  return format == "csv" || (format.empty() && lower(arguments.text("output")).ends_with(".csv"));
}

// Names that a spreadsheet would run, or that hold a comma, are written as the other tables do it.
std::string header_of(const std::vector<std::string>& places,
                      const std::vector<RowColumn>& columns) {
  Table header;
  for (const std::string& name : places) header.columns.push_back(number_column(name, {}));
  for (const RowColumn& column : columns) header.columns.push_back(number_column(column.name, {}));
  return csv_text(header);
}

}  // namespace

struct EstimateRows::Stream {
  explicit Stream(bool overwrite) : set(overwrite) {}
  ~Stream() {
    if (file != nullptr) std::fclose(file);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void open(const std::string& path) {
    name = path;
    temporary = set.stage(path);
    file = std::fopen(temporary.c_str(), "wbx");
    if (file == nullptr) fail();
  }
  void flush() {
    if (buffer.empty()) return;
    if (std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size()) fail();
    written.add(buffer.data(), buffer.size());
    buffer.clear();
  }
  void close() {
    flush();
    std::FILE* closing = file;
    file = nullptr;
    if (std::fclose(closing) != 0) fail();
    read_back();
  }
  void read_back() const {
    std::FILE* in = std::fopen(temporary.c_str(), "rb");
    if (in == nullptr) fail();
    Check read;
    std::vector<char> bytes(std::size_t{1} << 20);
    for (std::size_t n = 0; (n = std::fread(bytes.data(), 1, bytes.size(), in)) > 0;)
      read.add(bytes.data(), n);
    std::fclose(in);
    if (read.value() != written.value())
      throw Error("io.write", "what was read back is not what was written", name,
                  "The disk or its file system is faulty.");
  }
  [[noreturn]] void fail() const {
    throw Error("io.write", std::string("the result cannot be written: ") + std::strerror(errno),
                name, "Check the free space of the disk.");
  }

  OutputSet set;
  std::string name, temporary, buffer;
  std::FILE* file = nullptr;
  Check written;
};

EstimateRows::EstimateRows(const Arguments& arguments, const Session& session,
                           const SampleInputs& inputs, const Targets& targets,
                           std::vector<RowColumn> columns)
    : arguments_(arguments),
      session_(session),
      inputs_(inputs),
      targets_(targets),
      place_names_{"x", "y", "z"},
      columns_(std::move(columns)) {
  if (targets.is_grid || !targets.dx.empty())
    for (const char* name : {"dx", "dy", "dz"}) place_names_.emplace_back(name);
  if (!wants_output(arguments, session)) return;
  if (arguments.has("output") && is_csv(arguments) && !arguments.has("crs")) {
    stream_ = std::make_unique<Stream>(session.overwrite);
    stream_->open(arguments.text("output"));
    stream_->buffer = header_of(place_names_, columns_);
  } else {
    whole_table_ = true;
    table_.resize(place_names_.size() + columns_.size());
  }
}

EstimateRows::~EstimateRows() = default;

void EstimateRows::place_of(std::size_t target, std::vector<double>& place) const {
  std::array<double, 6> all{};
  if (targets_.is_grid) {
    const auto centre = centre_of(targets_.grid, target);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      all[axis] = centre[axis];
      all[axis + 3] = targets_.grid.spacing[axis];
    }
  } else {
    all = {targets_.x[target], targets_.y[target], targets_.z[target], 0.0, 0.0, 0.0};
    if (!targets_.dx.empty()) {
      all[3] = targets_.dx[target];
      all[4] = targets_.dy[target];
      all[5] = targets_.dz[target];
    }
  }
  place.resize(place_names_.size());
  for (std::size_t i = 0; i < place.size(); ++i) place[i] = all[i] / inputs_.metres_per_unit;
}

void EstimateRows::keep(const std::vector<double>& place,
                        const std::vector<std::vector<double>>& values, std::size_t row) {
  Json one = Json::object();
  for (std::size_t i = 0; i < place.size(); ++i) one[place_names_[i]] = place[i];
  for (std::size_t c = 0; c < columns_.size(); ++c) one[columns_[c].name] = values[c][row];
  results_.push_back(std::move(one));
}

void EstimateRows::add(std::size_t first, const std::vector<std::vector<double>>& values) {
  const std::size_t rows = values.front().size();
  const bool as_json = session_.json && targets_.size() <= most_rows_as_results;
  std::vector<double> place;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % 4096 == 0) session_.progress.check();
    const bool kept = as_json || (!session_.json && results_.size() < most_rows_for_people);
    if (!kept && !stream_ && !whole_table_) break;
    place_of(first + row, place);
    if (kept) keep(place, values, row);
    if (whole_table_) {
      for (std::size_t i = 0; i < place.size(); ++i) table_[i].push_back(place[i]);
      for (std::size_t c = 0; c < columns_.size(); ++c)
        table_[place.size() + c].push_back(values[c][row]);
    }
    if (!stream_) continue;
    std::string& text = stream_->buffer;
    for (std::size_t i = 0; i < place.size(); ++i) {
      if (i > 0) text += ',';
      text += number_text(place[i]);
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      text += ',';
      text += number_text(values[c][row]);
    }
    text += '\n';
    if (text.size() > (std::size_t{1} << 20)) stream_->flush();
  }
}

void EstimateRows::finish(Outcome& outcome) {
  outcome.results = std::move(results_);
  const std::size_t n = targets_.size();
  if (outcome.results.size() < n) {
    outcome.summary["rows_left_out"] = n - outcome.results.size();
    if (session_.json && !arguments_.has("output"))
      outcome.findings.add("estimate.rows_left_out", Severity::warning, "--output",
                           "more than " + std::to_string(most_rows_as_results) +
                               " rows are not given as JSON, and no file was asked for");
  }
  if (stream_) {
    enforce_strict(session_, outcome.findings);
    refuse_unmet_units(arguments_, session_);
    stream_->close();
    stream_->set.commit();
    outcome.outputs = stream_->set.written();
    return;
  }
  OutputLayer layer;
  if (whole_table_) {
    layer.name = "estimate";
    layer.crs = inputs_.layer.crs;
    layer.table.name = layer.name;
    for (std::size_t row = 0; row < n; ++row)
      layer.geometry.push_back(point_geometry(table_[0][row], table_[1][row]));
    for (std::size_t i = 2; i < place_names_.size(); ++i)
      layer.table.add(number_column(place_names_[i], std::move(table_[i])));
    for (std::size_t c = 0; c < columns_.size(); ++c)
      layer.table.add(number_column(columns_[c].name, std::move(table_[place_names_.size() + c]),
                                    columns_[c].unit));
  }
  write_output(arguments_, session_, std::move(layer), outcome);
}

}  // namespace lode::tools

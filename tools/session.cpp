#include "tools/session.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>

#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

volatile std::sig_atomic_t caught = 0;
bool bar_open = false;

extern "C" void on_signal(int signal) {
  if (caught != 0) _exit(128 + signal);
  caught = signal;
}

using Clock = std::chrono::steady_clock;

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::max(0.0, seconds)));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

/// One progress line: the bar redrawn in place, or a JSON object a line.
class Reporter {
 public:
  explicit Reporter(bool json)
      : json_(json), start_(Clock::now()), last_(start_ - std::chrono::hours(1)) {}

  void operator()(double fraction, const std::string& message) {
    const auto now = Clock::now();
    const bool due = now - last_ >= std::chrono::milliseconds(json_ ? 100 : 80);
    if (!due && fraction < 1.0 && (message.empty() || message == message_)) return;
    last_ = now;
    if (!message.empty()) message_ = message;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double left = fraction > 0.01 ? elapsed * (1.0 - fraction) / fraction : NAN;
    if (json_) {
      Json line;
      line["progress"] = fraction;
      line["message"] = message_;
      line["remaining_s"] = std::isnan(left) ? Json() : Json(std::round(left));
      std::fputs((line.dump() + "\n").c_str(), stderr);
    } else {
      const int filled = static_cast<int>(fraction * 30.0);
      std::string bar(static_cast<std::size_t>(filled), '#');
      bar.resize(30, '.');
      std::string line = "\r[" + bar + "] " + fixed_text(fraction * 100.0, 0) + " % ";
      if (!std::isnan(left) && fraction < 1.0) line += duration_text(left) + " left  ";
      line += printable(message_).substr(0, 60);
      std::fputs((line + "\x1b[K").c_str(), stderr);
      bar_open = true;
    }
    std::fflush(stderr);
  }

 private:
  bool json_;
  Clock::time_point start_, last_;
  std::string message_;
};

Json to_json(const Findings& findings, const std::vector<Source>& inputs) {
  Json list = Json::array();
  for (const auto& finding : findings.list()) {
    Json one;
    std::string where = finding.where, message = finding.message;
    for (const auto& input : inputs) {
      const std::string shown = shown_path(input.path);
      for (auto* text : {&where, &message})
        for (auto at = text->find(input.path);
             shown != input.path && !input.path.empty() && at != std::string::npos;
             at = text->find(input.path, at + shown.size()))
          text->replace(at, input.path.size(), shown);
    }
    one["code"] = finding.code;
    one["severity"] = to_text(finding.severity);
    one["where"] = where;
    one["count"] = finding.count;
    one["message"] = message;
    list.push_back(one);
  }
  return list;
}

std::string cell_text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  if (value.is_string()) return printable(value.as_string());
  if (value.is_number()) {
    const double number = value.as_number();
    if (number == std::floor(number) && std::abs(number) < 1e15) return number_text(number);
    const int digits = std::abs(number) >= 1000   ? 1
                       : std::abs(number) >= 10   ? 2
                       : std::abs(number) >= 0.01 ? 4
                                                  : 8;
    return fixed_text(number, digits);
  }
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (const auto& item : value.items()) {
      if (item.is_array() || item.is_object()) return std::to_string(value.size()) + " item(s)";
      parts.push_back(cell_text(item));
    }
    return join(parts, ", ");
  }
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.members())
    parts.push_back(key + " " + (item.is_object() ? "{...}" : cell_text(item)));
  return join(parts, ", ");
}

std::vector<std::string> shown_columns(const Outcome& outcome) {
  if (!outcome.shown.empty()) return outcome.shown;
  std::vector<std::string> columns;
  if (outcome.results.size() == 0) return columns;
  for (const auto& [key, value] : outcome.results.items().front().members())
    if (!value.is_object() && !value.is_array()) columns.push_back(key);
  return columns;
}

std::string table_text(const Outcome& outcome) {
  const auto columns = shown_columns(outcome);
  if (columns.empty()) return {};
  std::vector<std::vector<std::string>> rows = {columns};
  std::vector<bool> right(columns.size(), true);
  for (const auto& result : outcome.results.items()) {
    std::vector<std::string> row;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const Json& value = result.at(columns[c]);
      if (!value.is_number() && !value.is_null()) right[c] = false;
      row.push_back(cell_text(value));
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::size_t> width(columns.size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], shown_width(row[c]));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += right[c] ? padded_left(row[c], width[c]) : padded(row[c], width[c]);
      if (c + 1 < row.size()) line += "  ";
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  return text;
}

}  // namespace

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int stop_signal() {
  return caught;
}

Progress make_progress(const std::string& mode, bool quiet) {
  const auto cancelled = [] { return caught != 0; };
  std::string how = mode;
  if (how == "auto") how = isatty(STDERR_FILENO) ? "bar" : "none";
  if (quiet || how == "none") return Progress(nullptr, cancelled);
  auto reporter = std::make_shared<Reporter>(how == "json");
  return Progress(
      [reporter](double fraction, const std::string& message) { (*reporter)(fraction, message); },
      cancelled);
}

void end_progress() {
  if (bar_open) std::fputs("\n", stderr);
  bar_open = false;
}

std::string shown_path(const std::string& path) {
  std::string prefix, rest = path;
  while (rest.starts_with("/vsi")) {
    const auto slash = rest.find('/', 1);
    if (slash == std::string::npos) return path;
    prefix += rest.substr(0, slash + 1);
    rest = rest.substr(slash + 1);
  }
  if (rest.empty() || rest.front() != '/') return path;
  std::error_code failed;
  const auto here = std::filesystem::current_path(failed);
  const auto relative = std::filesystem::path(rest).lexically_relative(here).string();
  if (!failed && !relative.empty() && !relative.starts_with("..")) return prefix + relative;
  return prefix + std::filesystem::path(rest).filename().string();
}

Json json_head(const Command& command, const Outcome& outcome) {
  Json json;
  json["lode"] = version();
  json["command"] = command.name;
  json["inputs"] = Json::array();
  for (const auto& input : outcome.inputs) {
    Json one;
    one["path"] = shown_path(input.path);
    one["sha256"] = input.sha256;
    one["layer"] = input.layer.empty() ? Json() : Json(input.layer);
    one["features"] = input.features;
    one["crs"] = input.crs.empty() ? Json() : Json(input.crs);
    json["inputs"].push_back(one);
  }
  return json;
}

Json json_tail(const Outcome& outcome) {
  Json tail;
  tail["summary"] = outcome.summary;
  tail["findings"] = to_json(outcome.findings, outcome.inputs);
  tail["outputs"] = Json::array();
  for (const auto& output : outcome.outputs) {
    Json one;
    one["path"] = shown_path(output.path);
    one["sha256"] = output.sha256;
    tail["outputs"].push_back(one);
  }
  return tail;
}

void print_json(const Command& command, const Outcome& outcome,
                const std::function<void(const std::string&)>& print) {
  // Head, rows and tail one after another: all rows as one text would be held twice.
  std::string text = json_head(command, outcome).dump();
  text.back() = ',';
  text += "\"results\":[";
  bool first = true;
  const auto add = [&](const Json& row) {
    constexpr std::size_t enough = std::size_t{1} << 20;
    if (!first) text += ',';
    first = false;
    text += row.dump();
    if (text.size() < enough) return;
    print(text);
    text.clear();
  };
  for (const auto& row : outcome.results.items()) add(row);
  for (std::size_t i = 0; i < outcome.streamed; ++i) add(outcome.streamed_row(i));
  std::string end = json_tail(outcome).dump();
  end.front() = ',';
  print(text + "]" + end + "\n");
}

std::string people_text(const Outcome& outcome) {
  if (!outcome.text.empty()) return outcome.text;
  std::string text = outcome.table.empty() ? table_text(outcome) : outcome.table;
  if (outcome.summary.size() > 0) {
    if (!text.empty()) text += "\n";
    for (const auto& [key, value] : outcome.summary.members())
      text += key + ": " + cell_text(value) + "\n";
  }
  for (const auto& output : outcome.outputs) text += "wrote " + printable(output.path) + "\n";
  return text;
}

std::string findings_text(const Findings& findings, bool verbose) {
  std::string text;
  std::size_t notes = 0;
  for (const auto& finding : findings.list()) {
    if (finding.severity == Severity::note && !verbose) {
      ++notes;
      continue;
    }
    text += "lode: " + std::string(to_text(finding.severity)) + " [" + finding.code + "] " +
            printable(finding.where) + ": " + printable(finding.message);
    if (finding.count > 1) text += " (" + std::to_string(finding.count) + " times)";
    text += "\n";
  }
  if (notes > 0) text += "lode: " + std::to_string(notes) + " note(s) not shown; -v shows them\n";
  return text;
}

std::string error_text(const Error& error) {
  std::string text = "lode: error [" + error.code + "]";
  if (!error.where.empty()) text += " " + printable(error.where);
  text += ": " + printable(error.what());
  if (text.back() != '.' && text.back() != '?') text += '.';
  if (!error.hint.empty()) text += " " + printable(error.hint);
  return text + "\n";
}

namespace {
Json to_json(const Error& error) {
  Json json;
  json["code"] = error.code;
  json["where"] = error.where;
  json["message"] = error.what();
  json["hint"] = error.hint;
  return json;
}
}  // namespace

std::string error_json(const Error& error) {
  Json json;
  json["error"] = to_json(error);
  if (!error.more.empty()) {
    json["more"] = Json::array();
    for (const auto& other : error.more) json["more"].push_back(to_json(other));
  }
  return json.dump() + "\n";
}

}  // namespace lode::tools

// The account of every pair, leg by leg, for people to read and to check.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/text.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

constexpr std::size_t kWidth = 120;
constexpr std::size_t kLongestName = 18;

std::string number(double value, int digits) {
  return std::isnan(value) ? "-" : fixed_text(value, digits);
}

/// A name no longer than its column, with three points for what is left out.
std::string cut(const std::string& text, std::size_t most) {
  if (shown_width(text) <= most) return text;
  std::string kept;
  std::size_t width = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && ++width > most - 3) break;
    kept += c;
  }
  return kept + "...";
}

/// Breaks a text at blanks into lines, the first indented by `first`, the others by `rest`.
std::string wrapped(const std::string& text, std::size_t first, std::size_t rest) {
  std::string out, line(first, ' ');
  bool empty = true;
  for (const auto& word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!empty && shown_width(line) + 1 + shown_width(word) > kWidth) {
      out += line + "\n";
      line.assign(rest, ' ');
      empty = true;
    }
    line += (empty ? "" : " ") + word;
    empty = false;
  }
  return out + line + "\n";
}

using Cells = std::vector<std::string>;

class Account {
 public:
  explicit Account(const RouteRun& run) : run_(run) {
    for (const auto& terminal : run.terminals.list) terminals_[terminal.id] = &terminal;
  }

  std::string text() {
    std::string all;
    for (const auto& row : run_.table.rows) all += block(row) + "\n";
    return all + sources();
  }

 private:
  [[nodiscard]] static std::string title(const Place& place) {
    return printable(place.id) +
           (place.name.empty() || place.name == place.id ? "" : " " + printable(place.name));
  }

  /// Where the price of a leg stands: a numbered source, the terminal's own figure, or the tariff.
  std::string rate(const Leg& leg) {
    if (leg.mode == "transfer") {
      const auto found = terminals_.find(leg.from.substr(0, leg.from.rfind('@')));
      const bool own = found != terminals_.end() && !std::isnan(found->second->handling_usd_per_t);
      return own ? "terminal" : "tariff";
    }
    const LegRate used = leg_rate(leg, run_.tariff);
    if (used.rates == nullptr) return leg.mode == "border" ? "tariff" : "-";
    const auto [known, is_new] = sources_.try_emplace(used.name, sources_.size() + 1, used.rates);
    const int year = used.rates->year;
    return "[" + std::to_string(known->second.first) + "]" +
           (year > 0 ? " " + std::to_string(year) : std::string());
  }

  Cells leg_cells(std::size_t i, const Leg& leg) {
    const std::string what =
        printable(leg.mode) + (leg.vehicle.empty() ? "" : " " + printable(leg.vehicle));
    return {std::to_string(i + 1),
            cut(what, kLongestName),
            cut(printable(leg.from), kLongestName),
            cut(printable(leg.to), kLongestName),
            number(leg.distance_km, 1),
            number(leg.hours, 1),
            number(leg.freight_usd_per_t, 2),
            number(leg.toll_usd_per_t, 2),
            number(leg.time_usd_per_t, 2),
            number(leg.cost_usd_per_t, 2),
            number(leg.cost_low_usd_per_t, 2),
            number(leg.cost_high_usd_per_t, 2),
            number(leg.co2e_kg_per_t, 2),
            rate(leg)};
  }

  /// Sums of the legs; the row's own totals are compared with them below the table.
  struct Sums {
    double km = 0.0, snap_km = 0.0, hours = 0.0, freight = 0.0, toll = 0.0, time = 0.0;
    double usd = 0.0, low = 0.0, high = 0.0, co2e = 0.0;
  };
  static Sums sums_of(const RouteRow& row) {
    Sums sums;
    for (const auto& leg : row.legs) {
      (leg.mode == "snap" ? sums.snap_km : sums.km) += leg.distance_km;
      sums.hours += leg.hours;
      sums.freight += leg.freight_usd_per_t;
      sums.toll += leg.toll_usd_per_t;
      sums.time += leg.time_usd_per_t;
      sums.usd += leg.cost_usd_per_t;
      sums.low += leg.cost_low_usd_per_t;
      sums.high += leg.cost_high_usd_per_t;
      sums.co2e += leg.co2e_kg_per_t;
    }
    return sums;
  }

  static std::string adds_up(const RouteRow& row, const Sums& sums) {
    double off = 0.0;
    const auto compare = [&](double sum, double total) {
      if (std::isnan(sum) && std::isnan(total)) return;
      const double gap = std::abs(sum - total);
      off = std::isnan(gap) ? gap : std::max(off, gap / std::max(1.0, std::abs(total)));
    };
    compare(sums.km, row.distance_km);
    compare(sums.hours, row.hours);
    compare(sums.usd, row.cost_usd_per_t);
    compare(sums.low, row.cost_low_usd_per_t);
    compare(sums.high, row.cost_high_usd_per_t);
    compare(sums.co2e, row.co2e_kg_per_t);
    constexpr double rounding = 1e-9;
    const std::string count = std::to_string(row.legs.size());
    std::string text = off <= rounding
                           ? "The " + count + " legs add up to the totals of the pair."
                           : "The " + count + " legs do NOT add up to the totals of the pair.";
    text += " " + number(row.distance_km, 1) + " km lie on lines, " + number(sums.snap_km, 1) +
            " km are straight ways to and from them.";
    return text;
  }

  [[nodiscard]] std::string stops(const RouteRow& row) const {
    std::vector<std::string> names;
    std::set<std::string> told;
    for (const auto& leg : row.legs) {
      if (leg.mode != "transfer") continue;
      const auto found = terminals_.find(leg.from.substr(0, leg.from.rfind('@')));
      if (found == terminals_.end() || !told.insert(found->first).second) continue;
      const Terminal& terminal = *found->second;
      names.push_back(printable(terminal.id) +
                      (terminal.name.empty() || terminal.name == terminal.id
                           ? ""
                           : " " + printable(terminal.name)));
    }
    return names.empty() ? std::string() : "Changes of mode at " + join(names, ", ") + ".";
  }

  std::string block(const RouteRow& row) {
    std::string text = title(run_.from.list[row.from]) + "  to  " + title(run_.to.list[row.to]);
    if (!row.reachable())
      return text + "\n" +
             wrapped("no way (" + std::string(to_text(row.reason)) + "): " + printable(row.words),
                     2, 4);
    text += "\n";
    std::vector<Cells> lines = {{"leg", "mode", "from", "to", "km", "h", "freight", "toll", "time",
                                 "USD/t", "low", "high", "kg CO2e", "rate"}};
    for (std::size_t i = 0; i < row.legs.size(); ++i) lines.push_back(leg_cells(i, row.legs[i]));
    const Sums sums = sums_of(row);
    lines.push_back({"", "total", "", "", number(sums.km + sums.snap_km, 1), number(sums.hours, 1),
                     number(sums.freight, 2), number(sums.toll, 2), number(sums.time, 2),
                     number(sums.usd, 2), number(sums.low, 2), number(sums.high, 2),
                     number(sums.co2e, 2), ""});
    text += aligned(lines);
    text += wrapped(adds_up(row, sums), 2, 2);
    if (const std::string where = stops(row); !where.empty()) text += wrapped(where, 2, 2);
    return text;
  }

  /// Columns 2 to 4 and the last are words, the others numbers; a rule stands above the totals.
  static std::string aligned(const std::vector<Cells>& lines) {
    std::vector<std::size_t> width(lines.front().size(), 0);
    for (const auto& line : lines)
      for (std::size_t c = 0; c < line.size(); ++c)
        width[c] = std::max(width[c], shown_width(line[c]));
    std::size_t whole = 2;
    for (const auto w : width) whole += w + 2;
    const std::string gap(whole - 2 > kWidth ? 1 : 2, ' ');
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string line = " ";
      for (std::size_t c = 0; c < width.size(); ++c) {
        const bool words = (c >= 1 && c <= 3) || c + 1 == width.size();
        line += (c == 0 ? " " : gap) +
                (words ? padded(lines[i][c], width[c]) : padded_left(lines[i][c], width[c]));
      }
      while (line.back() == ' ') line.pop_back();
      if (i + 1 == lines.size()) text += "  " + std::string(shown_width(line) - 2, '-') + "\n";
      text += line + "\n";
    }
    return text;
  }

  [[nodiscard]] std::string sources() const {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [name, source] : sources_) order.emplace_back(source.first, name);
    std::sort(order.begin(), order.end());
    if (order.empty()) return {};
    std::string text = wrapped(
        "USD/t = freight + toll + time, per tonne hauled; low and high are the tariff's. Rates (" +
            printable(run_.tariff.name) + ", as of " + run_.tariff.as_of +
            ", USD per tonne-kilometre):",
        0, 0);
    for (const auto& [index, name] : order) {
      const ModeRates& rate = *sources_.at(name).second;
      std::string line = "[" + std::to_string(index) + "] " + printable(name) + " " +
                         number_text(rate.usd_per_tkm.base);
      if (rate.usd_per_tkm.low != rate.usd_per_tkm.high)
        line += " (" + number_text(rate.usd_per_tkm.low) + " to " +
                number_text(rate.usd_per_tkm.high) + ")";
      if (rate.year > 0) line += ", " + std::to_string(rate.year);
      line += rate.source.empty() ? "; the tariff names no source" : "; " + printable(rate.source);
      text += wrapped(line, 0, 4);
    }
    return text;
  }

  const RouteRun& run_;
  std::map<std::string, const Terminal*> terminals_;
  /// By name, numbered as they are met.
  std::map<std::string, std::pair<std::size_t, const ModeRates*>> sources_;
};

}  // namespace

std::string account_text(const RouteRun& run) {
  return Account(run).text();
}

}  // namespace lode::tools

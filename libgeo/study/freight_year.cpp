// The chosen ways month by month.
#include <algorithm>

#include "libgeo/logistics/scenarios.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

std::string month_names(const RouteYear& year) {
  static constexpr std::array<const char*, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string text;
  for (std::size_t m = 0; m < 12; ++m)
    if (std::isnan(year.cost_usd_per_t[m]))
      text += (text.empty() ? "" : " ") + std::string(names[m]);
  return text;
}

RouteYear to_route_year(const YearRow& row) {
  RouteYear year;
  year.cost_usd_per_t = row.cost_usd_per_t;
  year.months_open = row.months_open;
  year.dearest_month = row.dearest_month;
  year.longest_closed_days = row.longest_closed_days;
  for (std::size_t m = 0; m < 12 && year.reason.empty(); ++m)
    if (row.reason[m] != Unreachable::no) year.reason = to_text(row.reason[m]);
  return year;
}

}  // namespace

void add_year(StudyContext& context, const FreightInputs& inputs, const Places& to,
              const RouteTable& table, std::vector<SiteRoute>& routes, const Progress& progress) {
  if (!context.study.logistics.months) return;
  RouteOptions options = inputs.options;
  options.month = 0;
  options.pairs = Pairs::listed;
  options.lines = false;
  options.legs = false;
  std::vector<std::size_t> which;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (!table.rows[r].reachable()) continue;
    options.listed.emplace_back(table.rows[r].from, table.rows[r].to);
    which.push_back(r);
  }
  if (which.empty()) return;
  const auto years = route_year(inputs.network, inputs.tariff, inputs.terminals, inputs.from, to,
                                options, progress);
  for (std::size_t k = 0; k < which.size(); ++k) {
    SiteRoute& route = routes[which[k]];
    route.months = to_route_year(years[k]);
    const RouteYear& year = *route.months;
    const std::string closed = month_names(year);
    context.set(
        "delivered_months_open", "n", route.site, year.months_open,
        "months in which the way to " + route.destination_name + " is open" +
            (closed.empty() ? std::string() : "; closed in " + closed + " (" + year.reason + ")"));
    if (year.dearest_month > 0)
      context.set("delivered_dearest_usd_per_t", "USD/t", route.site,
                  year.cost_usd_per_t[static_cast<std::size_t>(year.dearest_month - 1)],
                  "dearest open month of the way to " + route.destination_name + ": month " +
                      std::to_string(year.dearest_month));
  }
}

}  // namespace lode

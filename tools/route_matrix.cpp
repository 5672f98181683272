#include "tools/route_parts.h"

namespace lode::tools {

void write_matrix(const Arguments& arguments, const Session& session, const RouteTable& table,
                  const Places& from, const Places& to, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  Table csv;
  std::vector<std::string> from_ids, to_ids;
  for (const auto& row : table.rows) {
    from_ids.push_back(from.list[row.from].id);
    to_ids.push_back(to.list[row.to].id);
  }
  csv.add(text_column("from", std::move(from_ids)));
  csv.add(text_column("to", std::move(to_ids)));
  const auto numbers = [&](const char* name, double RouteRow::*member) {
    std::vector<double> column;
    for (const auto& row : table.rows) column.push_back(row.*member);
    csv.add(number_column(name, std::move(column)));
  };
  numbers("distance_km", &RouteRow::distance_km);
  numbers("cost_usd_per_t", &RouteRow::cost_usd_per_t);
  numbers("hours", &RouteRow::hours);
  numbers("co2e_kg_per_t", &RouteRow::co2e_kg_per_t);
  std::vector<std::string> inputs;
  for (const auto& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  OutputSet set(session.overwrite);
  set.write_text(arguments.text("output"), csv_text(csv));
  set.commit();
  outcome.outputs = set.written();
}

}  // namespace lode::tools

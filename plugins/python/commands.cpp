#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/text.h"
#include "plugins/python/json.h"
#include "plugins/python/parts.h"
#include "plugins/python/progress.h"
#include "tools/params.h"
#include "tools/run.h"
#include "tools/session.h"

namespace lode::python {

namespace py = pybind11;
using Values = std::map<std::string, std::vector<std::string>>;

namespace {

/// As `lode describe`, with the other names that the command line knows of a parameter.
py::list declarations() {
  py::list list;
  for (const tools::Command& command : tools::commands()) {
    std::vector<tools::Parameter> parameters = command.parameters;
    tools::append(parameters, tools::common_parameters());
    py::dict one = to_python(tools::describe(command));
    std::size_t i = 0;
    for (const py::handle parameter : one["parameters"]) {
      parameter["aliases"] = parameters.at(i).aliases;
      ++i;
    }
    list.append(std::move(one));
  }
  return list;
}

const tools::Command& command_of(const std::string& name) {
  const tools::NamedCommand named = tools::find_command(split(name, ' '));
  if (named.command == nullptr || named.command->name != name)
    throw Error("usage.command", "there is no command '" + printable(name) + "'", "lode");
  return *named.command;
}

struct Run {
  tools::Outcome outcome;
  std::vector<OutputLayer> layers;
};

/// Every row is made here, without the GIL: a streamed one may be dear.
Run run_command(const tools::Command& command, Values values, const Progress& progress) {
  const tools::Arguments arguments = tools::check_arguments(command, std::move(values));
  tools::Session session = tools::make_session(arguments, true, progress);
  session.kept = std::make_shared<std::vector<OutputLayer>>();
  Run run;
  run.outcome = tools::run(command, arguments, session);
  for (std::size_t i = 0; i < run.outcome.streamed; ++i)
    run.outcome.results.push_back(run.outcome.streamed_row(i));
  run.layers = std::move(*session.kept);
  return run;
}

py::dict result_of(const tools::Command& command, Run run) {
  const tools::Outcome& outcome = run.outcome;
  py::dict result = to_python(tools::json_head(command, outcome));
  result["results"] = to_python(outcome.results);
  const py::dict tail = to_python(tools::json_tail(outcome));
  for (const auto& [key, value] : tail) result[key] = value;
  py::dict whole;
  whole["json"] = result;
  whole["failed"] = outcome.failed;
  whole["shown"] = outcome.shown;
  whole["table"] = outcome.table;
  whole["text"] = outcome.text;
  py::list layers;
  for (OutputLayer& layer : run.layers) layers.append(py::cast(std::move(layer)));
  whole["layers"] = std::move(layers);
  return whole;
}

/// The table that the program prints for people.
std::string people_text(const py::dict& json, std::vector<std::string> shown, std::string table,
                        std::string text) {
  tools::Outcome outcome;
  outcome.results = to_json(json["results"]);
  outcome.summary = to_json(json["summary"]);
  for (const py::handle output : json["outputs"])
    outcome.outputs.push_back({output["path"].cast<std::string>(), {}});
  outcome.shown = std::move(shown);
  outcome.table = std::move(table);
  outcome.text = std::move(text);
  return tools::people_text(outcome);
}

}  // namespace

void bind_commands(py::module_& m) {
  m.def("commands", &declarations,
        "What `lode describe` says of every command, and a little more.");
  m.def("help_text", [](const std::string& name) { return tools::help_text(command_of(name)); });
  m.def(
      "run",
      [](const std::string& name, Values values, const py::object& listener) {
        const tools::Command& command = command_of(name);
        return result_of(command, watched(listener, [&](const Progress& progress) {
                           return run_command(command, std::move(values), progress);
                         }));
      },
      py::arg("name"), py::arg("values"), py::arg("listener") = py::none(),
      "Runs a command on texts by parameter: its JSON as plain values, and its layers.");
  m.def("people_text", &people_text);
  m.def("json_text", [](const py::dict& json) { return to_json(json).dump(); });
  bind_layers(m);
}

}  // namespace lode::python

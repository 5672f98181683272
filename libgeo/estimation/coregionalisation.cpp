#include "libgeo/estimation/coregionalisation.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

const char* form_hint = "See lode-estimate(1), CO-KRIGING, for the form of the model.";

void check_matrix(const SillMatrix& matrix, std::size_t n, const std::string& name,
                  const std::string& where) {
  bool good = matrix.size() == n;
  for (const auto& row : matrix) good = good && row.size() == n;
  for (std::size_t i = 0; good && i < n; ++i)
    for (std::size_t j = 0; good && j < n; ++j)
      good = std::isfinite(matrix[i][j]) && matrix[i][j] == matrix[j][i];
  if (!good)
    throw Error("coregionalisation.matrix",
                "the matrix of " + name + " is not " + std::to_string(n) + " x " +
                    std::to_string(n) + " finite numbers, alike on both sides of the diagonal",
                where, form_hint);
  Eigen::MatrixXd m(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      m(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = matrix[i][j];
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m, Eigen::EigenvaluesOnly);
  // Fitted matrices are written with rounded digits: that much below 0 is no fault.
  const double least = solver.eigenvalues().minCoeff();
  if (least < -1e-9 * std::max(m.trace(), 0.0) || m.diagonal().minCoeff() < 0.0)
    throw Error("coregionalisation.not_positive",
                "the matrix of " + name + " has the eigenvalue " + number_text(least) +
                    ", so some combination of the variables would have a negative variance",
                where, "Lower its cross sills: each at most the root of the product of its two.");
}

// The structure's own checks, with a sill that passes them.
void check_structure(const Structure& structure, const std::string& where) {
  VariogramModel one;
  one.structures = {structure};
  one.structures.front().sill = 1.0;
  check_model(one, where);
}

SillMatrix matrix_from(const Json& json, const std::string& key, const std::string& where) {
  const auto refuse = [&] {
    throw Error("coregionalisation.bad_json", "'" + key + "' must be a list of rows of numbers",
                where, form_hint);
  };
  if (!json.is_array()) refuse();
  SillMatrix matrix;
  for (const Json& row : json.items()) {
    if (!row.is_array()) refuse();
    matrix.emplace_back();
    for (const Json& value : row.items()) {
      if (!value.is_number()) refuse();
      matrix.back().push_back(value.as_number());
    }
  }
  return matrix;
}

Json matrix_json(const SillMatrix& matrix) {
  Json rows = Json::array();
  for (const auto& row : matrix) rows.push_back(Json(row));
  return rows;
}

Coregionalisation::Part part_from(const Json& json, const std::string& where) {
  if (!json.is_object() || !json.has("sill"))
    throw Error("coregionalisation.bad_json", "a structure must be an object with 'sill'", where,
                form_hint);
  // All but the sills is as in the model of one variable.
  Json alone = Json::object();
  for (const auto& [key, value] : json.members()) alone[key] = key == "sill" ? Json(1.0) : value;
  Json whole = Json::object();
  whole["nugget"] = 0.0;
  whole["structures"] = Json::array();
  whole["structures"].push_back(alone);
  Coregionalisation::Part part;
  part.structure = model_from_json(whole, where).structures.front();
  part.sill = matrix_from(json.at("sill"), "sill", where);
  return part;
}

}  // namespace

double Coregionalisation::sill(std::size_t i, std::size_t j) const {
  double sum = nugget[i][j];
  for (const Part& part : parts) sum += part.sill[i][j];
  return sum;
}

void check_coregionalisation(const Coregionalisation& model, const std::string& where) {
  check_matrix(model.nugget, model.size(), "the nugget", where);
  for (std::size_t s = 0; s < model.parts.size(); ++s) {
    const std::string name = "structure " + std::to_string(s + 1);
    check_structure(model.parts[s].structure, where + ", " + name);
    check_matrix(model.parts[s].sill, model.size(), name, where);
    if (model.parts[s].structure.type == StructureType::power)
      throw Error("coregionalisation.unbounded",
                  name + " is a power, which has no sill and so no covariance", where,
                  "Take a structure with a sill.");
  }
  for (std::size_t i = 0; i < model.size(); ++i)
    if (!(model.sill(i, i) > 0.0))
      throw Error("coregionalisation.sill", "the sills of " + model.variables[i] + " sum to 0",
                  where, "Nugget and sills of a variable with itself are its variance.");
}

Coregionalisation coregionalisation_from_json(const Json& json, const std::string& where) {
  if (!json.is_object())
    throw Error("coregionalisation.bad_json", "a model must be an object", where, form_hint);
  if (json.has("model") && !json.has("structures"))
    return coregionalisation_from_json(json.at("model"), where);
  for (const auto& [key, value] : json.members())
    if (key != "variables" && key != "nugget" && key != "structures")
      throw Error("coregionalisation.bad_json", "unknown key '" + printable(key) + "'", where,
                  suggestion(key, {"variables", "nugget", "structures"}));
  if (!json.at("variables").is_array() || !json.at("structures").is_array())
    throw Error("coregionalisation.bad_json", "'variables' and 'structures' must be lists", where,
                form_hint);
  Coregionalisation model;
  for (const Json& name : json.at("variables").items()) {
    if (!name.is_string())
      throw Error("coregionalisation.bad_json", "'variables' must be names", where, form_hint);
    model.variables.push_back(name.as_string());
  }
  model.nugget = matrix_from(json.at("nugget"), "nugget", where);
  for (const Json& item : json.at("structures").items())
    model.parts.push_back(
        part_from(item, where + ", structure " + std::to_string(model.parts.size() + 1)));
  check_coregionalisation(model, where);
  return model;
}

Json to_json(const Coregionalisation& model) {
  Json json;
  json["variables"] = Json(model.variables);
  json["nugget"] = matrix_json(model.nugget);
  json["structures"] = Json::array();
  for (const auto& part : model.parts) {
    VariogramModel alone;
    alone.structures = {part.structure};
    Json one = to_json(alone).at("structures").items().front();
    one["sill"] = matrix_json(part.sill);
    json["structures"].push_back(std::move(one));
  }
  return json;
}

Coregionalisation ordered(const Coregionalisation& model, const std::vector<std::string>& variables,
                          const std::string& where) {
  std::vector<std::size_t> from;
  for (const std::string& name : variables) {
    const auto found = std::find(model.variables.begin(), model.variables.end(), name);
    if (found == model.variables.end())
      throw Error("coregionalisation.no_variable", "the model has no variable '" + name + "'",
                  where, suggestion(name, model.variables));
    from.push_back(static_cast<std::size_t>(found - model.variables.begin()));
  }
  const auto picked = [&](const SillMatrix& matrix) {
    SillMatrix result;
    for (const std::size_t i : from) {
      result.emplace_back();
      for (const std::size_t j : from) result.back().push_back(matrix[i][j]);
    }
    return result;
  };
  Coregionalisation result;
  result.variables = variables;
  result.nugget = picked(model.nugget);
  for (const auto& part : model.parts) result.parts.push_back({part.structure, picked(part.sill)});
  return result;
}

}  // namespace lode

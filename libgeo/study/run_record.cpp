#include "libgeo/study/run_record.h"

#include <algorithm>

#include "libgeo/core/error.h"

namespace lode {

Json to_json(const Finding& finding) {
  Json json;
  json["code"] = finding.code;
  json["severity"] = to_text(finding.severity);
  json["where"] = finding.where;
  json["count"] = finding.count;
  json["message"] = finding.message;
  return json;
}

Json to_json(const RunRecord& record, const StudyResult& result,
             const std::vector<std::pair<std::string, std::string>>& outputs) {
  Json json;
  json["lode"] = record.version;
  json["command"] = "study run";
  Json study;
  study["path"] = record.study;
  study["sha256"] = record.study_sha256;
  study["title"] = result.title;
  study["as_of"] = to_text(result.as_of);
  json["study"] = study;
  Json options;
  options["seed"] = static_cast<std::int64_t>(record.seed);
  options["seed_said"] = record.seed_said;
  json["options"] = options;
  json["inputs"] = Json::array();
  for (const auto& input : record.inputs) {
    Json one;
    one["path"] = input.path;
    one["sha256"] = input.sha256;
    one["layer"] = input.layer.empty() ? Json() : Json(input.layer);
    one["features"] = input.features;
    one["crs"] = input.crs.empty() ? Json() : Json(input.crs);
    json["inputs"].push_back(one);
  }
  json["crs_operations"] = Json::array();
  for (const auto& operation : result.operations) {
    Json one;
    one["input"] = operation.input;
    one["from"] = operation.from;
    one["to"] = operation.to;
    one["operation"] = operation.operation;
    one["accuracy_m"] = operation.accuracy_m;
    json["crs_operations"].push_back(one);
  }
  Json summary;
  for (const auto& figure : result.figures)
    summary[figure.name + (figure.unit.empty() ? "" : " " + figure.unit)] = figure.value;
  json["summary"] = summary;
  json["left_out"] = Json::array();
  for (const auto& one : result.left_out) {
    Json row;
    row["id"] = one.site_id;
    row["name"] = one.name;
    row["reason"] = one.reason;
    json["left_out"].push_back(row);
  }
  json["findings"] = Json::array();
  for (const auto& finding : result.findings.list()) json["findings"].push_back(to_json(finding));
  json["outputs"] = Json::array();
  for (const auto& [name, sha] : outputs) {
    Json one;
    one["path"] = name;
    one["sha256"] = sha;
    json["outputs"].push_back(one);
  }
  return json;
}

RunRecord parse_run_record(const std::string& text, const std::string& where) {
  const Json json = Json::parse(text, where);
  RunRecord record;
  try {
    record.version = json.at("lode").as_string();
    record.study = json.at("study").at("path").as_string();
    record.study_sha256 = json.at("study").at("sha256").as_string();
    record.seed = static_cast<std::uint64_t>(json.at("options").at("seed").as_integer());
    record.seed_said = json.at("options").at("seed_said").as_bool();
    for (const auto& item : json.at("inputs").items()) {
      Source source;
      source.path = item.at("path").as_string();
      source.sha256 = item.at("sha256").as_string();
      if (item.at("layer").is_string()) source.layer = item.at("layer").as_string();
      source.features = static_cast<std::size_t>(item.at("features").as_integer());
      record.inputs.push_back(std::move(source));
    }
  } catch (const Error&) {
    throw Error("rerun.not_a_record", "the file is no run record of a study", where,
                "Give the run.json that 'lode study run' wrote.");
  }
  return record;
}

void check_version(const RunRecord& record, const std::string& where) {
  if (record.version == version()) return;
  throw Error(
      "rerun.version",
      "the record was made by lode " + record.version + ", this is " + std::string(version()),
      where, "Run the study anew with 'lode study run'.");
}

void check_rerun(const RunRecord& record, const StudyResult& result) {
  check_version(record, record.study);
  for (const auto& input : record.inputs) {
    const auto same = std::find_if(
        result.inputs.begin(), result.inputs.end(),
        [&](const Source& now) { return now.path == input.path && now.layer == input.layer; });
    if (same == result.inputs.end() || same->sha256 != input.sha256)
      throw Error("rerun.input_changed", "the input is not the one of the record", input.path,
                  "Its SHA-256 was " + input.sha256.substr(0, 12) +
                      "...; restore it, or run the study anew.");
  }
}

}  // namespace lode

#include "tools/resources_report.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"

namespace lode::tools {

// Classes in the order of results: measured, indicated, inferred, others by name, unclassified.
std::vector<std::size_t> class_order(const std::vector<std::string>& names) {
  const auto rank = [](const std::string& name) {
    const std::string text = lower(name);
    if (text == "measured") return 0;
    if (text == "indicated") return 1;
    if (text == "inferred") return 2;
    return text.empty() || text == "unclassified" ? 4 : 3;
  };
  std::vector<std::size_t> order(names.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rank(names[a]) != rank(names[b]) ? rank(names[a]) < rank(names[b]) : names[a] < names[b];
  });
  return order;
}

namespace {

// 0.3 % is 0.003 inside, and 0.003 * 100 is not 0.3.
double rounded(double value) {
  return parse_number(fixed_text(value, 10)).value_or(value);
}

std::string shown(const std::string& path) {
  return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

}  // namespace

Json ResourceReport::row(const CurveRow& row, const std::string& name) const {
  Json json;
  json["class"] = name;
  if (plan_.cutoff_unit == "pct")
    json["cutoff_pct"] = rounded(row.cutoff * 1e2);
  else
    json["cutoff_ppm"] = rounded(row.cutoff * 1e6);
  json["volume_m3"] = row.volume_m3;
  json["rock_t"] = row.rock_t;
  json["product_t"] = row.product_t[0];
  json["basis"] = plan_.products[0].basis;
  json["mean_grade_pct"] = row.mean_grade * 1e2;
  json["dry_t"] = row.dry_t;
  json["blocks"] = row.blocks;
  for (std::size_t p = 1; p < plan_.products.size(); ++p) {
    json[plan_.products[p].key + "_t"] = row.product_t[p];
    json[plan_.products[p].key + "_basis"] = plan_.products[p].basis;
  }
  if (prices_ != nullptr) {
    const ProductValue value = value_of(row.product_t, plan_.products, *prices_);
    json["value_usd"] = value.usd;
    json["basket_usd_per_t"] = row.dry_t > 0.0 ? value.usd / row.dry_t : missing_value;
    json["unpriced_t"] = value.unpriced_t;
  }
  return json;
}

Json ResourceReport::sterilised(const SterilisedRow& row) const {
  Json list = Json::array();
  for (std::size_t c = 0; c < constraints_.size(); ++c) {
    Json one;
    one["constraint"] = shown(constraints_.name(c));
    one["kind"] = std::string(to_text(constraints_.kind(c)));
    const auto add = [&](const Taken& taken, const std::string& prefix, const std::string& unit) {
      one[prefix + "alone" + unit] = taken.alone_t[c];
      one[prefix + "in_order" + unit] = taken.in_order_t[c];
      one[prefix + "marginal" + unit] = taken.marginal_t[c];
    };
    add(row.rock, "", "_t");
    add(row.product[0], "", "_product_t");
    for (std::size_t p = 1; p < row.product.size(); ++p)
      add(row.product[p], plan_.products[p].key + "_", "_t");
    list.push_back(one);
  }
  return list;
}

void ResourceReport::add_sterilised(const SterilisedRow& row, Json& json) const {
  json["before_t"] = row.rock.gross_t;
  json["gross_t"] = row.rock.gross_t;
  json["net_t"] = row.rock.net_t;
  json["gross_product_t"] = row.product[0].gross_t;
  json["net_product_t"] = row.product[0].net_t;
  for (std::size_t p = 1; p < row.product.size(); ++p) {
    json["gross_" + plan_.products[p].key + "_t"] = row.product[p].gross_t;
    json["net_" + plan_.products[p].key + "_t"] = row.product[p].net_t;
  }
  json["adds_up"] = row.adds_up;
  json["sterilised_t"] = sterilised(row);
}

void say_missing(const ResourcePlan& plan, const ResourceTally& tally, const std::string& path,
                 Outcome& outcome) {
  const auto say = [&](const char* code, std::size_t count, const std::string& what) {
    if (count > 0) outcome.findings.add(code, Severity::warning, path, what, count);
  };
  say("resources.no_density", tally.no_density,
      "blocks without density were left out: " + number_text(tally.no_density_m3.value()) + " m3");
  say("resources.no_grade", tally.no_grade,
      "blocks without grade were left out: " + number_text(tally.no_grade_m3.value()) + " m3");
  say("resources.no_product", tally.no_product,
      "grades of further products are missing: their tonnes are a lower bound");
  say("resources.no_class_value", tally.no_class_value,
      "blocks lack a value that a class asks for: they cannot be of that class");
  say("resources.no_share", tally.no_share,
      "blocks without a share were left out: " + number_text(tally.no_share_m3.value()) + " m3");
  say("resources.no_pit", tally.no_pit,
      "blocks do not say which pit holds them, and were taken to be in none");
  for (const std::size_t at : plan.unused_share_at)
    outcome.findings.add("resources.share_unused", Severity::warning, path,
                         "column '" + plan.numbers[at] +
                             "' looks like a share of each block and was not used; say --share " +
                             plan.numbers[at] + " to multiply volumes by it");
}

Json ResourceReport::facts(const BlockLayout& layout, const std::string& classes) const {
  const ResourcePlan& plan = plan_;
  const Constraints& constraints = constraints_;
  ReportFacts facts;
  facts.cutoffs = std::to_string(plan.curve.cutoffs.size()) + " cut-off(s) on " +
                  plan.products[0].basis + (plan.minus_at.empty() ? "" : " less other columns") +
                  ", a block at the cut-off counts";
  facts.grade_basis = plan.grade_text;
  facts.density = plan.density_text + "; dry bulk density";
  facts.moisture = plan.curve.moisture > 0.0
                       ? "wet tonnes at " + number_text(plan.curve.moisture * 100.0) + " % water"
                       : "dry tonnes";
  if (plan.curve.dilution > 0.0 || plan.curve.mining_loss > 0.0)
    facts.dilution = "dilution " + number_text(plan.curve.dilution * 100.0) + " % at " +
                     number_text(plan.curve.dilution_grade * 100.0) + " %, mining loss " +
                     number_text(plan.curve.mining_loss * 100.0) + " %";
  else
    facts.dilution = "none: in place, without dilution or loss";
  if (constraints.size() > 0)
    facts.constraints = std::to_string(constraints.size()) + " constraint(s) cut the blocks";
  facts.classes = classes;
  facts.blocks = std::to_string(layout.blocks) + " blocks from " +
                 number_text(layout.smallest_m[0]) + " x " + number_text(layout.smallest_m[1]) +
                 " x " + number_text(layout.smallest_m[2]) + " to " +
                 number_text(layout.largest_m[0]) + " x " + number_text(layout.largest_m[1]) +
                 " x " + number_text(layout.largest_m[2]) + " m";
  Json list = Json::array();
  for (const ChecklistItem& item : checklist(facts)) {
    Json one;
    one["item"] = item.code;
    one["answer"] = item.answer;
    list.push_back(one);
  }
  return list;
}

std::string ResourceReport::people_table(const Json& curve) const {
  const ResourcePlan& plan = plan_;
  const std::string cutoff = "cutoff_" + plan.cutoff_unit;
  const std::vector<std::string> columns{"class",     cutoff,           "volume_m3", "rock_t",
                                         "product_t", "mean_grade_pct", "basis"};
  std::vector<std::vector<std::string>> rows{columns};
  for (const Json& row : curve.items()) {
    std::vector<std::string> cells;
    for (const std::string& column : columns) {
      const Json& value = row.at(column);
      if (value.is_string())
        cells.push_back(printable(value.as_string()));
      else if (value.is_null() || std::isnan(value.as_number()))
        cells.emplace_back("-");
      else if (column == cutoff)
        cells.push_back(number_text(value.as_number()));
      else
        cells.push_back(fixed_text(value.as_number(), column == "mean_grade_pct" ? 4 : 0));
    }
    rows.push_back(cells);
  }
  std::vector<std::size_t> width(columns.size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(width[c] - row[c].size(), ' ');
      const bool left = c == 0 || c + 1 == row.size();
      text += (c > 0 ? "  " : "") + (left ? row[c] + (c == 0 ? pad : "") : pad + row[c]);
    }
    text += "\n";
  }
  return text;
}

std::string ResourceReport::people_taken(const Json& summary) const {
  const auto tonnes = [](const Json& json, const char* key) {
    return fixed_text(json.at(key).as_number(), 0) + " t";
  };
  std::string text = "dry rock: gross " + tonnes(summary, "gross_t") + "\n";
  for (const Json& one : summary.at("sterilised_t").items())
    text += one.at("kind").as_string() + " " + printable(one.at("constraint").as_string()) +
            " takes " + tonnes(one, "alone_t") + " alone, " + tonnes(one, "in_order_t") +
            " in order, " + tonnes(one, "marginal_t") + " at the margin\n";
  return text + "dry rock: net " + tonnes(summary, "net_t") + "\n";
}

OutputLayer curve_layer(const Json& curve) {
  OutputLayer out;
  out.name = out.table.name = "resources";
  if (curve.size() == 0) return out;
  for (const auto& [key, first] : curve.items().front().members()) {
    if (first.is_array()) continue;
    std::vector<double> numbers;
    std::vector<std::string> texts;
    for (const Json& row : curve.items()) {
      const Json& value = row.at(key);
      if (first.is_string())
        texts.push_back(value.as_string());
      else
        numbers.push_back(value.as_number());
    }
    out.table.add(first.is_string() ? text_column(key, texts) : number_column(key, numbers));
  }
  return out;
}

}  // namespace lode::tools

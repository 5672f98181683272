#include "tools/screen_outputs.h"

#include <cmath>

#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

std::string name_of(const std::vector<std::string>& names, std::size_t i) {
  return i < names.size() ? names[i] : std::string();
}

/// The columns of the pairs, as they grow.
struct Pairs {
  std::vector<std::string> site, constraint, feature, kind, rule, hard, sliver;
  std::vector<double> setback_m, distance_m, overlap_ha, overlap_pct;
  std::vector<Geometry> geometry;

  void add(const ConstraintLayer& layer, const TouchedFeature& touched, double area_m2) {
    const std::size_t i = touched.feature;
    constraint.push_back(layer.name);
    feature.push_back(i < layer.ids.size() ? layer.ids[i] : std::to_string(i + 1));
    kind.push_back(name_of(layer.classes, i));
    rule.push_back(name_of(layer.rules, i));
    hard.push_back(layer.hard ? "yes" : "no");
    sliver.push_back(touched.sliver && touched.overlap_m2 > 0.0 ? "yes" : "no");
    setback_m.push_back(layer.setback_m.size() == 1 ? layer.setback_m[0] : layer.setback_m[i]);
    distance_m.push_back(touched.distance_m);
    overlap_ha.push_back(touched.overlap_m2 / 1e4);
    overlap_pct.push_back(area_m2 > 0.0 ? 100.0 * touched.overlap_m2 / area_m2 : std::nan(""));
    geometry.push_back(touched.overlap);
  }
};

OutputLayer pairs_layer(const ScreenInputs& inputs, const Screening& screening, bool places) {
  Pairs pairs;
  for (std::size_t s = 0; s < screening.sites.size(); ++s)
    for (std::size_t k = 0; k < inputs.constraints.size(); ++k)
      for (const TouchedFeature& touched : screening.sites[s].constraints[k].touched) {
        pairs.site.push_back(inputs.ids[s]);
        pairs.add(inputs.constraints[k], touched, screening.sites[s].area_m2);
      }
  OutputLayer out;
  out.name = out.table.name = "pairs";
  out.crs = inputs.crs;
  if (places) out.geometry = std::move(pairs.geometry);
  out.table.add(text_column("site", pairs.site));
  out.table.add(text_column("constraint", pairs.constraint));
  out.table.add(text_column("feature", pairs.feature));
  out.table.add(text_column("class", pairs.kind));
  out.table.add(text_column("rule", pairs.rule));
  out.table.add(text_column("hard", pairs.hard));
  out.table.add(number_column("setback_m", pairs.setback_m, "m"));
  out.table.add(number_column("distance_m", pairs.distance_m, "m"));
  out.table.add(number_column("overlap_ha", pairs.overlap_ha, "ha"));
  out.table.add(number_column("overlap_pct", pairs.overlap_pct, "%"));
  out.table.add(text_column("sliver", pairs.sliver));
  return out;
}

OutputLayer free_layer(const ScreenInputs& inputs, const Screening& screening, Edges edges) {
  OutputLayer out;
  out.name = out.table.name = "free_parts";
  out.crs = inputs.crs;
  std::vector<std::string> site;
  std::vector<double> rank, area, share;
  for (FreePart& part : free_parts(screening, inputs.crs, edges)) {
    site.push_back(inputs.ids[part.site]);
    rank.push_back(static_cast<double>(part.rank));
    area.push_back(part.area_m2 / 1e4);
    share.push_back(100.0 * part.area_m2 / screening.sites[part.site].area_m2);
    out.geometry.push_back(std::move(part.geometry));
  }
  out.table.add(text_column("site", site));
  out.table.add(number_column("rank", rank));
  out.table.add(number_column("area_ha", area, "ha"));
  out.table.add(number_column("site_pct", share, "%"));
  return out;
}

}  // namespace

std::vector<Parameter> screen_output_parameters() {
  return {{.name = "pairs",
           .kind = Kind::vector_out,
           .help = "one row a site and touched feature, with what the feature takes of the site"},
          {.name = "free-parts",
           .kind = Kind::vector_out,
           .help = "what is left, one connected piece a feature, ranked by area in each site"}};
}

void write_screen_outputs(const Arguments& arguments, const Session& session,
                          const ScreenInputs& inputs, Edges edges, const Screening& screening,
                          Outcome& outcome) {
  if (arguments.has("pairs")) {
    const std::string ending = lower(arguments.text("pairs"));
    write_beside(arguments, session, "pairs",
                 pairs_layer(inputs, screening, !ending.ends_with(".csv")), outcome);
  }
  if (arguments.has("free-parts"))
    write_beside(arguments, session, "free-parts", free_layer(inputs, screening, edges), outcome);
}

}  // namespace lode::tools

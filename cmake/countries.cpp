// Makes countries.gpkg (iso3, name) out of the world map that QGIS ships (Natural Earth).
#include <cstdio>
#include <string>

#include "libgeo/core/error.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"

namespace {

// About 200 m at the equator: finer than the borders of the source are right.
constexpr double tolerance_deg = 0.002;

// What has no code is land all the same, which ships go round: it stands in a layer of its own.
void write_other_land(const std::string& result, const lode::Layer& world,
                      const std::vector<lode::Geometry>& outlines,
                      const std::vector<std::string>& names) {
  lode::OutputLayer layer;
  layer.name = "other_land";
  layer.crs = world.crs;
  layer.geometry = outlines;
  layer.table.name = layer.name;
  layer.table.add(lode::text_column("name", names));
  lode::WriteOptions options;
  options.overwrite = true;
  lode::Findings findings;
  const auto slash = result.find_last_of('/');
  lode::write_layers(result.substr(0, slash + 1) + "other_land.gpkg", {layer}, options, findings);
}

// Natural Earth has no ISO 3166-1 code for some: Kosovo goes by the World Bank's user-assigned
// code, Tokelau by its ISO one. Others without a code are no countries (bases, reefs) and are left
// out.
struct Named {
  std::string iso3, name;
};
Named name_of(const std::string& iso2, const std::string& iso3, const std::string& name) {
  if (iso2 == "XK") return {"XKX", "Kosovo"};
  if (iso2 == "TK") return {"TKL", "Tokelau"};
  if (iso3.size() != 3 || iso3 == "-99") return {};
  return {iso3, name};
}

void make(const std::string& world_map, const std::string& result) {
  const lode::Layer world = lode::read_layer(world_map + ":countries");
  const auto iso2 = world.table.texts("iso_a2");
  const auto iso3 = world.table.texts("ISO_A3");
  const auto names = world.table.texts("NAME");
  std::vector<std::string> codes, labels, other_labels;
  std::vector<lode::Geometry> other;
  lode::OutputLayer layer;
  layer.name = "countries";
  layer.crs = world.crs;
  for (std::size_t i = 0; i < world.size(); ++i) {
    const Named named = name_of(iso2[i], iso3[i], names[i]);
    if (named.iso3.empty()) {
      other.push_back(world.geometry[i]);
      other_labels.push_back(names[i]);
      continue;
    }
    lode::Geometry outline = lode::simplify(world.geometry[i], tolerance_deg);
    lode::check_geometry(outline, world.crs, named.name);
    // Atolls smaller than the tolerance keep their shape.
    layer.geometry.push_back(outline.empty() ? world.geometry[i] : outline);
    codes.push_back(named.iso3);
    labels.push_back(named.name);
  }
  layer.table.name = layer.name;
  layer.table.add(lode::text_column("iso3", codes));
  layer.table.add(lode::text_column("name", labels));
  lode::WriteOptions options;
  options.overwrite = true;
  lode::Findings findings;
  lode::write_layers(result, {layer}, options, findings);
  write_other_land(result, world, other, other_labels);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  try {
    make(words[1], words[2]);
  } catch (const lode::Error& error) {
    std::fprintf(stderr, "countries: %s: %s\n", error.where.c_str(), error.what());
    return 1;
  }
  return 0;
}

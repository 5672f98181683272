#include "libgeo/study/context.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/share.h"
#include "libgeo/crs/transform.h"

namespace lode {

namespace fs = std::filesystem;

namespace {

/// True when `path` lies in `folder`, symbolic links followed.
bool lies_in(const fs::path& path, const fs::path& folder) {
  std::error_code failed;
  const fs::path inner = fs::weakly_canonical(path, failed),
                 outer = fs::weakly_canonical(folder, failed);
  const auto [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end() || (std::next(end) == outer.end() && end->empty());
}

/// "/vsizip/data/a.zip/b.shp" -> prefix "/vsizip/" and the rest.
std::pair<std::string, std::string> split_prefix(const std::string& path) {
  for (const char* prefix : {"/vsizip/", "/vsigzip/"})
    if (path.starts_with(prefix)) return {prefix, path.substr(std::string(prefix).size())};
  return {"", path};
}

/// An existing file, or the archive of a path that leads into one.
bool is_there(const fs::path& path) {
  std::error_code failed;
  for (fs::path one = path; !one.empty() && one != one.root_path(); one = one.parent_path())
    if (fs::exists(one, failed)) return fs::is_regular_file(one, failed) || one == path;
  return false;
}

Error at_line(const Error& error, const std::string& place) {
  return Error(error.code, error.what(), error.where.empty() ? place : place + ": " + error.where,
               error.hint);
}

}  // namespace

std::string StudyContext::where(int line) const {
  return study.path + (line > 0 ? ", line " + std::to_string(line) : "");
}

std::string StudyContext::resolve(const std::string& path, int line) const {
  const auto [prefix, plain] = split_prefix(path);
  if (plain.empty() || plain.starts_with("/vsi") || plain.find("://") != std::string::npos ||
      plain.find('\0') != std::string::npos)
    throw Error("study.path", "'" + printable(path) + "' is no path of a file", where(line),
                "Inputs of a study are files under its folder or its data folder.");
  const fs::path folder = study.folder.empty() ? fs::path(".") : fs::path(study.folder);
  std::vector<fs::path> roots = {folder};
  if (!options.data.empty())
    roots.emplace_back(options.data);
  else if (!study.data.empty())
    roots.emplace_back(folder / study.data);
  for (const auto& allowed : options.allow_paths) roots.emplace_back(allowed);
  bool outside = false;
  for (const auto& root : roots) {
    const fs::path candidate = root / plain;
    if (!is_there(candidate)) continue;
    if (std::any_of(roots.begin(), roots.end(),
                    [&](const fs::path& one) { return lies_in(candidate, one); }))
      return prefix + candidate.lexically_normal().string();
    outside = true;
  }
  if (outside || fs::path(plain).is_absolute() || plain.find("..") != std::string::npos)
    throw Error("study.path",
                "'" + printable(path) + "' lies outside the study's folder and its data folder",
                where(line),
                "Move the file, set [study] data, or allow its folder with --allow-path DIR.");
  throw Error("io.missing_file", "there is no file '" + printable(path) + "'", where(line),
              options.data.empty() && study.data.empty()
                  ? "Paths are relative to the study file."
                  : "Paths are relative to the study file or its data folder.");
}

Layer StudyContext::read(const LayerRef& reference, bool need_geometry) {
  const std::string place = where(reference.line);
  ReadOptions read_options;
  read_options.layer = reference.layer;
  read_options.where = reference.where;
  read_options.input_crs = reference.crs;
  read_options.x = reference.x;
  read_options.y = reference.y;
  read_options.encoding = reference.encoding;
  read_options.missing = reference.missing;
  if (!reference.below_detection.empty())
    read_options.below_detection = parse_below_detection(reference.below_detection);
  read_options.need_crs = need_geometry;
  read_options.need_geometry = need_geometry;
  read_options.jobs = options.jobs;
  try {
    const std::string path = resolve(reference.path, reference.line);
    Layer layer = need_geometry ? read_layer(path, read_options) : read_table(path, read_options);
    layer.source.path = reference.path;
    layer.table.name = reference.path;
    if (layer.has_geometry() && layer.has_crs && !(layer.crs == wgs84())) {
      const Transform transform(layer.crs, wgs84());
      result.operations.push_back({reference.path, layer.crs.label(), wgs84().label(),
                                   transform.operation(), transform.accuracy_m()});
      layer = to_crs(std::move(layer), wgs84());
    }
    keep_source(layer.source, reference.path);
    // The attributes of a shapefile lie beside it: a tonnage changed there is a changed input.
    for (const Source& sidecar : layer.sidecars) {
      const std::string ending = std::filesystem::path(sidecar.path).extension().string();
      keep_source(sidecar,
                  std::filesystem::path(reference.path).replace_extension(ending).generic_string());
    }
    keep_findings(layer.findings, path, reference.path);
    return layer;
  } catch (const Error& error) {
    if (error.code == "run.interrupted" || error.where.starts_with(study.path)) throw;
    throw at_line(error, place);
  }
}

std::string StudyContext::read_shipped_text(const std::string& name) {
  const std::string text = text_of_file(share_file(name));
  Source source;
  source.sha256 = sha256(text);
  keep_source(std::move(source), name);
  return text;
}

std::string StudyContext::read_text_or_shipped(const std::string& path, const std::string& folder,
                                               int line) {
  try {
    return read_text(path, line);
  } catch (const Error& error) {
    if (error.code != "io.missing_file" || path.find('/') != std::string::npos) throw;
    const std::string shipped = "sample_data/" + folder + "/" + path;
    try {
      std::string text = read_shipped_text(shipped);
      result.findings.add(
          "study.shipped_table", Severity::note, path,
          "the study has no file of that name: the one that ships with Lode counts");
      return text;
    } catch (const Error&) {
      throw error;
    }
  }
}

void StudyContext::keep_source(Source source, const std::string& named) {
  source.path = named;
  if (std::find(result.inputs.begin(), result.inputs.end(), source) == result.inputs.end())
    result.inputs.push_back(std::move(source));
}

void StudyContext::keep_findings(const Findings& findings, const std::string& path,
                                 const std::string& named) {
  for (Finding finding : findings.list()) {
    for (auto* text : {&finding.where, &finding.message})
      for (auto at = text->find(path); at != std::string::npos && path != named;
           at = text->find(path, at + named.size()))
        text->replace(at, path.size(), named);
    result.findings.add(finding);
  }
}

std::unique_ptr<RasterSource> StudyContext::read_raster(const LayerRef& reference, int band) {
  const std::string path = resolve(reference.path, reference.line);
  ValuesOptions options_of;
  options_of.input_crs = reference.crs;
  options_of.bands = {band};
  try {
    ValuesFile file = open_values(path, options_of);
    keep_source(file.source, reference.path);
    keep_findings(file.findings, path, reference.path);
    return std::move(file.bands.front());
  } catch (const Error& error) {
    if (error.code == "run.interrupted") throw;
    throw at_line(error, where(reference.line));
  }
}

std::unique_ptr<RasterSource> StudyContext::read_heights(const LayerRef& reference,
                                                         const std::string& unit) {
  const std::string path = resolve(reference.path, reference.line);
  HeightsOptions options_of;
  options_of.input_crs = reference.crs;
  options_of.unit = unit;
  try {
    HeightsFile file = open_heights(path, options_of);
    keep_source(file.source, reference.path);
    keep_findings(file.findings, path, reference.path);
    return std::move(file.raster);
  } catch (const Error& error) {
    if (error.code == "run.interrupted") throw;
    throw at_line(error, where(reference.line));
  }
}

std::string StudyContext::read_text(const std::string& path, int line) {
  const std::string text = text_of_file(resolve(path, line));
  Source source;
  source.sha256 = sha256(text);
  keep_source(std::move(source), path);
  return text;
}

Layer StudyContext::read_plain_table(const std::string& path, int line) {
  LayerRef reference;
  reference.path = path;
  reference.line = line;
  return read(reference, false);
}

IndicatorColumn& StudyContext::indicator(const std::string& name, const std::string& unit) {
  for (auto& column : result.indicators)
    if (column.name == name) return column;
  IndicatorColumn column;
  column.name = name;
  column.unit = unit;
  const std::size_t n = result.sites.size();
  column.value.assign(n, unknown);
  column.low.assign(n, unknown);
  column.high.assign(n, unknown);
  column.source.assign(n, "");
  result.indicators.push_back(std::move(column));
  return result.indicators.back();
}

void StudyContext::set(const std::string& name, const std::string& unit, std::size_t site,
                       const LowBaseHigh& value, const std::string& source) {
  IndicatorColumn& column = indicator(name, unit);
  column.value[site] = value.base;
  column.low[site] = value.low;
  column.high[site] = value.high;
  if (value.known()) column.source[site] = source;
}

void StudyContext::simulate(const std::string& name, std::size_t site,
                            const std::vector<double>& values, double factor) {
  if (values.empty() || std::isnan(factor)) return;
  for (auto& column : result.indicators) {
    if (column.name != name) continue;
    std::vector<double>& to = column.simulated[site];
    to = values;
    for (double& value : to) value *= factor;
  }
}

std::string row_source(const Layer& layer, std::size_t row) {
  return layer.table.name + ", " + layer.table.row_name(row);
}

namespace {

/// One end of a range: a field, or a constant with its unit.
std::vector<double> one_end(const StudyContext& context, const Layer& layer,
                            const std::string& text, const std::string& unit, Dimension dimension,
                            int line) {
  if (looks_like_quantity(text)) {
    const bool bare = parse_number(text).has_value();
    const std::string whole = bare && !unit.empty() ? text + " " + unit : text;
    return std::vector<double>(layer.size(), parse_quantity(whole, dimension, context.where(line)));
  }
  try {
    return quantity_column(layer.table, text, dimension, unit);
  } catch (const Error& error) {
    throw Error(error.code, error.what(), context.where(line) + ": " + error.where, error.hint);
  }
}

}  // namespace

std::vector<double> field_quantities(const StudyContext& context, const Layer& layer,
                                     const FieldOrValue& field, Dimension dimension) {
  if (!field.given()) return std::vector<double>(layer.size(), unknown);
  const std::string& text = field.field.empty() ? field.constant : field.field;
  if (dimension == Dimension::number && !field.field.empty())
    return layer.table.numbers(field.field);
  return one_end(context, layer, text, field.unit, dimension, field.line);
}

LowBaseHighColumn field_ranges(const StudyContext& context, const Layer& layer,
                               const FieldOrValue& field, Dimension dimension) {
  LowBaseHighColumn column;
  if (!field.given()) return column;
  column.base = field_quantities(context, layer, field, dimension);
  if (!field.low.empty())
    column.low = one_end(context, layer, field.low, field.unit, dimension, field.line);
  if (!field.high.empty())
    column.high = one_end(context, layer, field.high, field.unit, dimension, field.line);
  column.basis = field.field.empty() ? field.constant : "field " + field.field;
  return column;
}

std::vector<std::string> field_texts(const StudyContext& context, const Layer& layer,
                                     const FieldOrValue& field) {
  if (!field.given()) return std::vector<std::string>(layer.size());
  if (field.field.empty()) return std::vector<std::string>(layer.size(), field.constant);
  try {
    return layer.table.texts(field.field);
  } catch (const Error& error) {
    throw Error(error.code, error.what(), context.where(field.line) + ": " + error.where,
                error.hint);
  }
}

}  // namespace lode

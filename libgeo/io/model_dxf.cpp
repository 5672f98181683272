// DXF text: 3DFACE, POLYLINE (3-D, 2-D, meshes of both kinds), LWPOLYLINE, LINE, POINT; layers are
// objects.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

const std::map<int, std::string> units{{1, "in"}, {2, "ft"}, {3, "mi"},  {4, "mm"},  {5, "cm"},
                                       {6, "m"},  {7, "km"}, {10, "yd"}, {14, "dm"}, {21, "us-ft"}};

struct Tag {
  std::int64_t code = 0;
  std::string_view value;
};

// Pairs of lines: a code, then its value.
class Tags {
 public:
  Tags(std::string_view text, const std::string& path) : lines_(text, path) {}
  bool next(Tag& tag) {
    if (kept_) {
      tag = *kept_;
      kept_.reset();
      return true;
    }
    std::string_view line;
    do {
      if (!lines_.next(line)) return false;
      if (trim(line).empty()) continue;
      tag.code = integer_at(line, lines_.where());
      if (!lines_.next(line)) refuse("model.syntax", "a code has no value", lines_.where());
      tag.value = trim(line);
      return true;
    } while (true);
  }
  void back(const Tag& tag) { kept_ = tag; }
  [[nodiscard]] std::string where() const { return lines_.where(); }

 private:
  Lines lines_;
  std::optional<Tag> kept_;
};

// The groups of one entity that matter here.
struct Entity {
  std::string type, layer = "0", where;
  std::array<std::array<double, 3>, 4> corner{};  // codes 10..13, 20..23, 30..33
  std::array<bool, 4> has{};
  std::vector<std::array<double, 2>> plan;  // of LWPOLYLINE
  double elevation = 0.0;
  std::int64_t flags = 0;
  std::array<std::int64_t, 4> index{};  // 71..74
  bool bulge = false, turned = false, paper = false;
};

void take(Entity& entity, const Tag& tag, const std::string& where) {
  const std::int64_t code = tag.code;
  if (code == 8) entity.layer = std::string(tag.value);
  if (code == 67) entity.paper = integer_at(tag.value, where) == 1;
  if (code == 70) entity.flags = integer_at(tag.value, where);
  if (code == 38) entity.elevation = number_at(tag.value, where);
  if (code == 42) entity.bulge = entity.bulge || number_at(tag.value, where) != 0.0;
  if (code >= 71 && code <= 74)
    entity.index[static_cast<std::size_t>(code - 71)] = integer_at(tag.value, where);
  if (code == 210 || code == 220)
    entity.turned = entity.turned || number_at(tag.value, where) != 0.0;
  if (code == 230) entity.turned = entity.turned || number_at(tag.value, where) != 1.0;
  const std::int64_t axis = code / 10 - 1, corner = code % 10;
  if (code < 10 || code > 33 || corner > 3) return;
  const double value = number_at(tag.value, where);
  if (std::abs(value) > 1e12) refuse("model.syntax", "a place cannot be", where);
  if (entity.type == "LWPOLYLINE" && corner == 0 && axis < 2) {
    if (axis == 0) entity.plan.push_back({value, 0.0});
    if (axis == 1 && !entity.plan.empty()) entity.plan.back()[1] = value;
    return;
  }
  entity.corner[static_cast<std::size_t>(corner)][static_cast<std::size_t>(axis)] = value;
  entity.has[static_cast<std::size_t>(corner)] = true;
}

// Builds objects by layer.
class Layers {
 public:
  explicit Layers(ModelFile& model) : model_(model) {}

  ModelObject& of(const std::string& layer, ModelObject::Kind kind) {
    const auto [at, is_new] =
        place_.emplace(std::make_pair(layer, static_cast<int>(kind)), model_.objects.size());
    if (is_new) {
      ModelObject object;
      object.kind = kind;
      object.name = layer;
      model_.objects.push_back(std::move(object));
    }
    return model_.objects[at->second];
  }
  void lose(const std::string& what) { ++lost_[what]; }

  void line(const std::string& layer, const std::vector<std::array<double, 3>>& vertices,
            bool closed) {
    if (vertices.size() < 2) return lose("polylines of fewer than two vertices");
    ModelObject& object = of(layer, ModelObject::Kind::lines);
    const auto first = static_cast<std::uint32_t>(object.vertices.size());
    for (const auto& v : vertices) object.vertices.push_back(v);
    const auto n = static_cast<std::uint32_t>(vertices.size());
    for (std::uint32_t i = 1; i < n; ++i) object.segments.push_back({first + i - 1, first + i});
    if (closed && n > 2) object.segments.push_back({first + n - 1, first});
  }

  void face(const std::string& layer, std::vector<std::array<double, 3>> corners) {
    std::vector<std::array<double, 3>> kept;
    for (const auto& c : corners)
      if (kept.empty() || kept.back() != c) kept.push_back(c);
    while (kept.size() > 1 && kept.front() == kept.back()) kept.pop_back();
    if (kept.size() < 3) return lose("faces without area");
    ModelObject& object = of(layer, ModelObject::Kind::surface);
    std::vector<std::uint32_t> ring;
    for (const auto& c : kept) {
      ring.push_back(static_cast<std::uint32_t>(object.vertices.size()));
      object.vertices.push_back(c);
    }
    split_ += ring.size() > 3 ? 1 : 0;
    add_fan(object, ring);
  }

  void finish() {
    for (ModelObject& object : model_.objects)
      if (object.kind == ModelObject::Kind::surface) {
        weld(object);
        drop_unused(object);
      }
    for (const auto& [what, count] : lost_)
      model_.lost.push_back({"", std::to_string(count) + " " + what});
    if (split_ > 0)
      model_.findings.add("model.polygons_split", Severity::note, model_.source.path,
                          "faces with more than three corners were cut into triangles", split_);
  }

 private:
  ModelFile& model_;
  std::map<std::pair<std::string, int>, std::size_t> place_;
  std::map<std::string, std::size_t> lost_;
  std::size_t split_ = 0;
};

class Reader {
 public:
  Reader(std::string_view bytes, ModelFile& model)
      : tags_(bytes, model.source.path), model_(model), layers_(model) {}

  void read() {
    Tag tag;
    bool ended = false, in_entities = false, any = false;
    std::string section;
    while (!ended && tags_.next(tag)) {
      if (tag.code == 9 && section == "HEADER" && tag.value == "$INSUNITS") {
        if (tags_.next(tag)) unit(tag);
      }
      if (tag.code != 0) continue;
      any = true;
      if (tag.value == "SECTION") {
        if (!tags_.next(tag) || tag.code != 2)
          refuse("model.syntax", "a section has no name", tags_.where());
        section = std::string(tag.value);
        in_entities = section == "ENTITIES";
      } else if (tag.value == "ENDSEC") {
        section.clear();
        in_entities = false;
      } else if (tag.value == "EOF") {
        ended = true;
      } else if (in_entities) {
        entity(std::string(tag.value));
      }
    }
    if (!any) refuse("model.syntax", "the file holds no section of a DXF file", tags_.where());
    if (!ended) refuse("model.syntax", "the file ends before its EOF", tags_.where());
    layers_.finish();
  }

 private:
  void unit(const Tag& tag) {
    if (tag.code != 70) return tags_.back(tag);
    const auto at = units.find(static_cast<int>(integer_at(tag.value, tags_.where()) & 0xff));
    if (at != units.end()) model_.unit = at->second;
  }

  Entity groups(const std::string& type) {
    Entity one;
    one.type = type;
    one.where = tags_.where();
    Tag tag;
    while (tags_.next(tag)) {
      if (tag.code == 0) {
        tags_.back(tag);
        return one;
      }
      take(one, tag, tags_.where());
    }
    refuse("model.syntax", "the file ends within an entity", tags_.where());
  }

  void entity(const std::string& type) {
    const Entity one = groups(type);
    if (type == "POLYLINE") return polyline(one);
    if (one.paper) return layers_.lose("entities of the paper space");
    if (type == "3DFACE") {
      std::vector<std::array<double, 3>> corners;
      for (std::size_t c = 0; c < 4; ++c)
        if (one.has[c]) corners.push_back(one.corner[c]);
      if (corners.size() < 3)
        refuse("model.syntax", "a 3DFACE has fewer than three corners", one.where);
      layers_.face(one.layer, corners);
    } else if (type == "LINE") {
      if (!one.has[0] || !one.has[1]) refuse("model.syntax", "a LINE lacks an end", one.where);
      layers_.line(one.layer, {one.corner[0], one.corner[1]}, false);
    } else if (type == "POINT") {
      if (!one.has[0]) refuse("model.syntax", "a POINT has no place", one.where);
      layers_.of(one.layer, ModelObject::Kind::points).vertices.push_back(one.corner[0]);
    } else if (type == "LWPOLYLINE") {
      if (one.turned) return layers_.lose("LWPOLYLINE in a plane that is turned");
      if (one.bulge) layers_.lose("arcs of LWPOLYLINE: their chords were taken");
      std::vector<std::array<double, 3>> vertices;
      for (const auto& p : one.plan) vertices.push_back({p[0], p[1], one.elevation});
      layers_.line(one.layer, vertices, (one.flags & 1) != 0);
    } else {
      layers_.lose(printable(type.substr(0, 40)));
    }
  }

  void polyline(const Entity& head) {
    std::vector<Entity> vertices;
    for (;;) {
      Tag tag;
      if (!tags_.next(tag)) refuse("model.syntax", "a POLYLINE has no SEQEND", tags_.where());
      if (tag.code != 0) continue;
      const bool vertex = tag.value == "VERTEX";
      if (!vertex && tag.value != "SEQEND")
        refuse("model.syntax", "a POLYLINE is not ended by SEQEND", tags_.where());
      Entity one = groups(std::string(tag.value));
      if (!vertex) break;
      vertices.push_back(std::move(one));
    }
    if (head.paper) return layers_.lose("entities of the paper space");
    if ((head.flags & 64) != 0) return polyface(head, vertices);
    if ((head.flags & 16) != 0) return polygon_mesh(head, vertices);
    const bool flat = (head.flags & 8) == 0;
    if (flat && head.turned) return layers_.lose("POLYLINE in a plane that is turned");
    std::vector<std::array<double, 3>> places;
    bool bulge = false;
    for (const Entity& v : vertices) {
      if ((v.flags & 16) != 0) continue;  // the frame of a spline
      places.push_back(v.corner[0]);
      // A 2-D polyline has one elevation; some programs write it on the vertices alone.
      if (flat && head.corner[0][2] != 0.0) places.back()[2] = head.corner[0][2];
      bulge = bulge || v.bulge;
    }
    if (bulge) layers_.lose("arcs of POLYLINE: their chords were taken");
    layers_.line(head.layer, places, (head.flags & 1) != 0);
  }

  void polyface(const Entity& head, const std::vector<Entity>& vertices) {
    std::vector<std::array<double, 3>> places;
    for (const Entity& v : vertices)
      if ((v.flags & 64) != 0 || (v.flags & 128) == 0) places.push_back(v.corner[0]);
    for (const Entity& v : vertices) {
      if ((v.flags & 128) == 0 || (v.flags & 64) != 0) continue;
      std::vector<std::array<double, 3>> corners;
      for (const std::int64_t index : v.index) {
        if (index == 0) continue;
        if (index < -1000000000 || index > 1000000000)
          refuse("model.index", "there is no vertex of that number", v.where);
        corners.push_back(places[index_at(std::abs(index) - 1, places.size(), "vertex", v.where)]);
      }
      layers_.face(head.layer, corners);
    }
  }

  void polygon_mesh(const Entity& head, const std::vector<Entity>& vertices) {
    std::vector<std::array<double, 3>> places;
    for (const Entity& v : vertices)
      if ((v.flags & 16) == 0 || (v.flags & 64) != 0) places.push_back(v.corner[0]);
    const std::int64_t m = head.index[0], n = head.index[1];
    if (m < 2 || n < 2 || m > 100000 || n > 100000 ||
        static_cast<std::size_t>(m * n) != places.size())
      refuse("model.count", "a mesh does not have the vertices that it counts", head.where);
    const std::int64_t rows = m - ((head.flags & 1) != 0 ? 0 : 1);
    const std::int64_t columns = n - ((head.flags & 32) != 0 ? 0 : 1);
    const auto at = [&](std::int64_t i, std::int64_t j) {
      return places[static_cast<std::size_t>((i % m) * n + j % n)];
    };
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j)
        layers_.face(head.layer, {at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)});
  }

  Tags tags_;
  ModelFile& model_;
  Layers layers_;
};

}  // namespace

void read_dxf(std::string_view bytes, ModelFile& model) {
  if (bytes.starts_with("AutoCAD Binary DXF"))
    refuse("model.unsupported", "a binary DXF is not read: save it as text", model.source.path);
  Reader(bytes, model).read();
}

namespace {

std::string place_tags(const std::array<double, 3>& place, int corner) {
  std::string text;
  for (int axis = 0; axis < 3; ++axis)
    text += std::to_string(10 * (axis + 1) + corner) + "\n" +
            number_text(place[static_cast<std::size_t>(axis)]) + "\n";
  return text;
}

// Layer names of R12: 31 letters, digits, _ - $.
std::vector<std::string> layer_names(const ModelFile& model, std::vector<ModelLoss>& lost) {
  std::vector<std::string> names;
  std::set<std::string> given;
  std::map<std::string, std::string> known;
  for (const ModelObject& object : model.objects) {
    const auto at = known.find(object.name);
    if (at != known.end()) {
      names.push_back(at->second);
      continue;
    }
    std::string name = plain_name(object.name, "0").substr(0, 31);
    for (int n = 2; !given.insert(lower(name)).second; ++n)
      name = name.substr(0, 26) + "_" + std::to_string(n);
    if (name != object.name && !object.name.empty() && object.kind != ModelObject::Kind::blocks)
      lost.push_back({object.name, "the name: it is layer " + name});
    known.emplace(object.name, name);
    names.push_back(name);
  }
  return names;
}

void write_lines(BlockWriter& out, const ModelObject& object, const std::string& layer) {
  for (auto run : runs_of(object)) {
    const bool closed = run.size() > 3 && run.front() == run.back();
    if (closed) run.pop_back();
    out.write("0\nPOLYLINE\n" + layer + "66\n1\n10\n0\n20\n0\n30\n0\n70\n" + (closed ? "9" : "8") +
              "\n");
    for (const auto v : run)
      out.write("0\nVERTEX\n" + layer + place_tags(object.vertices[v], 0) + "70\n32\n");
    out.write("0\nSEQEND\n" + layer);
  }
}

std::string header(const ModelFile& model, const std::vector<std::string>& layers) {
  std::string text = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n";
  for (const auto& [code, unit] : units)
    if (unit == model.unit) text += "9\n$INSUNITS\n70\n" + std::to_string(code) + "\n";
  text += "0\nENDSEC\n0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n70\n" +
          std::to_string(layers.size()) + "\n";
  for (const std::string& layer : std::set<std::string>(layers.begin(), layers.end()))
    text += "0\nLAYER\n2\n" + layer + "\n70\n0\n62\n7\n6\nCONTINUOUS\n";
  return text + "0\nENDTAB\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n";
}

}  // namespace

std::vector<ModelLoss> write_dxf(const std::string& staged, const ModelFile& model) {
  using Kind = ModelObject::Kind;
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::points, Kind::lines, Kind::surface}, "DXF", lost);
  lose_words(model, false, lost);
  bool unit_known = model.unit.empty();
  for (const auto& [code, unit] : units) unit_known = unit_known || unit == model.unit;
  if (!unit_known) lost.push_back({"", "the unit of length (" + model.unit + ")"});
  const auto names = layer_names(model, lost);
  BlockWriter out(staged, staged);
  out.write(header(model, names));
  for (std::size_t o = 0; o < model.objects.size(); ++o) {
    const ModelObject& object = model.objects[o];
    if (object.kind == Kind::blocks) continue;
    lose_columns(object, {}, lost);
    const std::string layer = "8\n" + names[o] + "\n";
    if (object.kind == Kind::points)
      for (const auto& v : object.vertices) out.write("0\nPOINT\n" + layer + place_tags(v, 0));
    if (object.kind == Kind::lines) write_lines(out, object, layer);
    for (const auto& t : object.triangles) {
      std::string face = "0\n3DFACE\n" + layer;
      for (int c = 0; c < 4; ++c)
        face += place_tags(object.vertices[t[static_cast<std::size_t>(std::min(c, 2))]], c);
      out.write(face);
    }
  }
  out.write("0\nENDSEC\n0\nEOF\n");
  out.finish();
  return lost;
}

}  // namespace lode::model_files

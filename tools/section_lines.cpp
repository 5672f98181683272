#include "tools/section_lines.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/section_rings.h"
#include "libgeo/io/length_unit.h"
#include "libgeo/io/model_files.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

using section_rings::Ring;
using section_rings::Vec;

Vec minus(const Vec& a, const Vec& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
double dot(const Vec& a, const Vec& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
double length(const Vec& a) {
  return std::sqrt(dot(a, a));
}

// A line by its vertices; a closed one has each of them once.
struct Line {
  std::vector<std::uint32_t> vertices;
  bool closed = false;
};

// Segments that follow one another in the file.
std::vector<Line> runs_of(const ModelObject& object) {
  std::vector<Line> lines;
  for (const auto& [from, to] : object.segments) {
    if (from == to) continue;
    if (lines.empty() || lines.back().closed || lines.back().vertices.back() != from)
      lines.push_back({{from}, false});
    Line& line = lines.back();
    line.vertices.push_back(to);
    if (line.vertices.size() < 4 || line.vertices.front() != to) continue;
    line.vertices.pop_back();
    line.closed = true;
  }
  return lines;
}

using Ends = std::map<std::uint32_t, std::vector<std::size_t>>;  // vertex -> lines that end there

// Goes on with what begins or ends at the last vertex, as long as that is one line alone.
void extend(std::vector<Line>& lines, std::size_t at, const Ends& ends, std::vector<char>& gone) {
  std::size_t tail = at;
  Line& line = lines[at];
  while (line.vertices.front() != line.vertices.back()) {
    const auto& here = ends.at(line.vertices.back());
    if (here.size() != 2) return;
    const std::size_t next = here[0] == tail ? here[1] : here[0];
    if (next == tail || next == at || gone[next] != 0) return;
    std::vector<std::uint32_t> more = lines[next].vertices;
    if (more.front() != line.vertices.back()) std::reverse(more.begin(), more.end());
    line.vertices.insert(line.vertices.end(), more.begin() + 1, more.end());
    gone[next] = 1;
    tail = next;
  }
  line.vertices.pop_back();
  line.closed = true;
}

// Lines in the order of their first segments. Formats of loose segments may hold them in any
// direction and order: they are put together where two ends share a vertex.
std::vector<Line> lines_of(const ModelObject& object) {
  std::vector<Line> lines = runs_of(object);
  Ends ends;
  for (std::size_t l = 0; l < lines.size(); ++l)
    if (!lines[l].closed)
      for (const std::uint32_t end : {lines[l].vertices.front(), lines[l].vertices.back()})
        ends[end].push_back(l);
  std::vector<char> gone(lines.size(), 0);
  std::vector<Line> whole;
  for (std::size_t l = 0; l < lines.size(); ++l) {
    if (gone[l] != 0) continue;
    if (!lines[l].closed) extend(lines, l, ends, gone);
    if (!lines[l].closed) {
      std::reverse(lines[l].vertices.begin(), lines[l].vertices.end());
      extend(lines, l, ends, gone);
      if (!lines[l].closed) std::reverse(lines[l].vertices.begin(), lines[l].vertices.end());
    }
    whole.push_back(lines[l]);
  }
  return whole;
}

// A ring with its plane, and how far it leaves that.
struct LineRing {
  std::string name;
  SectionRing ring;
  Ring plane;
  double off_m = 0.0;
};

struct Body {
  std::string name;
  std::vector<LineRing> rings;
};

struct Closing {
  double weld_m = 0.0, widest_m = 0.0;
  std::size_t closed = 0;
};

void add_rings(const ModelObject& object, const std::string& path, const std::string& prefix,
               double unit, Closing& closing, Body& body) {
  std::size_t number = 0;
  for (Line& line : lines_of(object)) {
    LineRing one;
    one.name = prefix + "line " + std::to_string(++number);
    const std::string where =
        path + ", " + printable(object.name) + ", line " + std::to_string(number);
    const auto place = [&](std::uint32_t v) {
      const auto& p = object.vertices[v];
      return Vec{p[0] * unit, p[1] * unit, p[2] * unit};
    };
    const double gap =
        line.closed ? 0.0
                    : length(minus(place(line.vertices.front()), place(line.vertices.back())));
    if (gap > closing.weld_m || !std::isfinite(gap))
      throw Error("solid.open_line",
                  "the line is open: its ends lie " + number_text(gap) + " m apart", where,
                  "Close it where it was drawn, leave its object out with --object, or allow the "
                  "gap with --weld.");
    if (!line.closed) line.vertices.pop_back();
    closing.closed += gap > 0.0 ? 1 : 0;
    closing.widest_m = std::max(closing.widest_m, gap);
    for (const std::uint32_t v : line.vertices) one.ring.vertices.push_back(place(v));
    one.plane = section_rings::ready(one.ring, where);
    for (const Vec& v : one.plane.vertices)
      one.off_m = std::max(one.off_m, std::abs(dot(minus(v, one.plane.middle), one.plane.normal)));
    body.rings.push_back(std::move(one));
  }
}

// True when both lie in one plane, as well as they lie in their own: never when they are further
// apart than a thousandth of their size.
bool in_one_plane(const LineRing& a, const LineRing& b) {
  const double size = std::max(a.plane.size_m, b.plane.size_m);
  const double slope = a.off_m / a.plane.size_m + b.off_m / b.plane.size_m + 1e-6;
  const double apart = length(minus(a.plane.middle, b.plane.middle));
  const double most = std::min(slope * (apart + size), 1e-3 * size);
  const auto near = [&](const LineRing& plane, const LineRing& of) {
    return std::all_of(of.plane.vertices.begin(), of.plane.vertices.end(), [&](const Vec& v) {
      return std::abs(dot(minus(v, plane.plane.middle), plane.plane.normal)) <= most;
    });
  };
  return near(a, b) && near(b, a);
}

// Places of the rings along the mean of their normals.
std::vector<double> along_strike(const Body& body, const std::string& where) {
  Vec mean{0.0, 0.0, 0.0}, last = body.rings[0].plane.normal;
  for (const LineRing& ring : body.rings) {
    const double sign = dot(ring.plane.normal, last) < 0.0 ? -1.0 : 1.0;
    for (std::size_t k = 0; k < 3; ++k) {
      last[k] = sign * ring.plane.normal[k];
      mean[k] += last[k];
    }
  }
  const double size = length(mean);
  if (!(size > 1e-3 * static_cast<double>(body.rings.size())))
    throw Error("solid.order", "the planes of the lines have no mean direction", where,
                "Put the lines into their order, and say --order file.");
  std::vector<double> places;
  for (const LineRing& ring : body.rings)
    places.push_back(dot(minus(ring.plane.middle, body.rings[0].plane.middle), mean) / size);
  return places;
}

void sort_along_strike(Body& body, const std::string& where) {
  const std::vector<double> places = along_strike(body, where);
  std::vector<std::size_t> order(places.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
  std::vector<LineRing> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(body.rings[i]));
  body.rings = std::move(sorted);
}

// Names the sections after their first lines; returns how many there are.
std::size_t name_sections(Body& body) {
  std::size_t sections = 0;
  for (std::size_t r = 0; r < body.rings.size(); ++r) {
    const bool same = r > 0 && in_one_plane(body.rings[r - 1], body.rings[r]);
    sections += same ? 0 : 1;
    body.rings[r].ring.section = same ? body.rings[r - 1].ring.section : body.rings[r].name;
  }
  return sections;
}

// Without --order the file's order must run one way along the strike.
void judge_order(const Body& body, const std::string& where) {
  const std::vector<double> places = along_strike(body, where);
  double way = 0.0;
  for (std::size_t r = 1; r < places.size(); ++r) {
    if (body.rings[r].ring.section == body.rings[r - 1].ring.section) continue;
    const double step = places[r] - places[r - 1];
    if (way == 0.0) way = step;
    if (step * way > 0.0) continue;
    throw Error("solid.order",
                "the file's order does not run along the strike: it turns back at " +
                    printable(body.rings[r].name),
                where,
                "--order strike sorts the lines along the mean direction of their planes; --order "
                "file keeps them as they are.");
  }
}

MadeSolid make(Body& body, const Arguments& arguments, const std::string& path,
               Findings& findings) {
  const std::string where = path + ", " + printable(body.name);
  const std::string order = arguments.text("order");
  if (order == "strike") sort_along_strike(body, where);
  MadeSolid made;
  made.name = body.name;
  made.more["rings"] = body.rings.size();
  made.more["sections"] = name_sections(body);
  made.more["order"] = order.empty() ? "file" : order;
  if (order.empty()) judge_order(body, where);
  std::vector<SectionRing> rings;
  for (LineRing& one : body.rings) rings.push_back(std::move(one.ring));
  SectionOptions options;
  if (arguments.has("ends")) options.end_m = arguments.quantity("ends");
  try {
    made.mesh = solid_from_sections(rings, options, findings);
  } catch (const Error& error) {
    if (!error.code.starts_with("solid.")) throw;
    throw Error(error.code, error.what(), where + ", " + error.where, error.hint);
  }
  return made;
}

// The CRS that is declared, or that the file says.
void find_crs(const ModelFile& model, const Arguments& arguments, MadeSolids& made,
              Outcome& outcome) {
  const std::string& path = model.source.path;
  const auto metres = length_unit_m(model.unit);
  if (arguments.has("input-crs")) {
    made.crs = parse_crs(arguments.text("input-crs"), "--input-crs");
    if (!model.crs.empty() && model.crs != made.crs.label())
      outcome.findings.add("convert.crs", Severity::warning, path,
                           "the file says the CRS '" + printable(model.crs) +
                               "', --input-crs says " + made.crs.label() + ": the latter is taken");
  } else if (!model.crs.empty()) {
    made.crs = parse_crs(model.crs, path);
  } else {
    made.crs_said = false;
    made.crs =
        parse_crs(metres && std::abs(*metres / 0.3048 - 1.0) < 1e-9 ? "local:ft" : "local:m", path);
  }
  if (model.unit.empty()) return;
  // Drawings say plain feet where their CRS has survey feet, which are 2 in a million longer.
  if (metres && std::abs(*metres / made.crs.metres_per_unit - 1.0) < 1e-5) return;
  throw Error("solid.unit",
              "the file is in '" + printable(model.unit) + "', and its CRS (" + made.crs.label() +
                  ") is not",
              path, "Declare the CRS with --input-crs, or change the unit: lode convert --unit.");
}

std::vector<const ModelObject*> chosen(const ModelFile& model, const Arguments& arguments,
                                       Outcome& outcome) {
  const std::string& path = model.source.path;
  std::vector<const ModelObject*> lines;
  std::vector<std::string> known;
  std::size_t others = 0;
  for (const ModelObject& object : model.objects) {
    others += object.kind == ModelObject::Kind::lines ? 0 : 1;
    if (object.kind != ModelObject::Kind::lines) continue;
    known.push_back(object.name);
    lines.push_back(&object);
  }
  if (lines.empty())
    throw Error("solid.no_lines", "the file holds no lines", path,
                "Rings are closed lines; a solid of triangles is read by --from boolean.");
  const std::vector<std::string> names = arguments.texts("object");
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error("solid.no_object", "the file has no lines named '" + printable(name) + "'", path,
                  suggestion(name, known));
  if (!names.empty())
    std::erase_if(lines, [&](const ModelObject* object) {
      return std::find(names.begin(), names.end(), object->name) == names.end();
    });
  if (others > 0)
    outcome.findings.add("solid.not_lines", Severity::note, path,
                         "objects that are no lines were left out", others);
  return lines;
}

// Counted things are parts of the drawing (blocks, arcs, columns), the others words about it.
void say_unread(const ModelFile& model, Findings& findings) {
  std::vector<std::string> lost;
  bool counted = false;
  for (const ModelLoss& loss : model.lost) {
    lost.push_back(loss.what);
    counted = counted || (!loss.what.empty() && loss.what[0] >= '0' && loss.what[0] <= '9');
  }
  if (!lost.empty())
    findings.add("convert.lost", counted ? Severity::warning : Severity::note, model.source.path,
                 "not read: " + join(lost, "; "), lost.size());
}

}  // namespace

bool is_line_file(const std::string& path) {
  const std::string low = lower(path);
  for (const char* ending : {".dxf", ".str", ".omf", ".pl", ".gp", ".ts", ".obj", ".vtp", ".vtu"})
    if (low.ends_with(ending)) return true;
  return false;
}

MadeSolids solids_of_lines(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const std::string path = arguments.texts("INPUT").front();
  const ModelFile model = read_model(path, {}, session.progress.part(0.0, 0.3));
  outcome.inputs.push_back(model.source);
  outcome.findings.add(model.findings);
  say_unread(model, outcome.findings);
  MadeSolids made;
  find_crs(model, arguments, made, outcome);
  outcome.inputs.back().crs = made.crs_said ? made.crs.label() : "";
  Closing closing;
  if (arguments.has("weld")) closing.weld_m = arguments.quantity("weld");
  std::vector<Body> bodies;
  for (const ModelObject* object : chosen(model, arguments, outcome)) {
    session.progress.check();
    const bool together = arguments.flag("together");
    const std::string stem = std::filesystem::path(path).stem().string();
    if (bodies.empty() || !together)
      bodies.push_back({together || object->name.empty() ? stem : object->name, {}});
    add_rings(*object, path, together ? printable(object->name) + ", " : "",
              made.crs.metres_per_unit, closing, bodies.back());
  }
  if (closing.closed > 0)
    outcome.findings.add(
        "solid.ring_closed", Severity::warning, path,
        "open lines were closed; the widest gap was " + number_text(closing.widest_m) + " m",
        closing.closed);
  for (Body& body : bodies) {
    session.progress.check();
    made.solids.push_back(make(body, arguments, path, outcome.findings));
  }
  return made;
}

}  // namespace lode::tools

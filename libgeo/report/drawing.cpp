// The display list, its text metrics and its SVG.
#include "libgeo/report/drawing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "libgeo/core/text.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

// Advance widths of Helvetica (Adobe Font Metrics), thousandths of the size, from blank to tilde.
constexpr std::array<int, 95> kAdvance{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
// Wider faces (DejaVu Sans, Verdana) take up to a sixth more than Helvetica.
constexpr double kWideFace = 1.14;

std::int64_t tenths(double value) {
  if (!std::isfinite(value)) return 0;
  return std::llround(std::clamp(value, -1e6, 1e6) * 10.0);
}

void append_tenths(std::string& out, std::int64_t value, bool separate) {
  if (value < 0) {
    out += '-';
    value = -value;
  } else if (separate) {
    out += ' ';
  }
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value / 10).ptr;
  if (value / 10 != 0 || value % 10 == 0) out.append(buffer, end);
  if (value % 10 != 0) put(out, ".", std::string(1, static_cast<char>('0' + value % 10)));
}

void append_pair(std::string& out, std::int64_t x, std::int64_t y, bool separate) {
  append_tenths(out, x, separate);
  append_tenths(out, y, true);
}

/// Relative moves between rounded positions: no drift, and a third of the length.
void append_path(std::string& out, const std::vector<Path>& paths, bool closed) {
  bool first_path = true;
  std::int64_t at_x = 0, at_y = 0;
  for (const auto& path : paths) {
    const std::size_t count =
        closed && path.size() > 1 && path.front() == path.back() ? path.size() - 1 : path.size();
    if (count < (closed ? 3U : 2U)) continue;
    const std::int64_t start_x = tenths(path[0].x), start_y = tenths(path[0].y);
    out += first_path ? 'M' : 'm';
    append_pair(out, start_x - (first_path ? 0 : at_x), start_y - (first_path ? 0 : at_y), false);
    first_path = false;
    at_x = start_x;
    at_y = start_y;
    bool first_move = true;
    for (std::size_t i = 1; i < count; ++i) {
      const std::int64_t x = tenths(path[i].x), y = tenths(path[i].y);
      if (x == at_x && y == at_y) continue;
      if (first_move) out += 'l';
      append_pair(out, x - at_x, y - at_y, !first_move);
      first_move = false;
      at_x = x;
      at_y = y;
    }
    if (closed) {
      out += 'z';
      at_x = start_x;
      at_y = start_y;
    } else if (first_move) {
      out += "h0";
    }
  }
}

void append_dots(std::string& out, const Path& points) {
  std::int64_t at_x = 0, at_y = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::int64_t x = tenths(points[i].x), y = tenths(points[i].y);
    out += i == 0 ? 'M' : 'm';
    append_pair(out, x - at_x, y - at_y, false);
    out += "h0";
    at_x = x;
    at_y = y;
  }
}

std::string attribute(std::string_view name, double value) {
  std::string text(" ");
  put(text, name, "=\"", coordinate(value), "\"");
  return text;
}

void paint(std::string& out, const Shape& shape, bool classes) {
  const Ink& style = ink(shape.ink);
  if (classes) {
    put(out, " class=\"", style.name, "\"");
    return;
  }
  put(out, " fill=\"", style.fill, "\"");
  if (style.stroke_width > 0.0) {
    put(out, " stroke=\"", style.stroke, "\" stroke-width=\"", number_text(style.stroke_width),
        "\" stroke-linejoin=\"round\"");
    if (shape.kind == Shape::Kind::dots || style.fill == "none")
      put(out, " stroke-linecap=\"round\"");
    if (!style.dash.empty()) put(out, " stroke-dasharray=\"", style.dash, "\"");
  }
  if (style.opacity < 1.0) put(out, " opacity=\"", number_text(style.opacity), "\"");
}

void append_text(std::string& out, const Shape& shape, bool classes) {
  put(out, "<text", attribute("x", shape.x), attribute("y", shape.y),
      attribute("font-size", shape.style.size));
  if (shape.style.anchor == Anchor::middle) put(out, " text-anchor=\"middle\"");
  if (shape.style.anchor == Anchor::end) put(out, " text-anchor=\"end\"");
  if (shape.style.bold) put(out, " font-weight=\"600\"");
  if (classes) {
    put(out, " class=\"", ink(shape.ink).name, shape.style.halo ? " halo\"" : "\"");
  } else {
    put(out, " fill=\"", ink(shape.ink).fill, "\"");
    if (shape.style.halo)
      put(out,
          " stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" "
          "paint-order=\"stroke\"");
  }
  put(out, ">", shown(shape.text, 300), "</text>");
}

void append_shape(std::string& out, const Shape& shape, bool classes) {
  switch (shape.kind) {
    case Shape::Kind::path:
    case Shape::Kind::dots:
      out += "<path";
      paint(out, shape, classes);
      if (shape.closed && shape.paths.size() > 1) out += " fill-rule=\"evenodd\"";
      out += " d=\"";
      if (shape.kind == Shape::Kind::dots)
        append_dots(out, shape.paths.front());
      else
        append_path(out, shape.paths, shape.closed);
      out += "\"/>";
      break;
    case Shape::Kind::circle:
      put(out, "<circle", attribute("cx", shape.x), attribute("cy", shape.y),
          attribute("r", shape.radius));
      paint(out, shape, classes);
      out += "/>";
      break;
    case Shape::Kind::rect:
      put(out, "<rect", attribute("x", shape.x), attribute("y", shape.y),
          attribute("width", shape.width), attribute("height", shape.height));
      if (shape.radius > 0.0) out += attribute("rx", shape.radius);
      paint(out, shape, classes);
      out += "/>";
      break;
    case Shape::Kind::text:
      append_text(out, shape, classes);
      break;
    case Shape::Kind::open:
      if (!shape.link.empty() && classes)
        put(out, "<a href=\"", escape(shape.link), "\"");
      else
        out += "<g";
      if (!shape.ink.empty() && classes) put(out, " class=\"", shape.ink, "\"");
      out += ">";
      if (!shape.text.empty()) put(out, "<title>", shown(shape.text, 300), "</title>");
      break;
    case Shape::Kind::close:
      out += shape.link.empty() || !classes ? "</g>\n" : "</a>\n";
      break;
  }
}

}  // namespace

void Drawing::rect(double x, double y, double width, double height, std::string_view ink_name,
                   double corner) {
  Shape shape;
  shape.kind = Shape::Kind::rect;
  shape.ink = ink_name;
  shape.x = x;
  shape.y = y;
  shape.width = std::max(0.0, width);
  shape.height = std::max(0.0, height);
  shape.radius = corner;
  shapes.push_back(std::move(shape));
}

void Drawing::line(Point from, Point to, std::string_view ink_name) {
  lines({Path{from, to}}, ink_name);
}

void Drawing::lines(std::vector<Path> paths, std::string_view ink_name) {
  if (paths.empty()) return;
  Shape shape;
  shape.ink = ink_name;
  shape.paths = std::move(paths);
  shapes.push_back(std::move(shape));
}

void Drawing::polygon(std::vector<Path> rings, std::string_view ink_name) {
  if (rings.empty()) return;
  Shape shape;
  shape.ink = ink_name;
  shape.paths = std::move(rings);
  shape.closed = true;
  shapes.push_back(std::move(shape));
}

void Drawing::circle(Point centre, double radius, std::string_view ink_name) {
  Shape shape;
  shape.kind = Shape::Kind::circle;
  shape.ink = ink_name;
  shape.x = centre.x;
  shape.y = centre.y;
  shape.radius = radius;
  shapes.push_back(std::move(shape));
}

void Drawing::dots(Path points, std::string_view ink_name) {
  if (points.empty()) return;
  Shape shape;
  shape.kind = Shape::Kind::dots;
  shape.ink = ink_name;
  shape.paths.push_back(std::move(points));
  shapes.push_back(std::move(shape));
}

void Drawing::text(Point at, std::string_view words, std::string_view ink_name,
                   const TextStyle& style) {
  Shape shape;
  shape.kind = Shape::Kind::text;
  shape.ink = ink_name;
  shape.x = at.x;
  shape.y = at.y;
  shape.text = words;
  shape.style = style;
  shapes.push_back(std::move(shape));
}

void Drawing::open(std::string_view group, std::string_view tooltip, std::string_view link) {
  Shape shape;
  shape.kind = Shape::Kind::open;
  shape.ink = group;
  shape.text = tooltip;
  shape.link = link;
  shapes.push_back(std::move(shape));
}

void Drawing::close() {
  // The closing tag must be of the kind that was opened, so the link is looked up.
  Shape shape;
  shape.kind = Shape::Kind::close;
  int depth = 0;
  for (auto it = shapes.rbegin(); it != shapes.rend(); ++it) {
    if (it->kind == Shape::Kind::close) ++depth;
    if (it->kind == Shape::Kind::open && depth-- == 0) {
      shape.link = it->link;
      break;
    }
  }
  shapes.push_back(std::move(shape));
}

void draw_sign(Drawing& drawing, Point at, double radius, bool recycling,
               std::string_view ink_name) {
  if (!recycling) {
    drawing.circle(at, radius, ink_name);
    return;
  }
  const double d = radius * 1.22;
  drawing.polygon({Path{{at.x, at.y - d}, {at.x + d, at.y}, {at.x, at.y + d}, {at.x - d, at.y}}},
                  ink_name);
}

std::string coordinate(double value) {
  std::string out;
  append_tenths(out, tenths(value), false);
  return out;
}

std::string to_svg(const Drawing& drawing, const SvgOptions& options) {
  std::string out;
  const std::string width = coordinate(drawing.width_px), height = coordinate(drawing.height_px);
  put(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", width, " ", height, "\"");
  if (options.classes)
    put(out, " class=\"", options.css_class, "\" role=\"group\"");
  else
    put(out, " width=\"", width, "\" height=\"", height,
        "\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\"");
  put(out, " aria-label=\"", escape(drawing.title), "\">");
  if (!options.classes) {
    put(out, "<title>", escape(drawing.title), "</title><desc>", escape(drawing.description),
        "</desc>");
    put(out, "<rect width=\"", width, "\" height=\"", height, "\" fill=\"#ffffff\"/>");
  }
  if (options.classes && !drawing.description.empty())
    put(out, "<desc>", escape(drawing.description), "</desc>");
  out += '\n';
  for (const auto& shape : drawing.shapes) append_shape(out, shape, options.classes);
  out += "</svg>\n";
  return out;
}

double text_width(std::string_view words, double size, bool bold) {
  double units = 0.0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto byte = static_cast<unsigned char>(words[i]);
    if ((byte & 0xc0) == 0x80) continue;
    if (byte >= 32 && byte < 127)
      units += kAdvance[byte - 32];
    else if (byte < 0xe2)
      units += byte == 0xc2 ? 300 : 590;  // no-break space and signs; Latin, Greek, Cyrillic
    else
      units += byte == 0xe2 ? 600 : 1000;  // punctuation; East Asian and pictures
  }
  return units / 1000.0 * size * kWideFace * (bold ? 1.13 : 1.0);
}

std::string fit_text(std::string_view words, double size, double width_px, bool bold) {
  if (text_width(words, size, bold) <= width_px) return std::string(words);
  std::string text(words);
  while (!text.empty()) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80)
      text.pop_back();
    if (!text.empty()) text.pop_back();
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (text_width(text, size, bold) + size * 0.9 <= width_px) break;
  }
  return text + "\xe2\x80\xa6";
}

}  // namespace lode::report

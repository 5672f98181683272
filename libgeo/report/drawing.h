// A figure as a list of shapes with named inks, and the SVG made from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/geometry/geometry.h"

namespace lode::report {

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12.0;
  Anchor anchor = Anchor::start;
  bool bold = false;
  bool halo = false;  ///< an outline in the colour of the ground, for text over a map
};

/// One entry of the display list. Coordinates are pixels, y down.
struct Shape {
  enum class Kind { path, dots, circle, rect, text, open, close };
  Kind kind = Kind::path;
  std::string ink;          ///< name of an ink; of a group: its class
  std::vector<Path> paths;  ///< path: rings or lines; dots: the first holds the points
  bool closed = false;      ///< path: rings, filled by the even-odd rule
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0, radius = 0.0;  ///< circle: x y radius
  std::string text;  ///< text: what is written; group: the tooltip
  std::string link;  ///< group: "#s12", or "" for none
  TextStyle style;
};

/// The shapes in the order in which they are painted.
class Drawing {
 public:
  double width_px = 0.0;
  double height_px = 0.0;
  std::string title;  ///< for readers who cannot see the figure
  std::string description;
  std::vector<Shape> shapes;

  void rect(double x, double y, double width, double height, std::string_view ink,
            double corner = 0.0);
  void line(Point from, Point to, std::string_view ink);
  void lines(std::vector<Path> paths, std::string_view ink);
  void polygon(std::vector<Path> rings, std::string_view ink);
  void circle(Point centre, double radius, std::string_view ink);
  /// Many small points as one path: the ink's stroke is their size.
  void dots(Path points, std::string_view ink);
  void text(Point at, std::string_view words, std::string_view ink, const TextStyle& style = {});
  void open(std::string_view group, std::string_view tooltip = {}, std::string_view link = {});
  void close();
};

/// How a named ink is painted on light and on dark ground. Colours are "#rrggbb" or "none".
struct Ink {
  std::string_view name;
  std::string_view fill, dark_fill;
  std::string_view stroke, dark_stroke;
  double stroke_width = 0.0;
  double opacity = 1.0;
  std::string_view dash;
};
[[nodiscard]] const std::vector<Ink>& inks();
/// The ink of that name, or the first one when there is none.
[[nodiscard]] const Ink& ink(std::string_view name);
/// One CSS rule an ink, for light or for dark ground.
[[nodiscard]] std::string ink_rules(bool dark);

struct SvgOptions {
  /// true: class names, painted by the page's style sheet. false: colours at every shape and a
  /// white ground, so that the file stands alone in any program.
  bool classes = false;
  std::string css_class;  ///< of the svg element
};
/// Well-formed XML, UTF-8, the same bytes for the same drawing.
[[nodiscard]] std::string to_svg(const Drawing& drawing, const SvgOptions& options = {});

/// The sign of a site: a disc, or a diamond of about the same area for a recycling source.
void draw_sign(Drawing& drawing, Point at, double radius, bool recycling, std::string_view ink);

/// Estimated width of a text in a sans-serif face, on the safe side (pixels).
[[nodiscard]] double text_width(std::string_view words, double size, bool bold = false);
/// Cut with an ellipsis so that it fits.
[[nodiscard]] std::string fit_text(std::string_view words, double size, double width_px,
                                   bool bold = false);
/// A coordinate with one decimal at most: "12", "-3.5".
[[nodiscard]] std::string coordinate(double value);

}  // namespace lode::report

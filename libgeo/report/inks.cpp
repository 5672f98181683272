// The colours of every figure, on light and on dark ground, in one table.
#include <algorithm>

#include "libgeo/core/text.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

// A table of inks, long because every ink is one row of it.
std::vector<Ink> make_inks() {
  // name, fill light/dark, stroke light/dark, stroke width, opacity, dash. Group colours keep
  // apart for red-green blindness; kinds differ by shape, so colour never tells alone.
  std::vector<Ink> all{
      {"k", "#1d242c", "#e8ebee", "none", "none", 0, 1, ""},   // text
      {"k2", "#5b6672", "#a3adb8", "none", "none", 0, 1, ""},  // muted text
      {"ki", "#ffffff", "#0d1217", "none", "none", 0, 1, ""},  // text on a group's colour
      {"hs", "#ffffff", "#0d1217", "none", "none", 0, 1, ""},  // text on a strong shade
      {"kh", "#1d242c", "#f2f4f6", "none", "none", 0, 1, ""},  // text on a map
      {"kg", "#6d7f8c", "#8496a5", "none", "none", 0, 1, ""},  // map notes
      {"gd", "#1f5fae", "#5b9bea", "none", "none", 0, 1, ""},  // groups: fills
      {"ga", "#12907a", "#2fc0a4", "none", "none", 0, 1, ""},
      {"go", "#c8622d", "#ea8a55", "none", "none", 0, 1, ""},
      {"gu", "#7d8792", "#97a1ac", "none", "none", 0, 1, ""},
      {"sd", "#1f5fae", "#5b9bea", "#ffffff", "#10151b", 1.3, 1, ""},  // groups: map symbols
      {"sa", "#12907a", "#2fc0a4", "#ffffff", "#10151b", 1.3, 1, ""},
      {"so", "#c8622d", "#ea8a55", "#ffffff", "#10151b", 1.3, 1, ""},
      {"su", "#7d8792", "#97a1ac", "#ffffff", "#10151b", 1.3, 1, ""},
      {"dd", "none", "none", "#1f5fae", "#5b9bea", 3.4, 0.75, ""},  // groups: many small dots
      {"da", "none", "none", "#12907a", "#2fc0a4", 3.4, 0.75, ""},
      {"do", "none", "none", "#c8622d", "#ea8a55", 3.4, 0.75, ""},
      {"du", "none", "none", "#7d8792", "#97a1ac", 3.4, 0.75, ""},
      {"wd", "none", "none", "#1f5fae", "#5b9bea", 2.2, 1, ""},  // groups: lines
      {"wa", "none", "none", "#12907a", "#2fc0a4", 2.2, 1, ""},
      {"wo", "none", "none", "#c8622d", "#ea8a55", 2.2, 1, ""},
      {"wu", "none", "none", "#7d8792", "#97a1ac", 2.2, 1, ""},
      {"id", "#bcd1ea", "#2c4a70", "none", "none", 0, 1, ""},  // groups: intervals
      {"ia", "#b5ddd4", "#1f5a50", "none", "none", 0, 1, ""},
      {"io", "#f0cdb9", "#6e442c", "none", "none", 0, 1, ""},
      {"iu", "#d6dadf", "#454e58", "none", "none", 0, 1, ""},
      {"ol", "#ffffff", "#10151b", "#7d8792", "#97a1ac", 1.4, 1, ""},  // unranked
      {"sea", "#eaf1f5", "#141c24", "none", "none", 0, 1, ""},
      {"ln", "#e2e2dc", "#2b333b", "#ffffff", "#161d25", 0.7, 1, ""},  // land
      {"lh", "#cbdcf1", "#274363", "#ffffff", "#161d25", 0.7, 1, ""},  // home
      {"la", "#cfe7df", "#1f4a44", "#ffffff", "#161d25", 0.7, 1, ""},  // allies
      {"fn", "#e2e2dc", "#2b333b", "none", "none", 0, 1, ""},
      {"fh", "#cbdcf1", "#274363", "none", "none", 0, 1, ""},
      {"fa", "#cfe7df", "#1f4a44", "none", "none", 0, 1, ""},
      {"bo", "none", "none", "#ffffff", "#161d25", 0.7, 1, ""},           // borders
      {"gr", "none", "none", "#cfdde5", "#22303c", 0.7, 1, ""},           // graticule
      {"fr", "none", "none", "#b4c5cf", "#33434f", 1.0, 1, ""},           // frame
      {"pm", "#f0dc9c", "#5c4d1c", "#8a6c00", "#d9b84e", 1.2, 0.75, ""},  // permits
      {"cn", "#7d9a3c", "#8fae4a", "#5f7a25", "#a8c568", 0.7, 0.55, ""},  // constraints
      {"cl", "none", "none", "#3f86bd", "#4d8fc0", 1.1, 0.85, ""},        // constraint lines
      {"su", "#b7cbb9", "#3c5546", "#6f8f7a", "#83a890", 0.7, 0.5, ""},   // surroundings
      {"sl", "none", "none", "#3f86bd", "#4d8fc0", 0.9, 0.7, ""},         // surroundings: lines
      {"na", "#a98bcb", "#7d5fa6", "#5d3785", "#c9aeea", 1.2, 0.8, ""},   // net area
      {"nw", "none", "none", "#8b8f94", "#717a84", 0.7, 0.6, ""},         // network
      {"ro", "none", "none", "#8c4a1f", "#d79b6c", 1.6, 0.95, ""},        // routes: road
      {"rr", "none", "none", "#4a3b78", "#a394da", 1.8, 0.95, "7 3"},     // rail
      {"rs", "none", "none", "#2a7fb0", "#63b6e6", 1.6, 0.95, "2 4"},     // sea, barge
      {"ld", "none", "none", "#5b6672", "#a3adb8", 0.8, 1, ""},           // leaders
      {"ax", "none", "none", "#9aa5b0", "#5c6874", 1.0, 1, ""},           // axis
      {"gl", "none", "none", "#e3e7eb", "#2a323b", 1.0, 1, ""},           // grid line
      {"bg", "#f0f2f4", "#1e252d", "none", "none", 0, 1, ""},             // empty bar
      {"mk", "#1d242c", "#e8ebee", "none", "none", 0, 1, ""},             // mark
      {"mkl", "none", "none", "#1d242c", "#e8ebee", 2.2, 1, ""},          // mark: lines
      {"ca", "#8a5200", "#e5b04a", "none", "none", 0, 1, ""},             // caution: text
      {"th", "none", "none", "#b3372b", "#ef7a6d", 1.3, 1, "4 3"},        // threshold
      {"wk", "none", "none", "#5b6672", "#a3adb8", 1.6, 1, ""},           // interval
      {"xw", "none", "none", "#ffffff", "#10151b", 1.3, 0.75, ""},        // hatch: recycled
      {"xs", "none", "none", "#b3372b", "#ef7a6d", 1.2, 0.9, ""},         // hatch: missing
      {"ms", "#f7dfdb", "#452723", "none", "none", 0, 1, ""},             // missing: ground
      {"xo", "none", "none", "#9aa5b0", "#5c6874", 1.0, 0.9, ""},         // hatch: stands still
      {"pl", "none", "none", "#8a5200", "#e5b04a", 1.5, 1, "6 3"},        // price: line
      {"dm", "none", "none", "#1d242c", "#e8ebee", 1.8, 1, ""},           // demand: line
      {"qd", "#1f5fae", "#5b9bea", "none", "none", 0, 0.45, ""},          // flows between members
      {"qa", "#12907a", "#2fc0a4", "none", "none", 0, 0.45, ""},
      {"qo", "#c8622d", "#ea8a55", "none", "none", 0, 0.45, ""},
      {"qu", "#7d8792", "#97a1ac", "none", "none", 0, 0.45, ""},
      {"hit", "none", "none", "none", "none", 0, 1, ""},                  // catches the pointer
  };
  // Criteria: eight colours that stay apart in print and for colour-blind readers (after the
  // muted scheme of P. Tol, 2021), then grey for the rest.
  static constexpr std::string_view light[]{"#33539e", "#44a39a", "#d9b44a", "#a4577a", "#7aa6d8",
                                            "#7d8b2f", "#d4806a", "#5a3d7a", "#a9b0b8"};
  static constexpr std::string_view dark[]{"#5f80cc", "#55bcb2", "#dcbc5c", "#c2749a", "#8fb8e6",
                                           "#99a94a", "#e0937e", "#8c6cb0", "#79828c"};
  static constexpr std::string_view criteria[]{"c0", "c1", "c2", "c3", "c4",
                                               "c5", "c6", "c7", "c8"};
  for (std::size_t i = 0; i < 9; ++i)
    all.push_back({criteria[i], light[i], dark[i], "none", "none", 0, 1, ""});
  // Heat: one hue, ten steps, pale to strong.
  static constexpr std::string_view heat_light[]{"#f3f6f9", "#e3ecf5", "#cfdff0", "#b7cfe8",
                                                 "#9abcdf", "#7aa6d4", "#598ec6", "#3a75b4",
                                                 "#225b9a", "#12417a"};
  static constexpr std::string_view heat_dark[]{"#1a2129", "#1c2936", "#1f3346", "#234059",
                                                "#284f6f", "#2f6088", "#346c99", "#4788bf",
                                                "#5f9fd8", "#8dc0f0"};
  static constexpr std::string_view heats[]{"h0", "h1", "h2", "h3", "h4",
                                            "h5", "h6", "h7", "h8", "h9"};
  for (std::size_t i = 0; i < 10; ++i)
    all.push_back({heats[i], heat_light[i], heat_dark[i], "none", "none", 0, 1, ""});
  // From against (orange) to in favour (blue), pale in the middle; apart for red-green blindness.
  static constexpr std::string_view apart_light[]{"#b5541f", "#d98a57", "#ebb592",
                                                  "#f6dfcf", "#e9ecef", "#d5e2f1",
                                                  "#a8c6e5", "#74a3d6", "#235b9b"};
  static constexpr std::string_view apart_dark[]{"#ee9a63", "#8f5631", "#67422b",
                                                 "#432f25", "#242b33", "#223749",
                                                 "#2a4b6d", "#336191", "#6aa9e9"};
  static constexpr std::string_view apart[]{"v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8"};
  for (std::size_t i = 0; i < 9; ++i)
    all.push_back({apart[i], apart_light[i], apart_dark[i], "none", "none", 0, 1, ""});
  return all;
}

}  // namespace

const std::vector<Ink>& inks() {
  static const std::vector<Ink> all = make_inks();
  return all;
}

const Ink& ink(std::string_view name) {
  const auto& all = inks();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Ink& one) { return one.name == name; });
  return found == all.end() ? all.front() : *found;
}

std::string ink_rules(bool dark) {
  std::string css;
  for (const auto& one : inks()) {
    put(css, "svg .", one.name, "{fill:", dark ? one.dark_fill : one.fill);
    if (one.stroke_width > 0.0) put(css, ";stroke:", dark ? one.dark_stroke : one.stroke);
    if (!dark) {
      if (one.stroke_width > 0.0) {
        put(css, ";stroke-width:", number_text(one.stroke_width), ";stroke-linejoin:round");
        if (one.fill == "none") css += ";stroke-linecap:round";
      }
      if (!one.dash.empty()) put(css, ";stroke-dasharray:", one.dash);
      if (one.opacity < 1.0) put(css, ";opacity:", number_text(one.opacity));
    }
    css += "}\n";
  }
  return css;
}

}  // namespace lode::report

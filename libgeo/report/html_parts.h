// The parts of the page, each of which appends HTML to `out`; used by html.cpp alone.
#pragma once

#include <string>
#include <string_view>

#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html.h"

namespace lode::report {

constexpr double kWide = 1040.0;   ///< drawings for a desk
constexpr double kNarrow = 360.0;  ///< the same for a telephone

[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();

/// "#s12" for a site that has a row of its own.
[[nodiscard]] std::string site_anchor(std::size_t site);
/// The coloured disc or diamond of a site's group and kind, then nothing else.
[[nodiscard]] std::string site_sign(const Site& site);
/// A heading with an anchor and an optional line under it.
void section_start(std::string& out, std::string_view id, std::string_view heading,
                   std::string_view lead = {});
void section_end(std::string& out);

/// The same drawing for a desk and for a telephone; the style sheet shows one of them. Nothing for
/// a drawing without a shape.
void put_figure(std::string& out, const Drawing& wide, const Drawing& narrow,
                std::string_view caption);

void put_masthead(std::string& out, const Digest& digest);
void put_answer(std::string& out, const Digest& digest);
void put_tiles(std::string& out, const Digest& digest);
void put_maps(std::string& out, const Digest& digest, const HtmlOptions& options);
void put_charts(std::string& out, const Digest& digest, const HtmlOptions& options);
/// The margin between the first two in words and bars; nothing when no pair was explained.
void put_why(std::string& out, const Digest& digest);
[[nodiscard]] bool has_why(const Digest& digest);
/// Draws, weights, methods and criteria put to the test; nothing when nothing was.
void put_firmness(std::string& out, const Digest& digest, const HtmlOptions& options);
[[nodiscard]] bool has_firmness(const Digest& digest);
void put_dependence(std::string& out, const Digest& digest);
/// What ends the dependence; nothing for a study without demand.
void put_supply(std::string& out, const Digest& digest);
[[nodiscard]] bool has_supply(const Digest& digest);
/// What it costs to get out; nothing for a study without freight.
void put_logistics(std::string& out, const Digest& digest, const HtmlOptions& options);
[[nodiscard]] bool has_logistics(const Digest& digest);
/// The legs of a way as a table.
void put_legs(std::string& out, const std::vector<SiteLeg>& legs);
void put_sites(std::string& out, const Digest& digest, const HtmlOptions& options);
/// `with_map`: a map of the surroundings too.
void put_site_details(std::string& out, const Digest& digest, std::size_t site, bool with_map);
/// Cautions, and how firm the site's place is.
void put_standing(std::string& out, const Digest& digest, std::size_t site);
void put_left_out(std::string& out, const Digest& digest);
void put_findings(std::string& out, const Digest& digest);
void put_rules(std::string& out, const Digest& digest);
void put_method(std::string& out, const Digest& digest);
void put_inputs(std::string& out, const Digest& digest);
void put_caveats(std::string& out, const Digest& digest);
/// The ranking as a JSON island, for people who want to take it out of the page.
void put_island(std::string& out, const Digest& digest);

}  // namespace lode::report

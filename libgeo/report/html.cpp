// Puts the parts of the page together under a policy that allows nothing from outside.
#include "libgeo/report/html.h"

#include <algorithm>
#include <cstdint>

#include "libgeo/core/provenance.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/html_parts.h"
#include "libgeo/report/wording.h"

namespace lode {
namespace {

using report::put;

std::string base64(const std::string& bytes) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? letters[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

/// 'sha256-...' of a style sheet or script, as a content security policy names it.
std::string policy_hash(const std::string& text) {
  const std::string hex = sha256(text);
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return "'sha256-" + base64(bytes) + "'";
}

std::string style_sheet() {
  std::string css(report::page_style());
  css += report::ink_rules(false);
  put(css, "@media screen and (prefers-color-scheme:dark){\n", report::ink_rules(true), "}\n");
  return css;
}

void put_head(std::string& out, const StudyResult& result, const std::string& css,
              const std::string& script) {
  put(out, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n",
      "<meta charset=\"utf-8\"/>\n",
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ",
      policy_hash(css), "; script-src ", policy_hash(script),
      "; img-src data:; base-uri 'none'; form-action 'none'\"/>\n",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n",
      "<meta name=\"referrer\" content=\"no-referrer\"/>\n",
      "<meta name=\"generator\" content=\"Lode ", version(), "\"/>\n",
      "<link rel=\"icon\" href=\"data:,\"/>\n", "<title>",
      report::shown(result.title.empty() ? "Site assessment" : result.title, 120), "</title>\n",
      "<style>", css, "</style>\n</head>\n");
}

void put_navigation(std::string& out, const report::Digest& digest) {
  put(out, "<nav aria-label=\"Sections\"><a href=\"#map\">Map</a><a href=\"#ranking\">Ranking</a>");
  if (report::has_why(digest)) put(out, "<a href=\"#why\">Why</a>");
  if (report::has_firmness(digest)) put(out, "<a href=\"#firm\">How firm</a>");
  if (!digest.result.dependence.empty()) put(out, "<a href=\"#dependence\">Dependence</a>");
  if (report::has_supply(digest)) put(out, "<a href=\"#supply\">Supply</a>");
  if (report::has_logistics(digest)) put(out, "<a href=\"#haul\">Freight</a>");
  put(out, "<a href=\"#sites\">Sites</a><a href=\"#findings\">Findings</a>",
      "<a href=\"#method\">Method</a><a href=\"#inputs\">Inputs</a></nav>\n");
}

}  // namespace

std::string html_report(const StudyResult& result, const HtmlOptions& options) {
  report::Digest digest(result);
  digest.rows = std::max(options.plain_rows, options.unfolded_sites);
  const std::string css = style_sheet();
  const std::string script(report::page_script());
  std::string out;
  out.reserve(1 << 20);
  put_head(out, result, css, script);
  put(out, "<body>\n<div class=\"page\">\n");
  report::put_masthead(out, digest);
  put_navigation(out, digest);
  put(out, "<main>\n");
  report::put_answer(out, digest);
  report::put_tiles(out, digest);
  report::put_maps(out, digest, options);
  report::put_charts(out, digest, options);
  report::put_why(out, digest);
  report::put_firmness(out, digest, options);
  report::put_dependence(out, digest);
  report::put_supply(out, digest);
  report::put_logistics(out, digest, options);
  report::put_sites(out, digest, options);
  report::put_left_out(out, digest);
  report::put_findings(out, digest);
  report::put_rules(out, digest);
  report::put_method(out, digest);
  report::put_inputs(out, digest);
  report::put_caveats(out, digest);
  put(out, "</main>\n<footer>Made by Lode ", version(), " as of ", to_text(result.as_of),
      ". The same inputs and seed give the same page, byte for byte.</footer>\n</div>\n");
  report::put_island(out, digest);
  put(out, "<script>", script, "</script>\n</body>\n</html>\n");
  return out;
}

}  // namespace lode

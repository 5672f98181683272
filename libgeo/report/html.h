// The report of a study: one HTML file that needs no network, no script and no other file.
#pragma once

#include <cstddef>
#include <string>

#include "libgeo/study/result.h"

namespace lode {

struct HtmlOptions {
  /// Sites whose row unfolds to every number, by rank; those behind it are plain rows. 0 to any.
  std::size_t unfolded_sites = 200;
  /// Unfolded rows end early when they would take more than this many bytes.
  std::size_t unfolded_bytes = 1050000;
  /// Ranked sites with a row at all; the page names the files that hold the others.
  std::size_t plain_rows = 10000;
  /// Sites with a map of their surroundings in their row, by rank.
  std::size_t site_maps = 30;
  std::size_t chart_rows = 25;  ///< sites in the charts, 1 to 100
  std::size_t labels = 10;      ///< names on the map
};

/// The whole page as UTF-8, valid as HTML and well-formed as XML. It makes no request: the content
/// security policy allows nothing but the page's own style sheet and script, by their hashes.
/// Readable with JavaScript off (rows unfold with <details>); the script only sorts and filters.
/// Every text from the data is escaped, control and bidirectional characters are shown as \xNN.
/// A value that is not known says so; NaN is never printed. Equal results give equal bytes.
[[nodiscard]] std::string html_report(const StudyResult& result, const HtmlOptions& options = {});

}  // namespace lode

// Writers that write aside, read back, then rename: outputs appear whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/table.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// One layer to be written. Column order is file order.
struct OutputLayer {
  std::string name;
  Crs crs;
  Table table;
  std::vector<Geometry> geometry;  ///< empty for a plain table
  std::string style_qml;           ///< GeoPackage only: default style, opens styled in QGIS
  std::string title;               ///< GeoPackage only, for people: "Setbacks"; "" = the name
  std::string abstract;            ///< GeoPackage only: what it is, made by what, units
};

struct WriteOptions {
  bool overwrite = false;
  std::string format;  ///< driver name; "" = by ending (.gpkg .shp .geojson .fgb .csv)
  std::string
      time_stamp;     ///< "2026-11-01T00:00:00.000Z" for formats that store one; fixed by default
  Progress progress;  ///< heard for a stop while rows are written and read back
};

/// A set of files that appear together: each is written under a temporary name in its folder and
/// all are moved at `commit`. What was not committed is removed, also after an error or Ctrl-C.
/// Stale temporary files of earlier runs that died are swept.
class OutputSet {
 public:
  explicit OutputSet(bool overwrite);
  ~OutputSet();
  OutputSet(const OutputSet&) = delete;
  OutputSet& operator=(const OutputSet&) = delete;

  /// The temporary path to write to. Errors: "io.exists" (without overwrite), "io.no_folder",
  /// "io.cannot_write", "io.not_a_file".
  [[nodiscard]] std::string stage(const std::string& path);
  void write_text(const std::string& path, const std::string& content);
  /// Error "io.write" when what is read back is not what was written; "io.unsupported_format".
  void write_layers(const std::string& path, const std::vector<OutputLayer>& layers,
                    const WriteOptions& options, Findings& findings);
  /// fsync, rename, fsync the folders. After it the files are there.
  void commit();
  /// Final paths with SHA-256, after `commit`, in the order they were staged.
  struct Written {
    std::string path;
    std::string sha256;
  };
  [[nodiscard]] const std::vector<Written>& written() const { return written_; }
  /// Final paths with the SHA-256 of what is staged for them so far, before `commit`.
  [[nodiscard]] std::vector<Written> staged() const;

 private:
  struct Entry {
    std::string path;
    std::string temporary;
  };
  bool overwrite_ = false;
  std::vector<Entry> entries_;
  std::vector<Written> written_;
};

/// One output, staged and committed.
std::vector<OutputSet::Written> write_layers(const std::string& path,
                                             const std::vector<OutputLayer>& layers,
                                             const WriteOptions& options, Findings& findings);

/// What `write_layers` would refuse whatever the layers are: the format, the name, the folder, an
/// existing result. Leaves nothing behind.
void check_output(const std::string& path, const WriteOptions& options);

/// By device and inode, so that links and other spellings are seen. Error "io.output_is_input".
void refuse_input_as_output(const std::string& output, const std::vector<std::string>& inputs);

/// RFC 4180 text of a table: shortest numbers, text cells that a spreadsheet would take for a
/// formula guarded with a leading apostrophe.
[[nodiscard]] std::string csv_text(const Table& table);

}  // namespace lode

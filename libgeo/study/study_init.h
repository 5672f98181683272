// A commented study file written from the layers that a user points at.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/table.h"

namespace lode {

/// One layer as it will stand in the study file.
struct InitLayer {
  std::string path;  ///< as it will be written, relative to the study file
  std::string layer;
  std::string name;     ///< of a constraint, or mode of a network
  std::string setback;  ///< of a constraint: "200 m"
  std::string kind;     ///< of sites: primary or secondary
  Table table;          ///< its columns, to guess what each field is
  bool has_crs = true;
};

struct InitInputs {
  std::string title = "A study";
  std::string home;   ///< ISO 3166-1 alpha-3
  std::string as_of;  ///< ISO date
  std::vector<std::string> allies;
  std::vector<InitLayer> sites, permits, constraints, networks;
  std::string terminals, plants, ports, tariff, governance, production;
};

struct InitResult {
  std::string text;                  ///< TOML, read back by `parse_study` before it is returned
  std::vector<std::string> guessed;  ///< "deposits.shp: ore = ORE_MT (Mt)"
  std::vector<std::string> open;     ///< what could not be guessed and stands as a comment
};

/// Fields are guessed by name; what cannot be guessed stands as a comment that says what to fill
/// in. Errors: "study.init_no_sites", "study.init_no_id" (no field can name a site).
[[nodiscard]] InitResult init_study(const InitInputs& inputs);

}  // namespace lode

#include "libgeo/permits/presets.h"

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

std::vector<std::string> permit_presets() {
  return {"blm"};
}

PermitFields permit_fields(const std::string& preset) {
  if (preset.empty())
    return {
        {"permit_id", "title_id", "licence_no", "license_no", "serial", "id"},
        {"holder", "owner", "licensee", "claimant", "title_holder"},
        {"status", "disposition", "case_disp"},
        {"granted", "grant_date", "date_granted", "issued", "issue_date", "start_date"},
        {"expires", "expiry", "expiry_date", "date_expires", "exp_date", "end_date", "expiration"},
        {},
        {"kind", "type", "permit_type", "title_type"},
        "",
        {}};
  if (lower(preset) == "blm")
    // MLRS National Mining Claims: a located claim is Filed until adjudicated and Active after;
    // both hold the ground while the yearly maintenance fee is paid (43 CFR 3830, 3834).
    return {{"CSE_NR", "serial"},        {"holder", "CSE_CUST"},
            {"CSE_DISP", "disposition"}, {"CSE_LOC_DT", "located"},
            {"CSE_EXP_DT", "expires"},   {"RCRD_ACRS", "acres"},
            {"BLM_PROD", "product"},     "acres",
            {"Active", "Filed"},         DateOrder::month_first};
  throw Error("permits.preset", "no preset '" + printable(preset) + "'", "--preset",
              suggestion(preset, permit_presets()));
}

std::string first_present(const std::vector<std::string>& wanted,
                          const std::vector<std::string>& columns) {
  for (const std::string& name : wanted)
    for (const std::string& column : columns)
      if (lower(column) == lower(name)) return column;
  return {};
}

}  // namespace lode

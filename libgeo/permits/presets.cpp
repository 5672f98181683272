#include "libgeo/permits/presets.h"

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {
namespace {

PermitFields usual_names() {
  PermitFields f;
  f.id = {"permit_id", "title_id", "licence_no", "license_no", "serial", "id"};
  f.holder = {"holder", "owner", "licensee", "claimant", "title_holder"};
  f.status = {"status", "disposition", "case_disp"};
  f.granted = {"granted", "grant_date", "date_granted", "issued", "issue_date", "start_date"};
  f.expires = {"expires",  "expiry",   "expiry_date", "date_expires",
               "exp_date", "end_date", "expiration"};
  f.type = {"kind", "type", "permit_type", "title_type"};
  f.commodity = {"commodity", "commodities", "minerals", "mineral"};
  return f;
}

/// MLRS National Mining Claims: a located claim is Filed until adjudicated and Active after; both
/// hold the ground while the yearly maintenance fee is paid (43 CFR 3830, 3834). The public layer
/// has no claimants and no dates; layers cut from it keep its columns under plainer names.
PermitFields blm() {
  PermitFields f;
  f.register_name = "US Bureau of Land Management, MLRS mining claims";
  f.id = {"CSE_NR", "serial"};
  f.holder = {"holder", "claimant"};
  f.status = {"CSE_DISP", "disposition"};
  f.granted = {"located"};
  f.expires = {"CSE_EXP_DT", "expires"};
  f.area = {"RCRD_ACRS", "acres"};
  f.area_unit = "acres";
  f.type = {"BLM_PROD", "product"};
  f.commodity = {"commodity"};
  f.valid = {"Active", "Filed"};
  f.date_order = DateOrder::month_first;
  return f;
}

/// DMIRS-003, mining tenements: up to nine holders; LIVE or PENDING; areas in hectares or, for
/// exploration licences, in graticular blocks, which are no area.
PermitFields western_australia() {
  PermitFields f;
  f.register_name = "Western Australia, mining tenements (DMIRS-003)";
  f.id = {"fmt_tenid", "tenid"};
  f.holder = {"holder1"};
  f.more_holders = {"holder2", "holder3", "holder4", "holder5",
                    "holder6", "holder7", "holder8", "holder9"};
  f.status = {"tenstatus"};
  f.granted = {"grantdate", "startdate"};
  f.expires = {"enddate"};
  f.area = {"legal_area"};
  f.area_unit_field = {"unit_of_me"};
  f.type = {"type"};
  f.valid = {"Live"};
  f.date_order = DateOrder::day_first;
  return f;
}

/// Mining permits of QSpatial. Its areas are of the drawn shapes, not recorded: none is taken.
PermitFields queensland() {
  PermitFields f;
  f.register_name = "Queensland, mining permits (QSpatial)";
  f.id = {"displayname", "permitnumber", "permitid"};
  f.holder = {"authorisedholdername"};
  f.status = {"permitstatus", "permitstate"};
  f.granted = {"approvedate"};
  f.expires = {"expirydate"};
  f.type = {"permittype", "permittypeabbreviation"};
  f.commodity = {"permitminerals"};
  f.valid = {"Granted"};
  f.date_order = DateOrder::day_first;
  return f;
}

/// WHSE_MINERAL_TENURE.MTA_ACQUIRED_TENURE_SVW holds acquired titles only, so it has no status: a
/// title is good to its date.
PermitFields british_columbia() {
  PermitFields f;
  f.register_name = "British Columbia, Mineral Titles Online (MTA_ACQUIRED_TENURE_SVW)";
  f.id = {"TENURE_NUMBER_ID"};
  f.holder = {"OWNER_NAME"};
  f.granted = {"ISSUE_DATE"};
  f.expires = {"GOOD_TO_DATE"};
  f.area = {"AREA_IN_HECTARES"};
  f.area_unit = "ha";
  f.type = {"TITLE_TYPE_DESCRIPTION", "TENURE_TYPE_DESCRIPTION"};
  return f;
}

/// Operational claims of MLAS; holders stand with their shares, as in "(100) ACME INC".
PermitFields ontario() {
  PermitFields f;
  f.register_name = "Ontario, Mining Lands Administration System (MLAS)";
  f.id = {"TENURE_NUMBER_ID"};
  f.holder = {"HOLDER"};
  f.status = {"TENURE_STATUS_DESC"};
  f.granted = {"ISSUE_DATE"};
  f.expires = {"CLAIM_DUE_DATE", "ANNIVERSARY_DATE"};
  f.type = {"TITLE_TYPE_DESC"};
  return f;
}

}  // namespace

std::vector<std::string> permit_presets() {
  return {"blm", "wa", "qld", "bc", "on"};
}

PermitFields permit_fields(const std::string& preset) {
  const std::string name = lower(preset);
  if (name.empty()) return usual_names();
  if (name == "blm") return blm();
  if (name == "wa") return western_australia();
  if (name == "qld") return queensland();
  if (name == "bc") return british_columbia();
  if (name == "on") return ontario();
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

std::string preset_that_fits(const std::vector<std::string>& columns) {
  for (const std::string& preset : permit_presets()) {
    const PermitFields f = permit_fields(preset);
    // The first name alone is the register's own; the others are plain words that any layer has.
    const auto has = [&](const std::vector<std::string>& names) {
      return names.empty() || !first_present({names.front()}, columns).empty();
    };
    const auto& standing = f.status.empty() ? f.expires : f.status;
    if (has(f.id) && has(standing) && has(f.type)) return preset;
  }
  return {};
}

}  // namespace lode

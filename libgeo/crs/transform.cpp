// Coordinate operations of PROJ, made once a thread and pair of CRSs.
#include "libgeo/crs/transform.h"

#include <proj.h>

#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/crs/proj_handles.h"

namespace lode {

struct Transform::Impl {
  std::size_t id = 0;  ///< counts the pairs met in this run; the key of each thread's handles
  std::string from_wkt;
  std::string to_wkt;
  std::string operation;
  double accuracy_m = std::numeric_limits<double>::quiet_NaN();
};

namespace {

using proj::Handle;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse(const Crs& from, const Crs& to) {
  throw Error("crs.no_operation", "PROJ knows no way from " + from.label() + " to " + to.label(),
              {}, "Bring the layer into a CRS on the same datum first.");
}

struct Best {
  std::string name;
  double accuracy_m = nan;
};

/// True when an operation only converts coordinates and leaves the datum alone: exact.
bool only_converts(PJ_CONTEXT* ctx, const PJ* operation) {
  const PJ_TYPE type = proj_get_type(operation);
  if (type != PJ_TYPE_CONCATENATED_OPERATION) return type == PJ_TYPE_CONVERSION;
  const int steps = proj_concatoperation_get_step_count(ctx, operation);
  for (int i = 0; i < steps; ++i) {
    const Handle step(proj_concatoperation_get_step(ctx, operation, i));
    if (!step || proj_get_type(step.get()) != PJ_TYPE_CONVERSION) return false;
  }
  return steps > 0;
}

/// Name and accuracy of the first operation whose grids are all here.
Best best_operation(PJ_CONTEXT* ctx, const PJ* from, const PJ* to) {
  Best best;
  PJ_OPERATION_FACTORY_CONTEXT* options = proj_create_operation_factory_context(ctx, nullptr);
  proj_operation_factory_context_set_spatial_criterion(ctx, options,
                                                       PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
  proj_operation_factory_context_set_grid_availability_use(
      ctx, options, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
  PJ_OBJ_LIST* list = proj_create_operations(ctx, from, to, options);
  if (list != nullptr && proj_list_get_count(list) > 0) {
    const Handle first(proj_list_get(ctx, list, 0));
    const char* name = first ? proj_get_name(first.get()) : nullptr;
    best.name = name == nullptr ? "" : name;
    const double accuracy = first ? proj_coordoperation_get_accuracy(ctx, first.get()) : -1.0;
    const bool guess = first && proj_coordoperation_has_ballpark_transformation(ctx, first.get());
    if (accuracy >= 0.0 && !guess) best.accuracy_m = accuracy;
    if (first && only_converts(ctx, first.get())) best.accuracy_m = 0.0;
    if (guess && best.name.find("Ballpark") == std::string::npos)
      best.name = "Ballpark: " + best.name;
  }
  proj_list_destroy(list);
  proj_operation_factory_context_destroy(options);
  return best;
}

Handle make_handle(PJ_CONTEXT* ctx, const std::string& from_wkt, const std::string& to_wkt) {
  const Handle from = proj::create(ctx, from_wkt.c_str());
  const Handle to = proj::create(ctx, to_wkt.c_str());
  if (!from || !to) return {};
  const Handle raw(proj_create_crs_to_crs_from_pj(ctx, from.get(), to.get(), nullptr, nullptr));
  return raw ? Handle(proj_normalize_for_visualization(ctx, raw.get())) : Handle();
}

/// This thread's handle for a pair; null when PROJ cannot make it.
PJ* handle_of(std::size_t id, const std::string& from_wkt, const std::string& to_wkt) {
  PJ_CONTEXT* ctx = proj::context();  // made before, so it outlives, the handles
  thread_local std::unordered_map<std::size_t, Handle> handles;
  auto& handle = handles[id];
  if (!handle) handle = make_handle(ctx, from_wkt, to_wkt);
  return handle.get();
}

}  // namespace

Transform::Transform(const Crs& from, const Crs& to) : from_(from), to_(to) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::shared_ptr<const Impl>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[{from.wkt, to.wkt}];
  if (entry) {
    impl_ = entry;
    return;
  }
  auto impl = std::make_shared<Impl>();
  if (from == to) {
    impl->operation = "none (same CRS)";
    impl->accuracy_m = 0.0;
  } else {
    if (from.is_local() || to.is_local()) {
      known.erase({from.wkt, to.wkt});
      throw Error("crs.local",
                  "a mine grid cannot be brought together with another CRS (" + from.label() +
                      " and " + to.label() + ")",
                  {}, "Give both layers a CRS on the Earth, or both the same mine grid.");
    }
    PJ_CONTEXT* ctx = proj::context();
    const Handle a = proj::create(ctx, from.wkt.c_str()), b = proj::create(ctx, to.wkt.c_str());
    static std::size_t pairs = 0;
    impl->id = ++pairs;
    impl->from_wkt = from.wkt;
    impl->to_wkt = to.wkt;
    if (!a || !b || handle_of(impl->id, from.wkt, to.wkt) == nullptr) {
      known.erase({from.wkt, to.wkt});
      refuse(from, to);
    }
    Best best = best_operation(ctx, a.get(), b.get());
    impl->operation = std::move(best.name);
    impl->accuracy_m = best.accuracy_m;
  }
  entry = std::move(impl);
  impl_ = entry;
}

std::size_t Transform::forward(double* x, double* y, std::size_t count) const {
  std::size_t lost = 0;
  if (!is_identity()) {
    PJ* pj = handle_of(impl_->id, impl_->from_wkt, impl_->to_wkt);
    if (pj == nullptr) refuse(from_, to_);
    proj_errno_reset(pj);
    proj_trans_generic(pj, PJ_FWD, x, sizeof(double), count, y, sizeof(double), count, nullptr, 0,
                       0, nullptr, 0, 0);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i])) continue;
    x[i] = y[i] = nan;
    ++lost;
  }
  return lost;
}

double Transform::accuracy_m() const {
  return impl_->accuracy_m;
}

const std::string& Transform::operation() const {
  return impl_->operation;
}

}  // namespace lode

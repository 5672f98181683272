// One PROJ context a thread, quiet and without network.
#include "libgeo/crs/proj_handles.h"

#include <proj.h>

#include "libgeo/core/error.h"

namespace lode::proj {
namespace {

struct Context {
  Context() : handle(proj_context_create()) {
    proj_context_set_enable_network(handle, 0);
    proj_log_level(handle, PJ_LOG_NONE);
  }
  ~Context() { proj_context_destroy(handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  PJ_CONTEXT* handle;
  bool checked = false;
};

}  // namespace

void DestroyPj::operator()(PJconsts* pj) const {
  proj_destroy(pj);
}

pj_ctx* context() {
  thread_local Context context;
  if (!context.checked) {
    if (proj_context_get_database_path(context.handle) == nullptr)
      throw Error("crs.no_database", "PROJ finds no proj.db", {},
                  "Install PROJ's data or let PROJ_DATA name their folder.");
    context.checked = true;
  }
  return context.handle;
}

Handle create(pj_ctx* ctx, const char* text) {
  return Handle(proj_create(ctx, text));
}

}  // namespace lode::proj

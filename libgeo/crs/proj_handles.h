// PROJ objects owned by this room's sources: one quiet context a thread, with the network off.
#pragma once

#include <memory>

struct pj_ctx;
struct PJconsts;

namespace lode::proj {

struct DestroyPj {
  void operator()(PJconsts* pj) const;
};
using Handle = std::unique_ptr<PJconsts, DestroyPj>;

/// The context of this thread: no network, no messages on stderr.
/// Error "crs.no_database" when PROJ finds no proj.db.
[[nodiscard]] pj_ctx* context();

/// A CRS from text this room made or checked before; null when PROJ cannot read it.
[[nodiscard]] Handle create(pj_ctx* ctx, const char* text);

}  // namespace lode::proj

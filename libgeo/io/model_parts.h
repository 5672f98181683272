// The formats behind `read_model` and `write_model`, one function each.
#pragma once

#include <string>
#include <string_view>

#include "libgeo/io/model_files.h"

namespace lode::model_files {

/// Open Mining Format, version 1 (one file of JSON and packed arrays) or 2 (a zip of JSON and
/// Parquet). `bytes` is the whole file; `model.source.path` is for messages.
/// Errors "omf.*".
void read_omf(std::string_view bytes, ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_omf1(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_omf2(const std::string& staged, const ModelFile& model);

/// VTU, VTI and VTP: text, base64 or raw, zlib or not, headers of 32 or 64 bits.
/// Errors "model.syntax", "model.count", "model.index", "model.unsupported", as all readers below.
void read_vtk(std::string_view bytes, ModelFile& model);
/// Surpac strings, text or binary; a triangulation, with the strings that lie beside it.
void read_surpac_strings(std::string_view bytes, ModelFile& model);
void read_surpac_dtm(std::string_view bytes, ModelFile& model);
void read_dxf(std::string_view bytes, ModelFile& model);
/// TSurf, PLine and VSet, one or many; groups are looked into.
void read_gocad(std::string_view bytes, ModelFile& model);
/// Groups and objects become objects; lines and points too.
void read_obj_objects(std::string_view bytes, ModelFile& model);
/// STL, PLY and OFF through the readers of `mesh_files.h`.
void read_mesh_objects(std::string_view bytes, ModelFile& model);
/// CSV and GSLIB: a block model where sizes of blocks are known, else points.
void read_block_text(const std::string& path, const ModelReadOptions& options, ModelFile& model,
                     const Progress& progress);

/// Each writes what it can of `model` to `staged` and returns what it cannot hold; of a model of
/// which it holds nothing, error "model.nothing".
using Writer = std::vector<ModelLoss> (*)(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_vtu(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_vti(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_vtp(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_str(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_dxf(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_gocad(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_obj(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_stl(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_stl_text(const std::string& staged,
                                                    const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_ply(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_off(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_csv(const std::string& staged, const ModelFile& model);
[[nodiscard]] std::vector<ModelLoss> write_gslib(const std::string& staged, const ModelFile& model);

}  // namespace lode::model_files

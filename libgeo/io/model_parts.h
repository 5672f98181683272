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

}  // namespace lode::model_files

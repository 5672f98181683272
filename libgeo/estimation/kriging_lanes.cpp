#include "libgeo/estimation/kriging_lanes.h"

#include <atomic>

namespace lode::kriging {

namespace {

std::vector<const Kernels*> available() {
  std::vector<const Kernels*> all{&plain_kernels()};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) all.push_back(&avx2_kernels());
  if (__builtin_cpu_supports("avx512f")) all.push_back(&avx512_kernels());
#endif
  return all;
}

std::atomic<const Kernels*>& chosen() {
  static std::atomic<const Kernels*> those{available().back()};
  return those;
}

}  // namespace

const Kernels& kernels() {
  return *chosen().load();
}

std::vector<std::string_view> kernel_names() {
  std::vector<std::string_view> names;
  for (const Kernels* those : available()) names.push_back(those->name);
  return names;
}

void choose_kernels(std::string_view name) {
  const auto all = available();
  chosen() = all.back();
  for (const Kernels* those : all)
    if (those->name == name) chosen() = those;
}

}  // namespace lode::kriging

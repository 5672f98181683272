// Loaded before the C library: opening a file of a certain name fails as only a fault of the
// program would.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

extern "C" FILE* fopen(const char* path, const char* mode) {
  if (std::strstr(path, "out-of-memory") != nullptr) throw std::bad_alloc();
  if (std::strstr(path, "fault-inside") != nullptr)
    throw std::runtime_error("a fault was asked for");
  static const auto real =
      reinterpret_cast<FILE* (*)(const char*, const char*)>(dlsym(RTLD_NEXT, "fopen"));
  return real(path, mode);
}

// The code of the error that a call throws.
#pragma once

#include <string>

#include "libgeo/core/error.h"

namespace lode::test {

/// "" when it throws none.
template <class Call>
std::string code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

}  // namespace lode::test

// The code of the Error that a call ends in, for tests of refusals.
#pragma once

#include <string>

#include "libgeo/core/error.h"

namespace lode {

template <class Call>
[[nodiscard]] std::string code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return "no error";
}

}  // namespace lode

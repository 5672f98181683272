#include "libgeo/core/provenance.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include "libgeo/core/error.h"

namespace lode {

namespace {

struct DigestFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, DigestFree>;

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Digest start() {
  Digest digest(EVP_MD_CTX_new());
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  return digest;
}

std::string finish(Digest digest) {
  static const char* digits = "0123456789abcdef";
  std::array<unsigned char, 32> bytes{};
  EVP_DigestFinal_ex(digest.get(), bytes.data(), nullptr);
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

}  // namespace

std::string_view version() {
  return LODE_VERSION;
}

std::string sha256(std::string_view bytes) {
  Digest digest = start();
  EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size());
  return finish(std::move(digest));
}

std::string sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, FileClose> file(std::fopen(path.c_str(), "rb"));
  if (!file)
    throw Error("io.missing_file", "the file cannot be opened", path,
                "Check the path and that you may read it.");
  Digest digest = start();
  std::vector<char> buffer(1 << 20);
  while (true) {
    const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), file.get());
    EVP_DigestUpdate(digest.get(), buffer.data(), read);
    if (read < buffer.size()) break;
  }
  if (std::ferror(file.get())) throw Error("io.read", "the file cannot be read to its end", path);
  return finish(std::move(digest));
}

}  // namespace lode

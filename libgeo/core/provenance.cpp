#include "libgeo/core/provenance.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <filesystem>
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

/// Nothing is read from a folder, a device or a pipe: some of them never end.
std::unique_ptr<std::FILE, FileClose> open_regular(const std::string& path,
                                                   const std::string& hint) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw Error("io.not_a_file", "this is a folder, a device or a pipe, not a file", path,
                "Name a regular file.");
  std::unique_ptr<std::FILE, FileClose> file(std::fopen(path.c_str(), "rb"));
  if (!file)
    throw Error("io.missing_file", "the file cannot be opened", path,
                hint.empty() ? "Check the path and that you may read it." : hint);
  return file;
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

std::string sha256_of_file(const std::string& path, const Progress& progress) {
  const auto file = open_regular(path, {});
  Digest digest = start();
  std::vector<char> buffer(1 << 20);
  while (true) {
    progress.check();
    const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), file.get());
    EVP_DigestUpdate(digest.get(), buffer.data(), read);
    if (read < buffer.size()) break;
  }
  if (std::ferror(file.get())) throw Error("io.read", "the file cannot be read to its end", path);
  return finish(std::move(digest));
}

std::string text_of_file(const std::string& path, const std::string& hint, std::size_t most) {
  const auto file = open_regular(path, hint);
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (std::size_t read = buffer.size(); read == buffer.size();) {
    read = std::fread(buffer.data(), 1, buffer.size(), file.get());
    text.append(buffer.data(), read);
    if (text.size() > most)
      throw Error("io.too_large",
                  "more than " + std::to_string(most >> 20) + " MiB is no such file", path,
                  "Name the file that was meant.");
  }
  if (std::ferror(file.get())) throw Error("io.read", "the file cannot be read to its end", path);
  return text;
}

}  // namespace lode

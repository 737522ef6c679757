#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "server/catalogue_file.h"

int main(int argc, char** argv) {
  if (const absl::Status status = certwright::InstallBuiltInCatalogue(); !status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return 1;
  }
  return Catch::Session().run(argc, argv);
}

#ifdef __SANITIZE_ADDRESS__
// c-ares, which gRPC asks for names, does not give everything back at the end.
// NOLINTNEXTLINE(bugprone-reserved-identifier): LeakSanitizer looks for this name
extern "C" const char* __lsan_default_suppressions() { return "leak:libcares\n"; }
#endif

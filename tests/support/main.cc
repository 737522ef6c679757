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

#include "server/data_dir.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/fakes.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

unsigned ModeOf(const std::string& path) {
  struct stat facts = {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 0777u;
}

}  // namespace

TEST_CASE("a data folder is made for its owner alone", "[data_dir]") {
  const ScratchFolder folder;

  const auto data = DataDir::Open(folder.Path("a/b"));

  REQUIRE(data.ok());
  CHECK(ModeOf(folder.Path("a/b")) == 0700);
}

TEST_CASE("the master key is made once and then read", "[data_dir]") {
  const ScratchFolder folder;
  const auto data = DataDir::Open(folder.Path("data"));
  REQUIRE(data.ok());
  SeededRandom random;

  const auto first = data->MasterKey(random);
  const auto second = data->MasterKey(random);

  REQUIRE(first.ok());
  CHECK(first->size() == 32);
  CHECK(*first == *second);
  CHECK(ModeOf(data->PathOf("master.key")) == 0600);
}

TEST_CASE("no master key is made beside a database that another one encrypted", "[data_dir]") {
  const ScratchFolder folder;
  const auto data = DataDir::Open(folder.Path("data"));
  REQUIRE(data.ok());
  std::ofstream(data->DatabasePath()) << "there";
  SeededRandom random;

  CHECK(data->MasterKey(random).status().code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("one process serves from a folder at a time", "[data_dir]") {
  const ScratchFolder folder;
  auto first = DataDir::Open(folder.Path("data"));
  auto second = DataDir::Open(folder.Path("data"));
  REQUIRE(first.ok());
  REQUIRE(second.ok());

  CHECK(first->Lock().ok());
  CHECK(second->Lock().code() == absl::StatusCode::kFailedPrecondition);
}

}  // namespace certwright

#include "core/crypto/sealer.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/fakes.h"

namespace certwright {
namespace {

constexpr char kPlace[] = "key_material/1/abcdefgh/private_key";

std::string MasterKey() { return std::string(32, 'k'); }

bool IsDataLoss(const absl::StatusOr<std::string>& opened) {
  return absl::IsDataLoss(opened.status());
}

TEST_CASE("A sealed secret opens where it was sealed, also from another sealer", "[sealer]") {
  SeededRandom random;
  const std::string secret =
      GENERATE(as<std::string>{}, "", "s", "a secret", std::string(70000, 'x'));
  const std::string sealed = Sealer(MasterKey(), random).Seal(kPlace, secret);

  const absl::StatusOr<std::string> opened = Sealer(MasterKey(), random).Open(kPlace, sealed);

  REQUIRE(opened.ok());
  CHECK(*opened == secret);
  CHECK(sealed.size() == 1 + 12 + secret.size() + 16);
}

TEST_CASE("A sealed secret does not open at another place or under another key", "[sealer]") {
  SeededRandom random;
  const Sealer sealer(MasterKey(), random);
  const std::string sealed = sealer.Seal(kPlace, "secret");

  CHECK(IsDataLoss(sealer.Open("key_material/2/abcdefgh/private_key", sealed)));
  CHECK(IsDataLoss(sealer.Open("", sealed)));
  CHECK(IsDataLoss(Sealer(std::string(32, 'K'), random).Open(kPlace, sealed)));
}

TEST_CASE("A sealed secret with any bit changed or any end cut off does not open", "[sealer]") {
  SeededRandom random;
  const Sealer sealer(MasterKey(), random);
  const std::string sealed = sealer.Seal(kPlace, "secret");

  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string changed = sealed;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    CHECK(IsDataLoss(sealer.Open(kPlace, changed)));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CHECK(IsDataLoss(sealer.Open(kPlace, sealed.substr(0, size))));
  }
  CHECK(IsDataLoss(sealer.Open(kPlace, sealed + '\0')));
}

TEST_CASE("Sealing the same secret twice gives unrelated bytes", "[sealer]") {
  SeededRandom random;
  const Sealer sealer(MasterKey(), random);

  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(sealer.Seal(kPlace, "secret"));

  CHECK(seen.size() == 1000);
}

// The GCM specification's test case 16 (256-bit key, with associated data), in our framing.
TEST_CASE("A blob made by another implementation of AES-256-GCM opens", "[sealer]") {
  const auto bytes = [](absl::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return out;
  };
  const std::string key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string sealed = bytes(
      "01"
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  SeededRandom random;

  const absl::StatusOr<std::string> opened =
      Sealer(key, random).Open(bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"), sealed);

  REQUIRE(opened.ok());
  CHECK(*opened == bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                         "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"));
}

}  // namespace
}  // namespace certwright

#include "core/crypto/digest.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

namespace certwright {
namespace {

TEST_CASE("Digests equal those of FIPS 180", "[digest]") {
  CHECK(LowerHex(Sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(LowerHex(Sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(LowerHex(Sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(LowerHex(Sha256(absl::string_view())) == LowerHex(Sha256("")));
}

TEST_CASE("MD5 equals that of RFC 1321", "[digest]") {
  CHECK(LowerHex(Md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(LowerHex(Md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_CASE("MACs equal those of RFC 2202 and RFC 4231", "[digest]") {
  CHECK(LowerHex(HmacSha1("Jefe", "what do ya want for nothing?")) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(LowerHex(HmacSha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const std::string longer_than_a_block(131, '\xaa');
  CHECK(LowerHex(HmacSha256(longer_than_a_block,
                            "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("An empty key is a key, not the one used last", "[digest]") {
  HmacSha256("another key", "bytes");

  CHECK(LowerHex(HmacSha256(absl::string_view(), "")) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("MACs with different keys do not mix on one thread or on several", "[digest]") {
  const std::string a = HmacSha256("a", "x");
  const std::string b = HmacSha256("b", "x");

  std::vector<std::string> from_threads(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < from_threads.size(); ++i) {
    threads.emplace_back([&from_threads, i] {
      for (int round = 0; round < 100; ++round) {
        from_threads[i] = HmacSha256(i % 2 == 0 ? "a" : "b", "x");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(a != b);
  CHECK(from_threads == std::vector<std::string>{a, b, a, b});
}

TEST_CASE("Hex keeps every bit", "[digest]") {
  CHECK(LowerHex(std::string("\x00\x0f\xf0\xff", 4)) == "000ff0ff");
  CHECK(UpperHex(std::string("\x00\x0f\xf0\xff", 4)) == "000FF0FF");
}

TEST_CASE("Base64 goes there and back", "[digest]") {
  CHECK(Base64("") == "");
  CHECK(Base64("f") == "Zg==");
  CHECK(Base64("foobar") == "Zm9vYmFy");
  CHECK(FromBase64("Zm9vYmE=") == "fooba");
  CHECK(FromBase64("") == "");
}

TEST_CASE("Base64 accepts only the canonical form", "[digest]") {
  const std::string text = GENERATE("Zg", "Zg=", "Zg==\n", "Zh==", "Zm9v YmFy",
                                    "Zm9v====", "-_==", "Zg==Zg==", "Z", "Zm9v!mFy");
  CAPTURE(text);

  CHECK(FromBase64(text) == std::nullopt);
}

TEST_CASE("Comparison in constant time tells equal from different", "[digest]") {
  CHECK(EqualInConstantTime("abc", "abc"));
  CHECK(EqualInConstantTime("", absl::string_view()));
  CHECK_FALSE(EqualInConstantTime("abc", "abd"));
  CHECK_FALSE(EqualInConstantTime("abc", "ab"));
}

}  // namespace
}  // namespace certwright

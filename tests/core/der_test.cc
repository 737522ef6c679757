#include "core/crypto/der.h"

#include <catch2/catch.hpp>

namespace certwright {

TEST_CASE("lengths are written as DER wants them", "[der]") {
  CHECK(der::OctetString("") == std::string("\x04\x00", 2));
  CHECK(der::OctetString(std::string(127, 'x')).substr(0, 2) == "\x04\x7f");
  CHECK(der::OctetString(std::string(128, 'x')).substr(0, 3) == "\x04\x81\x80");
  CHECK(der::OctetString(std::string(255, 'x')).substr(0, 3) == "\x04\x81\xff");
  CHECK(der::OctetString(std::string(256, 'x')).substr(0, 4) == std::string("\x04\x82\x01\x00", 4));
  CHECK(der::OctetString(std::string(65536, 'x')).substr(0, 5) ==
        std::string("\x04\x83\x01\x00\x00", 5));
}

TEST_CASE("integers are as short as can be, and never negative", "[der]") {
  CHECK(der::Integer("") == std::string("\x02\x01\x00", 3));
  CHECK(der::Integer(absl::string_view("\x00\x00", 2)) == std::string("\x02\x01\x00", 3));
  CHECK(der::Integer("\x7f") == "\x02\x01\x7f");
  CHECK(der::Integer("\x80") == std::string("\x02\x02\x00\x80", 4));
  CHECK(der::Integer(absl::string_view("\x00\x00\x80", 3)) == std::string("\x02\x02\x00\x80", 4));
}

TEST_CASE("times change their form with the year 2050", "[der]") {
  CHECK(der::Time(absl::FromUnixSeconds(2524607999)) ==
        "\x17\x0d"
        "491231235959Z");
  CHECK(der::Time(absl::FromUnixSeconds(2524608000)) ==
        "\x18\x0f"
        "20500101000000Z");
}

}  // namespace certwright

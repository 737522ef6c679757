#include "core/shown.h"

#include <catch2/catch.hpp>
#include <string>

namespace certwright {

TEST_CASE("text that people can read is shown as it is", "[shown]") {
  const std::string text = GENERATE(as<std::string>(), "", "plain \"text\" \\ and 'more'", "证书",
                                    "bücher", "💩", "a.test");
  CAPTURE(text);
  CHECK(Shown(text) == text);
}

TEST_CASE("control characters and what is no UTF-8 are escaped, and nothing after them",
          "[shown]") {
  const auto [text, shown] =
      GENERATE(table<std::string, std::string>({{std::string("a\0b", 3), "a\\u0000b"},
                                                {"line\nfeed\tc", "line\\u000afeed\\u0009c"},
                                                {"\x7f", "\\u007f"},
                                                {"\xc2\x9b"
                                                 "b",
                                                 "\\u009bb"},
                                                {"\xe2\x80\xae"
                                                 "abc",
                                                 "\\u202eabc"},
                                                {"b\xff"
                                                 "r",
                                                 "b\\xffr"},
                                                {"\xc0\x80", "\\xc0\\x80"},
                                                {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
                                                {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
                                                {"cut \xe8\xaf", "cut \\xe8\\xaf"}}));
  CAPTURE(shown);
  CHECK(Shown(text) == shown);
}

TEST_CASE("long text is cut between characters", "[shown]") {
  CHECK(Shown("abcdef", 6) == "abcdef");
  CHECK(Shown("abcdefg", 6) == "abcdef…");
  CHECK(Shown("证书证书", 7) == "证书…");
  CHECK(Shown(std::string(100, 'a')) == std::string(64, 'a') + "…");
}

}  // namespace certwright

#include "core/punycode.h"

#include <catch2/catch.hpp>
#include <string>

namespace certwright {

// Samples of RFC 3492, section 7.1, and names in use.
TEST_CASE("Punycode is decoded to the text that it stands for", "[domain]") {
  const auto [encoded, text] = GENERATE(table<std::string, std::string>(
      {{"fiqs8s", "中国"},
       {"bcher-kva", "bücher"},
       {"BCHER-KVA", "BüCHER"},
       {"mgbh0fb", "مثال"},
       {"ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"},
       {"b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"},
       {"3B-ww4c5e180e575a65lsy2b", "3年B組金八先生"},
       {"-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n", "安室奈美恵-with-SUPER-MONKEYS"},
       {"-> $1.00 <--", "-> $1.00 <-"},
       {"ls8h", "💩"},
       {"", ""}}));
  CAPTURE(encoded);
  CHECK(DecodePunycode(encoded) == text);
}

TEST_CASE("what no text encodes to is no Punycode", "[domain]") {
  const std::string encoded =
      GENERATE(as<std::string>(), "zzzzzz", "-abc", "99999999", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
               "fiqs8", "b\xc3\xbc-kva", "a_b", "a b");
  CAPTURE(encoded);
  CHECK_FALSE(DecodePunycode(encoded).has_value());
}

}  // namespace certwright

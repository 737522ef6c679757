# Writes the file INPUT as the C++ function FUNCTION, which HEADER declares, into OUTPUT.
file(READ ${INPUT} HEX HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," BYTES "${HEX}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" BYTES "${BYTES}")
file(WRITE ${OUTPUT}
"#include \"${HEADER}\"

namespace certwright {
namespace {

const unsigned char kBytes[] = {
${BYTES}
};

}  // namespace

absl::string_view ${FUNCTION}() {
  return absl::string_view(reinterpret_cast<const char*>(kBytes), sizeof kBytes);
}

}  // namespace certwright
")

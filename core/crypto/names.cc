#include "core/crypto/names.h"

#include <arpa/inet.h>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxNameBytes = 256;
constexpr int kMaxNames = 100;

absl::Status CheckText(absl::string_view text) {
  if (text.size() > kMaxNameBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "it holds a name of ", text.size(), " bytes; at most ", kMaxNameBytes, " are allowed"));
  }
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return absl::InvalidArgumentError("it holds a name with a control character");
    }
  }
  return absl::OkStatus();
}

bool IsGraphicAscii(char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); }

std::string AddressText(const ASN1_OCTET_STRING* address) {
  char text[INET6_ADDRSTRLEN] = "";
  const int length = ASN1_STRING_length(address);
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  if (length == 4) inet_ntop(AF_INET, bytes, text, sizeof text);
  if (length == 16) inet_ntop(AF_INET6, bytes, text, sizeof text);
  return text;
}

}  // namespace

absl::StatusOr<std::string> TextOf(const X509_NAME* name, int nid) {
  int last = -1;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0;) last = at;
  if (last < 0) return "";
  unsigned char* bytes = nullptr;
  const int length =
      ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
  if (length < 0) return absl::InvalidArgumentError("it holds a name that is no text");
  std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  RETURN_IF_ERROR(CheckText(text));
  return text;
}

absl::StatusOr<std::string> CommonNameOf(const X509_NAME* name) {
  return TextOf(name, NID_commonName);
}

absl::StatusOr<std::vector<std::string>> NamesIn(const GENERAL_NAMES* names) {
  std::vector<std::string> found;
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names);
  if (count > kMaxNames) {
    return absl::InvalidArgumentError(
        absl::StrCat("it holds ", count, " names; at most ", kMaxNames, " are allowed"));
  }
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    std::string text;
    if (name->type == GEN_DNS) {
      text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                  static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
      if (!absl::c_all_of(text, IsGraphicAscii)) {
        return absl::InvalidArgumentError("it holds a DNS name that is not ASCII");
      }
    } else if (name->type == GEN_IPADD) {
      text = AddressText(name->d.iPAddress);
    }
    RETURN_IF_ERROR(CheckText(text));
    if (!text.empty()) found.push_back(absl::AsciiStrToLower(text));
  }
  return found;
}

}  // namespace certwright

#include "server/auth/tolerance.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "core/service_names.h"
#include "server/auth/request_parts.h"

namespace certwright {
namespace {

void AddOnce(std::string value, std::vector<std::string>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    values.push_back(std::move(value));
  }
}

// gRPC libraries keep their own content type out of the metadata.
std::vector<std::string> SignableContentTypes(const Envelope& envelope) {
  std::vector<std::string> types;
  if (const auto sent = FindHeader(envelope, "content-type")) types.emplace_back(*sent);
  if (envelope.protocol == Protocol::kGrpc) {
    AddOnce("application/grpc", types);
    AddOnce("application/grpc+proto", types);
  }
  return types;
}

std::vector<std::string> SignablePaths(const Envelope& envelope) {
  // Over gRPC the path names the action, so nothing else stands for it.
  if (envelope.protocol == Protocol::kGrpc) return {envelope.path};
  std::vector<std::string> paths = {"/"};
  AddOnce(envelope.path, paths);
  return paths;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

// Sorted by name, with room for the two that vary; nothing if one of them is not in the request.
std::optional<Headers> SignedHeaders(const Envelope& envelope,
                                     const Tc3Authorization& authorization) {
  Headers headers;
  for (const std::string& name : authorization.signed_headers) {
    const auto value = FindHeader(envelope, name);
    if (value) {
      headers.emplace_back(name, *value);
    } else if (name == "content-type" && envelope.protocol == Protocol::kGrpc) {
      headers.emplace_back(name, "");
    } else {
      return std::nullopt;
    }
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

void Set(absl::string_view name, const std::string& value, Headers& headers) {
  for (auto& header : headers) {
    if (header.first == name) header.second = value;
  }
}

bool MatchesInEitherCase(Tc3Request& request, absl::FunctionRef<bool(const Tc3Request&)> matches) {
  if (matches(request)) return true;
  const Headers raw = request.headers;
  for (auto& header : request.headers) absl::AsciiStrToLower(&header.second);
  const bool found = request.headers != raw && matches(request);
  request.headers = raw;
  return found;
}

}  // namespace

std::vector<std::string> SignableHosts(const Envelope& envelope,
                                       const std::vector<std::string>& public_names) {
  std::vector<std::string> hosts;
  const auto host = FindHeader(envelope, "host");
  if (!host) return hosts;
  hosts.emplace_back(*host);
  AddOnce(std::string(WithoutPort(*host)), hosts);
  for (const std::string& name : public_names) AddOnce(name, hosts);
  return hosts;
}

bool IsEndpointLabel(absl::string_view service, absl::string_view host) {
  if (service.empty()) return false;
  for (const absl::string_view name : {host, WithoutPort(host)}) {
    if (service == name.substr(0, name.find('.'))) return true;
  }
  // So says the C++ SDK of an endpoint without dots.
  return service == "unknown" && !absl::StrContains(host, '.');
}

bool MayNameService(absl::string_view named, absl::string_view service, bool is_lenient,
                    absl::string_view host) {
  if (named == service) return true;
  return is_lenient && !IsServiceName(named) && IsEndpointLabel(named, host);
}

bool AnyReading(const Envelope& envelope, const Tc3Authorization& authorization,
                const std::vector<std::string>& hosts, const std::string& payload_hash,
                absl::FunctionRef<bool(const Tc3Request&)> matches) {
  std::optional<Headers> headers = SignedHeaders(envelope, authorization);
  if (!headers) return false;
  Tc3Request request = {
      .method = envelope.method, .headers = *std::move(headers), .payload_hash = payload_hash};
  if (envelope.method == "GET") request.query = envelope.query;

  const std::vector<std::string> content_types = SignableContentTypes(envelope);
  for (std::string& path : SignablePaths(envelope)) {
    request.path = std::move(path);
    for (const std::string& host : hosts) {
      Set("host", host, request.headers);
      for (const std::string& content_type : content_types) {
        Set("content-type", content_type, request.headers);
        if (MatchesInEitherCase(request, matches)) return true;
      }
    }
  }
  return false;
}

bool AnyV1Reading(const Envelope& envelope, const V1Request& request,
                  const std::vector<std::string>& hosts,
                  absl::FunctionRef<bool(absl::string_view string_to_sign)> matches) {
  for (const std::string& path : SignablePaths(envelope)) {
    for (const std::string& host : hosts) {
      if (matches(V1StringToSign(envelope.method, host, request.all, path))) return true;
    }
  }
  return false;
}

}  // namespace certwright

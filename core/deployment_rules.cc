#include "core/deployment_rules.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/error.h"
#include "core/region.h"
#include "core/shown.h"

namespace certwright {
namespace {

enum class Part { kNone, kId, kHost, kSwitch, kPort, kRegion };

struct ResourceType {
  absl::string_view name = {};
  unsigned uses = 0;              // of ResourceUse
  bool needs_region = false;      // of the call, to deploy
  bool is_regional = false;       // needs a list of regions to update
  absl::string_view format = {};  // of an instance to deploy to
  std::array<Part, 4> parts = {};
  std::size_t least_parts = 0;
};

constexpr unsigned kDeploy = static_cast<unsigned>(ResourceUse::kDeploy);
constexpr unsigned kUpdate = static_cast<unsigned>(ResourceUse::kUpdate);
constexpr unsigned kSameId = static_cast<unsigned>(ResourceUse::kSameIdUpdate);
constexpr unsigned kDetail = static_cast<unsigned>(ResourceUse::kSearchDetail);
constexpr unsigned kDeployed = static_cast<unsigned>(ResourceUse::kDeployed);
constexpr unsigned kRecord = static_cast<unsigned>(ResourceUse::kDeployRecord);
constexpr unsigned kMost = kDeploy | kUpdate | kDetail | kRecord;

constexpr Part kId = Part::kId;
constexpr Part kHost = Part::kHost;
constexpr Part kRegion = Part::kRegion;

constexpr ResourceType kTypes[] = {
    {"clb", kMost | kDeployed | kSameId, true, true, "lb|listener[|domain]", {kId, kId, kId}, 2},
    {"cdn", kMost | kDeployed, false, false, "domain|on or domain|off", {kHost, Part::kSwitch}, 2},
    {"ddos", kMost, false, false, "instance|domain|port", {kId, kHost, Part::kPort}, 3},
    {"live", kMost | kDeployed, false, false, "domain", {kHost}, 1},
    {"vod", kMost | kDeployed, false, false, "domain", {kHost}, 1},
    {"waf", kMost | kDeployed, true, true, "domain", {kHost}, 1},
    {"antiddos", kDeployed, false, false, "", {}, 0},
    {"apigateway", kMost, true, true, "service|domain", {kId, kHost}, 2},
    {"teo", kMost | kDeployed, false, false, "domain", {kHost}, 1},
    {"tke", kMost, true, true, "cluster|namespace|secret", {kId, kId, kId}, 3},
    {"cos", kMost, true, true, "region|bucket|domain", {kRegion, kId, kHost}, 3},
    {"lighthouse",
     kDeploy | kRecord,
     true,
     false,
     "region|instance|domain",
     {kRegion, kId, kHost},
     3},
    {"tse", kMost, true, true, "gateway|certificate", {kId, kId}, 2},
    {"tcb", kMost, true, true, "type|region|env|domain", {kId, kRegion, kId, kHost}, 4},
    {"mqtt", kDeploy | kUpdate, true, true, "instance|certificate", {kId, kId}, 2},
    {"scf", kUpdate, false, true, "", {}, 0},
    {"tdmq", kUpdate, false, true, "", {}, 0},
    {"gaap", kUpdate, false, false, "", {}, 0},
};

constexpr std::size_t kMaxPartBytes = 255;
constexpr std::size_t kMaxLabelBytes = 63;
constexpr int kMaxPort = 65535;

const ResourceType* Find(absl::string_view name) {
  const auto* const found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                         [name](const auto& type) { return type.name == name; });
  return found == std::end(kTypes) ? nullptr : found;
}

bool IsFor(const ResourceType& type, ResourceUse use) {
  return (type.uses & static_cast<unsigned>(use)) != 0;
}

bool IsPlain(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxPartBytes &&
         std::all_of(text.begin(), text.end(), absl::ascii_isgraph);
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelBytes && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// Two labels at least; a wildcard may stand for the first.
bool IsHost(absl::string_view text) {
  if (!IsPlain(text)) return false;
  const bool is_wildcard = absl::StartsWith(text, "*.");
  if (is_wildcard) text.remove_prefix(2);
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), IsLabel);
}

bool IsPort(absl::string_view text) {
  int port = 0;
  return absl::SimpleAtoi(text, &port) && absl::StrCat(port) == text && port >= 1 &&
         port <= kMaxPort;
}

bool Fits(Part part, absl::string_view text) {
  switch (part) {
    case Part::kNone:
      return false;
    case Part::kId:
      return IsPlain(text);
    case Part::kHost:
      return IsHost(text);
    case Part::kSwitch:
      return text == "on" || text == "off";
    case Part::kPort:
      return IsPort(text);
    case Part::kRegion:
      return IsRegion(text);
  }
  return false;
}

bool FitsFormat(const ResourceType& type, absl::string_view instance) {
  const std::vector<absl::string_view> parts = absl::StrSplit(instance, '|');
  if (parts.size() < type.least_parts || parts.size() > type.parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!Fits(type.parts[i], parts[i])) return false;
  }
  return true;
}

absl::Status CheckRegions(const TypeRegions& row, absl::string_view field) {
  if (row.regions.empty()) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " is empty; ", row.type, " needs its regions."), field);
  }
  for (const std::string& region : row.regions) {
    if (IsRegion(region)) continue;
    return Refuse(
        ApiError::kFailedOperationInvalidParam,
        absl::StrCat(field, " `", Shown(region), "` is no region; one is like `ap-guangzhou`."),
        field);
  }
  return absl::OkStatus();
}

absl::Status CheckRow(const TypeRegions& row, std::size_t index) {
  const std::string at = absl::StrCat("ResourceTypesRegions.", index);
  const ResourceType* const type = Find(row.type);
  if (type == nullptr || !type->is_regional) {
    const std::string field = absl::StrCat(at, ".ResourceType");
    std::vector<absl::string_view> allowed;
    for (const ResourceType& each : kTypes) {
      if (each.is_regional) allowed.push_back(each.name);
    }
    return Refuse(ApiError::kFailedOperationCertificateHostResourceTypeInvalid,
                  absl::StrCat(field, " `", Shown(row.type), "` is no regional type; allowed: ",
                               absl::StrJoin(allowed, ", "), "."),
                  field);
  }
  return CheckRegions(row, absl::StrCat(at, ".Regions"));
}

}  // namespace

bool IsResourceType(ResourceUse use, absl::string_view type) {
  const ResourceType* const found = Find(type);
  return found != nullptr && IsFor(*found, use);
}

std::vector<std::string> ResourceTypes(ResourceUse use) {
  std::vector<std::string> names;
  for (const ResourceType& type : kTypes) {
    if (IsFor(type, use)) names.emplace_back(type.name);
  }
  return names;
}

std::string ResourceTypeNames(ResourceUse use) { return absl::StrJoin(ResourceTypes(use), ", "); }

absl::Status CheckResourceType(ResourceUse use, absl::string_view type, absl::string_view field) {
  if (IsResourceType(use, type)) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationCertificateHostResourceTypeInvalid,
                absl::StrCat(field, " `", Shown(type),
                             "` is not allowed; allowed: ", ResourceTypeNames(use), "."),
                field);
}

bool NeedsRegion(absl::string_view type) {
  const ResourceType* const found = Find(type);
  return found != nullptr && found->needs_region;
}

absl::Status CheckInstance(absl::string_view type, absl::string_view instance,
                           absl::string_view field) {
  const ResourceType& found = *Find(type);
  if (FitsFormat(found, instance)) return absl::OkStatus();
  return Refuse(ApiError::kFailedOperationCertificateDeployInstanceFormatError,
                absl::StrCat(field, " `", Shown(instance), "` is no ", type,
                             " instance; one is written ", found.format, "."),
                field);
}

absl::Status CheckTypeRegions(const std::vector<std::string>& types,
                              const std::vector<TypeRegions>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const absl::Status fault = CheckRow(regions[i], i);
    if (!fault.ok()) return fault;
  }
  for (const std::string& name : types) {
    const ResourceType* const type = Find(name);
    const bool has_row = std::any_of(regions.begin(), regions.end(),
                                     [&](const TypeRegions& row) { return row.type == name; });
    if (type == nullptr || !type->is_regional || has_row) continue;
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat("ResourceTypesRegions has no regions for ", name,
                               ", which is a regional type."),
                  "ResourceTypesRegions");
  }
  return absl::OkStatus();
}

bool Covers(const std::vector<std::string>& names, absl::string_view name) {
  const std::size_t dot = name.find('.');
  const std::string wildcard =
      dot == absl::string_view::npos ? "" : absl::StrCat("*", name.substr(dot));
  return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
    return each == name || (!wildcard.empty() && each == wildcard);
  });
}

}  // namespace certwright

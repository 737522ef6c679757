#include "server/catalogue_file.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "config/catalogue.pb.h"
#include "core/status_macros.h"
#include "server/mistakes.h"

namespace certwright {
namespace {

std::optional<Level> LevelOf(config::Product::Level level) {
  switch (level) {
    case config::Product::DV:
      return Level::kDv;
    case config::Product::OV:
      return Level::kOv;
    case config::Product::EV:
      return Level::kEv;
    default:
      return std::nullopt;
  }
}

std::optional<DomainKind> DomainsOf(config::Product::Domains domains) {
  switch (domains) {
    case config::Product::SINGLE:
      return DomainKind::kSingle;
    case config::Product::MULTI:
      return DomainKind::kMulti;
    case config::Product::WILDCARD:
      return DomainKind::kWildcard;
    case config::Product::MULTI_WILDCARD:
      return DomainKind::kMultiWildcard;
    default:
      return std::nullopt;
  }
}

CatalogueData::ProductEntry EntryOf(const config::Product& product) {
  CatalogueData::ProductEntry entry = {.number = product.number(),
                                       .brand = product.brand(),
                                       .level = LevelOf(product.level()),
                                       .domains = DomainsOf(product.domains()),
                                       .is_pro = product.pro(),
                                       .is_sm2 = product.sm2(),
                                       .is_sold = product.sold()};
  if (product.has_max_years()) entry.max_years = product.max_years();
  if (product.has_included_domains()) entry.included_domains = product.included_domains();
  if (product.has_price_cents()) entry.price.base = product.price_cents();
  if (product.has_extra_domain_cents()) {
    entry.price.each_extra_domain = product.extra_domain_cents();
  }
  if (product.has_points()) entry.points.base = product.points();
  if (product.has_extra_domain_points()) {
    entry.points.each_extra_domain = product.extra_domain_points();
  }
  return entry;
}

}  // namespace

absl::StatusOr<Catalogue> ParseCatalogue(absl::string_view text) {
  config::Catalogue file;
  RETURN_IF_ERROR(ParseText(text, file));
  CatalogueData data = {.currency = file.currency()};
  for (const config::Product& product : file.product()) data.products.push_back(EntryOf(product));
  for (const config::Package& package : file.package()) {
    data.packages.push_back(
        {.pid = package.pid(), .price_key = package.price_key(), .product = package.product()});
  }
  for (const config::PointsPackage& package : file.points_package()) {
    data.points_packages.push_back({.type = package.type(), .points = package.points()});
  }
  return Catalogue::Make(data);
}

absl::StatusOr<Catalogue> ReadCatalogueFile(const std::string& path) {
  const std::ifstream file(path);
  // A folder opens, and does not read.
  if (!file || std::filesystem::is_directory(path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read the catalogue ", path,
        "; check its path, or leave it out for the one that is built in (certwright catalogue "
        "print)"));
  }
  std::stringstream text;
  text << file.rdbuf();
  absl::StatusOr<Catalogue> catalogue = ParseCatalogue(text.str());
  if (catalogue.ok()) return catalogue;
  return absl::InvalidArgumentError(absl::StrCat(
      path, ":\n", catalogue.status().message(),
      "\nEvery member is explained in proto/config/catalogue.proto; `certwright catalogue print` "
      "shows a good file."));
}

absl::Status InstallBuiltInCatalogue() {
  ASSIGN_OR_RETURN(Catalogue catalogue, ParseCatalogue(BuiltInCatalogueText()));
  InstallCatalogue(std::move(catalogue));
  return absl::OkStatus();
}

}  // namespace certwright

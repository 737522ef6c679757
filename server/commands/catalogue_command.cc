// certwright catalogue: the paid products and their prices, to read and to check.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "core/catalogue.h"
#include "core/status_macros.h"
#include "server/catalogue_file.h"
#include "server/commands/commands.h"

namespace certwright {
namespace {

int Print() {
  const absl::string_view text = BuiltInCatalogueText();
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return is_written ? kExitOk : kExitFailed;
}

absl::Status Check(const std::string& path) {
  ASSIGN_OR_RETURN(const Catalogue catalogue, ReadCatalogueFile(path));
  const auto& products = catalogue.products();
  const auto sold = std::count_if(products.begin(), products.end(),
                                  [](const Product& product) { return product.is_sold; });
  std::printf(
      "%s is good: %zu products, %lld of them sold, %zu packages and %zu points packages; prices "
      "in "
      "%s\n",
      path.c_str(), products.size(), static_cast<long long>(sold), catalogue.packages().size(),
      catalogue.points_packages().size(), catalogue.currency().c_str());
  return absl::OkStatus();
}

}  // namespace

void AddCatalogue(CLI::App& app, CommandContext& context) {
  CLI::App* catalogue =
      app.add_subcommand("catalogue", "Show and check what is sold, and for how much");
  RequireSubcommand(*catalogue);
  catalogue->footer(
      "To sell other products, or at other prices:\n"
      "  certwright catalogue print > my.txtpb      then change it\n"
      "  certwright catalogue check my.txtpb\n"
      "  certwright serve --catalogue my.txtpb\n"
      "docs/catalogue.md says more.");
  catalogue
      ->add_subcommand("print", "Print the catalogue that is built in, with comments, as a file")
      ->footer("Exit code 0, or 1 if it cannot be written.")
      ->callback([&context] { context.chosen = Print; });
  CLI::App* check = catalogue->add_subcommand("check", "Tell every mistake in a catalogue");
  const auto path = std::make_shared<std::string>();
  check->add_option("FILE", *path, "The catalogue; proto/config/catalogue.proto is its manual")
      ->required();
  check->footer(
      "Exit code 0 if the file is good, 2 if not. `serve --catalogue FILE` also wants every "
      "product\n"
      "that certificates in its data folder have.");
  check->callback([path, &context] { context.chosen = [path] { return ExitWith(Check(*path)); }; });
}

}  // namespace certwright

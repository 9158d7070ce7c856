#include <cstdlib>
#include <exception>
#include <iostream>

#include "cli/command.h"
#include "cli/messages.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  qy::fill_catalogue(qy::Catalogue::global());
  qy::Catalogue::global().add(qy::cli::cli_messages());
  const char* language = std::getenv("QY_LANG");
  try {
    return qy::cli::run({argv + 1, argv + argc},
                        {std::cin, std::cout, std::cerr,
                         language && std::string_view(language) == "en" ? qy::Language::en : qy::Language::zh});
  } catch (const std::exception& broken) {
    std::cerr << "qingyuan: " << broken.what() << '\n';
    return 6;
  }
}

// Prints the header for a vector of clients/vectors.json: the arguments are its members in order.
#include <iostream>

#include "signing.h"

int main(int, char** vector) {
  std::string message;
  for (const char* hex = vector[5]; *hex != '\0'; hex += 2) {
    message += static_cast<char>(std::stoi(std::string(hex, 2), nullptr, 16));
  }
  std::cout << certwright_client::Authorization({vector[1], vector[2]}, vector[3], vector[4],
                                                message, std::stoll(vector[6]))
            << '\n';
}

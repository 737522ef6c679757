#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#ifdef __SANITIZE_ADDRESS__
// c-ares, which gRPC asks for names, does not give everything back at the end.
// NOLINTNEXTLINE(bugprone-reserved-identifier): LeakSanitizer looks for this name
extern "C" const char* __lsan_default_suppressions() { return "leak:libcares\n"; }
#endif

// Early return for absl::Status and absl::StatusOr.
#ifndef CERTWRIGHT_CORE_STATUS_MACROS_H_
#define CERTWRIGHT_CORE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expression)                                        \
  do {                                                                     \
    if (absl::Status certwright_status = (expression); !certwright_status.ok()) \
      return certwright_status;                                            \
  } while (false)

#define CERTWRIGHT_CONCAT_INNER(a, b) a##b
#define CERTWRIGHT_CONCAT(a, b) CERTWRIGHT_CONCAT_INNER(a, b)

// ASSIGN_OR_RETURN(const Order order, orders.Apply(application));
#define ASSIGN_OR_RETURN(declaration, expression)                               \
  CERTWRIGHT_ASSIGN_OR_RETURN(CERTWRIGHT_CONCAT(certwright_or_, __LINE__), declaration, expression)
#define CERTWRIGHT_ASSIGN_OR_RETURN(temporary, declaration, expression) \
  auto temporary = (expression);                                        \
  if (!temporary.ok()) return std::move(temporary).status();            \
  declaration = *std::move(temporary)

#endif  // CERTWRIGHT_CORE_STATUS_MACROS_H_

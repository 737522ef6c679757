// Early return for absl::Status and absl::StatusOr.
#ifndef CERTWRIGHT_CORE_STATUS_MACROS_H_
#define CERTWRIGHT_CORE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define CERTWRIGHT_CONCAT_INNER(a, b) a##b
#define CERTWRIGHT_CONCAT(a, b) CERTWRIGHT_CONCAT_INNER(a, b)

// Names come from __COUNTER__, since a lambda inside the expression may use the macros again and
// has the same __LINE__.
#define RETURN_IF_ERROR(expression) \
  CERTWRIGHT_RETURN_IF_ERROR(CERTWRIGHT_CONCAT(certwright_status_, __COUNTER__), expression)
#define CERTWRIGHT_RETURN_IF_ERROR(name, expression)               \
  do {                                                             \
    if (absl::Status name = (expression); !name.ok()) return name; \
  } while (false)

// ASSIGN_OR_RETURN(const Order order, orders.Apply(application));
#define ASSIGN_OR_RETURN(declaration, expression)                                          \
  CERTWRIGHT_ASSIGN_OR_RETURN(CERTWRIGHT_CONCAT(certwright_or_, __COUNTER__), declaration, \
                              expression)
#define CERTWRIGHT_ASSIGN_OR_RETURN(temporary, declaration, expression) \
  auto temporary = (expression);                                        \
  if (!temporary.ok()) return std::move(temporary).status();            \
  declaration = *std::move(temporary)

#endif  // CERTWRIGHT_CORE_STATUS_MACROS_H_

// 100,000 random actions over three accounts from a fixed seed, and the model of what must come of
// them: tests/core/billing_model/.
#include <catch2/catch.hpp>

#include "tests/core/billing_model/model.h"

namespace certwright {

TEST_CASE("the books agree with a model over 100,000 random actions", "[billing][model]") {
  constexpr int kActions = 100'000;
  BillingModel model;
  for (int i = 1; i <= kActions; ++i) {
    INFO("action " << i);
    model.Act();
    if (i % 1'000 == 0) model.CompareBooks();
    if (i % 25'000 == 0) model.CompareAll();
  }
  model.CheckTally();
}

}  // namespace certwright

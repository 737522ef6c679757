#include "core/certificate_life.h"

#include <catch2/catch.hpp>
#include <map>
#include <utility>

namespace certwright {
namespace {

using S = CertificateStatus;
using E = Event;

constexpr int kStatuses = 16;
constexpr int kEvents = static_cast<int>(E::kMigrated) + 1;

// The documented life, written down a second time.
const std::map<std::pair<int, E>, int> kDocumented = {
    {{0, E::kValidated}, 0},
    {{0, E::kIssued}, 1},
    {{0, E::kReviewFailed}, 2},
    {{0, E::kValidationTimedOut}, 2},
    {{0, E::kAuditCancelled}, 6},
    {{0, E::kOrderCancelled}, 6},
    {{1, E::kExpired}, 3},
    {{1, E::kRevocationRequested}, 9},
    {{1, E::kRevocationNeedsLetter}, 12},
    {{2, E::kReopened}, 5},
    {{2, E::kRefunded}, 14},
    {{4, E::kValidated}, 4},
    {{4, E::kIssued}, 1},
    {{4, E::kReviewFailed}, 2},
    {{4, E::kValidationTimedOut}, 2},
    {{4, E::kAuditCancelled}, 6},
    {{4, E::kOrderCancelled}, 6},
    {{5, E::kDataSubmitted}, 5},
    {{5, E::kCommitted}, 0},
    {{5, E::kCommittedDnsAuto}, 4},
    {{5, E::kCommittedNeedsLetter}, 8},
    {{5, E::kOrderCancelled}, 6},
    {{5, E::kRefunded}, 14},
    {{6, E::kCancellationDone}, 7},
    {{7, E::kReopened}, 5},
    {{7, E::kRefunded}, 14},
    {{8, E::kLetterUploaded}, 0},
    {{8, E::kReviewFailed}, 2},
    {{8, E::kValidationTimedOut}, 2},
    {{8, E::kAuditCancelled}, 6},
    {{8, E::kOrderCancelled}, 6},
    {{9, E::kRevoked}, 10},
    {{9, E::kRevocationTimedOut}, 1},
    {{11, E::kReissueOpened}, 0},
    {{11, E::kReissueOpenedDnsAuto}, 4},
    {{11, E::kIssued}, 1},
    {{12, E::kRevocationLetterUploaded}, 9},
    {{13, E::kCommitted}, 0},
    {{13, E::kCommittedDnsAuto}, 4},
    {{13, E::kOrderCancelled}, 6},
    {{15, E::kMigrated}, 1},
};

}  // namespace

TEST_CASE("every status and event lead where the documentation says, or nowhere", "[life]") {
  for (int status = 0; status < kStatuses; ++status) {
    for (int event = 0; event < kEvents; ++event) {
      CAPTURE(status, event);
      const auto next = Next(static_cast<S>(status), static_cast<E>(event));
      const auto documented = kDocumented.find({status, static_cast<E>(event)});
      if (documented == kDocumented.end()) {
        CHECK_FALSE(next.has_value());
      } else {
        REQUIRE(next.has_value());
        CHECK(static_cast<int>(*next) == documented->second);
      }
    }
  }
}

TEST_CASE("what is over can be deleted, and nothing else", "[life]") {
  for (int status = 0; status < kStatuses; ++status) {
    CAPTURE(status);
    const bool is_over = status == 2 || status == 3 || status == 7 || status == 10 || status == 14;
    CHECK(IsDeletable(static_cast<S>(status)) == is_over);
  }
}

TEST_CASE("probes mean something while validation is outstanding", "[life]") {
  for (int status = 0; status < kStatuses; ++status) {
    CAPTURE(status);
    CHECK(IsOpenForValidation(static_cast<S>(status)) == (status == 0 || status == 4));
  }
}

}  // namespace certwright

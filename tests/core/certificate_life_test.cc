#include "core/certificate_life.h"

#include <catch2/catch.hpp>
#include <map>
#include <utility>

namespace certwright {
namespace {

using S = CertificateStatus;
using E = Event;
using Life = std::map<std::pair<int, E>, int>;

constexpr int kStatuses = 16;
constexpr int kEvents = static_cast<int>(E::kOriginalRevoked) + 1;
constexpr Origin kOrigins[] = {Origin::kFree, Origin::kPaid, Origin::kUpload};

// The documented life, written down a second time: a table an origin, as the documentation has it.
const Life kFreeLife = {
    {{0, E::kValidated}, 0},
    {{0, E::kIssued}, 1},
    {{0, E::kReviewFailed}, 2},
    {{0, E::kValidationTimedOut}, 2},
    {{0, E::kAuditCancelled}, 6},
    {{0, E::kOrderCancelled}, 6},
    {{0, E::kOriginalRevoked}, 7},
    {{1, E::kExpired}, 3},
    {{1, E::kOriginalRevoked}, 10},
    {{1, E::kRevocationRequested}, 9},
    {{4, E::kValidated}, 4},
    {{4, E::kIssued}, 1},
    {{4, E::kReviewFailed}, 2},
    {{4, E::kValidationTimedOut}, 2},
    {{4, E::kAuditCancelled}, 6},
    {{4, E::kOrderCancelled}, 6},
    {{4, E::kOriginalRevoked}, 7},
    {{6, E::kCancellationDone}, 7},
    {{9, E::kRevoked}, 10},
    {{9, E::kRevocationTimedOut}, 1},
    {{9, E::kRevocationRefused}, 1},
    {{9, E::kOriginalRevoked}, 10},
    {{11, E::kReissueOpened}, 0},
    {{11, E::kReissueOpenedDnsAuto}, 4},
    {{11, E::kIssued}, 1},
    {{11, E::kReviewFailed}, 2},
    {{11, E::kValidationTimedOut}, 2},
    {{11, E::kOriginalRevoked}, 7},
    {{13, E::kOrderCancelled}, 6},
};

const Life kPaidLife = {
    {{0, E::kLetterRequested}, 8},
    {{0, E::kReviewPassed}, 0},
    {{0, E::kValidated}, 0},
    {{0, E::kIssued}, 1},
    {{0, E::kReviewFailed}, 2},
    {{0, E::kValidationTimedOut}, 2},
    {{0, E::kAuditCancelled}, 6},
    {{0, E::kOrderCancelled}, 6},
    {{0, E::kOriginalRevoked}, 7},
    {{1, E::kExpired}, 3},
    {{1, E::kOriginalRevoked}, 10},
    {{1, E::kRevocationRequested}, 9},
    {{1, E::kRevocationNeedsLetter}, 12},
    {{2, E::kReopened}, 5},
    {{2, E::kRefunded}, 14},
    {{4, E::kReviewPassed}, 4},
    {{4, E::kValidated}, 4},
    {{4, E::kIssued}, 1},
    {{4, E::kReviewFailed}, 2},
    {{4, E::kValidationTimedOut}, 2},
    {{4, E::kAuditCancelled}, 6},
    {{4, E::kOrderCancelled}, 6},
    {{4, E::kOriginalRevoked}, 7},
    {{5, E::kDataSubmitted}, 5},
    {{5, E::kCommitted}, 0},
    {{5, E::kCommittedDnsAuto}, 4},
    {{5, E::kCommittedNeedsLetter}, 8},
    {{5, E::kOrderCancelled}, 6},
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
    {{9, E::kRevocationRefused}, 1},
    {{9, E::kOriginalRevoked}, 10},
    {{11, E::kReissueOpened}, 0},
    {{11, E::kReissueOpenedDnsAuto}, 4},
    {{11, E::kIssued}, 1},
    {{11, E::kReviewFailed}, 2},
    {{11, E::kValidationTimedOut}, 2},
    {{11, E::kOriginalRevoked}, 7},
    {{12, E::kRevocationLetterUploaded}, 9},
    {{12, E::kOriginalRevoked}, 10},
};

const Life kUploadLife = {{{1, E::kExpired}, 3}};

const Life& LifeOf(Origin origin) {
  return origin == Origin::kFree ? kFreeLife : origin == Origin::kPaid ? kPaidLife : kUploadLife;
}

Certificate RowOf(Origin origin, int status) {
  Certificate row = {.status = static_cast<S>(status)};
  row.is_upload = origin == Origin::kUpload;
  if (origin == Origin::kFree) row.package_type = 83;
  if (origin == Origin::kPaid) row.package_type = 3;
  return row;
}

}  // namespace

TEST_CASE("every origin, status and event lead where the documentation says, or nowhere",
          "[life]") {
  for (const Origin origin : kOrigins) {
    for (int status = 0; status < kStatuses; ++status) {
      for (int event = 0; event < kEvents; ++event) {
        CAPTURE(static_cast<int>(origin), status, event);
        const E happened = static_cast<E>(event);
        const auto next = Next(origin, static_cast<S>(status), happened);
        const auto documented = LifeOf(origin).find({status, happened});
        const int expected = documented == LifeOf(origin).end() ? -1 : documented->second;
        CHECK((next ? static_cast<int>(*next) : -1) == expected);
        CHECK(Next(RowOf(origin, status), happened) == next);
      }
    }
  }
}

TEST_CASE("an origin follows from the row: uploads, the free products, and all others", "[life]") {
  const auto [is_upload, package_type, expected] =
      GENERATE(table<bool, std::optional<int>, Origin>({{true, std::nullopt, Origin::kUpload},
                                                        {false, 83, Origin::kFree},
                                                        {false, 2, Origin::kFree},
                                                        {false, 3, Origin::kPaid},
                                                        {false, 105, Origin::kPaid}}));
  Certificate row;
  row.is_upload = is_upload;
  row.package_type = package_type;
  CHECK(OriginOf(row) == expected);
}

TEST_CASE("what is over can be deleted, and nothing else", "[life]") {
  for (int status = 0; status < kStatuses; ++status) {
    CAPTURE(status);
    const bool is_over = status == 2 || status == 3 || status == 7 || status == 10 || status == 14;
    CHECK(IsDeletable(static_cast<S>(status)) == is_over);
  }
}

TEST_CASE("probes mean something while the validation of an order is outstanding", "[life]") {
  for (const Origin origin : kOrigins) {
    for (int status = 0; status < kStatuses; ++status) {
      CAPTURE(static_cast<int>(origin), status);
      const bool is_open = origin != Origin::kUpload && (status == 0 || status == 4);
      CHECK(IsOpenForValidation(RowOf(origin, status)) == is_open);
      CHECK(IsRevoking(RowOf(origin, status)) == (origin != Origin::kUpload && status == 9));
      CHECK(IsOpenOrder(RowOf(origin, status)) ==
            (is_open || (origin != Origin::kUpload && status == 11)));
    }
  }
}

}  // namespace certwright

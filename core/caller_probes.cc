#include "core/caller_probes.h"

namespace certwright {

std::optional<CallerProbes::Seat> CallerProbes::TakeSeat(AccountId account) {
  absl::MutexLock lock(&mutex_);
  const auto found = taken_by_.find(account);
  const int by_account = found == taken_by_.end() ? 0 : found->second;
  if (taken_ >= limits_.in_all || by_account >= limits_.per_account) return std::nullopt;
  ++taken_;
  taken_by_[account] = by_account + 1;
  return Seat(this, account);
}

void CallerProbes::Leave(AccountId account) {
  absl::MutexLock lock(&mutex_);
  --taken_;
  const auto found = taken_by_.find(account);
  // Accounts without a seat are forgotten: the map stays as small as the limit.
  if (--found->second == 0) taken_by_.erase(found);
}

CallerProbes::Result CallerProbes::Share(AccountId account, const CertificateId& id,
                                         const std::function<Result()>& probe) {
  const Key key = {account, id};
  auto flight = std::make_shared<Flight>();
  {
    absl::MutexLock lock(&mutex_);
    const auto [place, is_first] = flights_.emplace(key, flight);
    if (!is_first) {
      flight = place->second;
      const auto has_landed = [](Flight* one) { return one->result.has_value(); };
      ++sharers_;
      mutex_.Await(absl::Condition(+has_landed, flight.get()));
      --sharers_;
      return *flight->result;
    }
  }
  Result result = probe();
  absl::MutexLock lock(&mutex_);
  flights_.erase(key);
  flight->result = result;
  return result;
}

int CallerProbes::sharers() const {
  absl::MutexLock lock(&mutex_);
  return sharers_;
}

}  // namespace certwright

#include "core/caller_probes.h"

namespace certwright {

std::optional<CallerProbes::Seat> CallerProbes::TakeSeat(AccountId account) {
  absl::MutexLock lock(&mutex_);
  if (!HasRoom(account) && !AwaitRoom(account)) return std::nullopt;
  ++taken_;
  ++taken_by_[account];
  return Seat(this, account);
}

bool CallerProbes::HasRoom(AccountId account) const {
  const auto found = taken_by_.find(account);
  const int by_account = found == taken_by_.end() ? 0 : found->second;
  return taken_ < limits_.in_all && by_account < limits_.per_account;
}

bool CallerProbes::AwaitRoom(AccountId account) {
  if (waiting_ >= limits_.waiting_in_all) return false;
  int& by_account = waiting_by_[account];
  bool has_room = false;
  if (by_account < limits_.waiting_per_account) {
    ++waiting_;
    ++by_account;
    const auto is_free = [this, account]()
                             ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return HasRoom(account); };
    has_room = mutex_.AwaitWithTimeout(absl::Condition(&is_free), limits_.patience);
    --waiting_;
    --by_account;
  }
  if (by_account == 0) waiting_by_.erase(account);
  return has_room;
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

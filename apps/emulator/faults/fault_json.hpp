#pragma once
#include <cstdint>

#include "emulator/base/members.hpp"
#include "emulator/faults/fault.hpp"

namespace tongs::emulator {

struct FaultWish {
  FaultMatch match;
  FaultAction action;
  std::int64_t count = 1;
};

/// `{"match":{…},"count":N,"action":{…}}`. An action that its target cannot have is a problem.
FaultWish read_fault(Members& members);
/// What was asked, and how much of it has happened.
json::object to_json(const Fault& fault);

/// All of them, and how far each has come, to be read by `read_faults`.
json::object to_json(const FaultBook& faults);
void read_faults(Members& members, FaultBook& faults);

}  // namespace tongs::emulator

#include "emulator/admin/fault_admin.hpp"

#include <utility>

#include "emulator/faults/fault_json.hpp"

namespace tongs::emulator {

namespace {

HttpResponse no_such_fault() { return problem_answer(404, "not-found", "there is no such fault"); }

}  // namespace

AdminStep post_fault(AdminCall& call) {
  Problem problem;
  Members members(call.body, "", problem);
  FaultWish wish = read_fault(members);
  members.finish();
  if (problem) return problem_answer(400, problem);
  const Fault& fault =
      call.world.faults.add(std::move(wish.match), std::move(wish.action), wish.count, std::move(call.body));
  return json_answer(201, to_json(fault));
}

AdminStep list_faults(AdminCall& call) {
  json::array all;
  for (const auto& fault : call.world.faults.all()) all.push_back(to_json(fault));
  return json_answer(200, {{"faults", std::move(all)}});
}

AdminStep get_fault(AdminCall& call) {
  const Fault* fault = call.world.faults.find(call.parameters.at("id"));
  return fault == nullptr ? no_such_fault() : json_answer(200, to_json(*fault));
}

AdminStep delete_fault(AdminCall& call) {
  if (!call.world.faults.remove(call.parameters.at("id"))) return no_such_fault();
  return HttpResponse{204, {}, {}};
}

AdminStep delete_faults(AdminCall& call) {
  call.world.faults.clear();
  return HttpResponse{204, {}, {}};
}

}  // namespace tongs::emulator

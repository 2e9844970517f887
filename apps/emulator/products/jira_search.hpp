#pragma once
#include "emulator/products/operation.hpp"

namespace tongs::emulator {

HttpResponse search_issues(ProductCall& call);
HttpResponse search_issues_by_post(ProductCall& call);

}  // namespace tongs::emulator

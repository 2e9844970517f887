#pragma once
#include <string_view>

// What tools/apigen makes of the catalogs in api/: one text for each API, with a line for each operation
// (`O name`) and each schema (`S key`), a tab, and JSON. Reading one costs nothing until it is read.
namespace tongs::emulator {

std::string_view contracts_of_jira_v3() noexcept;
std::string_view contracts_of_jira_v2() noexcept;
std::string_view contracts_of_jira_software() noexcept;
std::string_view contracts_of_jira_service_management() noexcept;
std::string_view contracts_of_confluence_v1() noexcept;
std::string_view contracts_of_confluence_v2() noexcept;

}  // namespace tongs::emulator

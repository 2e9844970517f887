#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace tongs {

/// The candidate that somebody who typed `word` most probably meant: the same but for upper and lower case,
/// or at most two edits away (insert, delete, replace, swap neighbours; one edit for words of up to three
/// bytes). The first of equals wins; the word itself is no suggestion. The view is the candidate's.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);
std::optional<std::string_view> nearest(std::string_view word,
                                        std::initializer_list<std::string_view> candidates);

}  // namespace tongs

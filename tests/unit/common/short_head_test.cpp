#include "common/net/short_head.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/net/parser.hpp"

namespace tongs::net {
namespace {

const std::string kToken(1700, 'x');

std::string head_with(const std::string& lines) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "Accept: b\r\n\r\n";
}

bool is_shortened(const std::string& message) {
  ShortHead head;
  return head.shorten(message);
}

/// What a parser makes of a message, in words.
std::string reading_of(std::string_view message, std::size_t first_piece) {
  RequestParser parser(MessageLimits{});
  std::size_t consumed = 0;
  for (const std::size_t end : {first_piece, message.size()}) {
    consumed += parser.feed(message.substr(consumed, end - consumed)).consumed;
    if (parser.violation()) return std::string(parser.violation()->what);
    if (parser.head_done()) break;
  }
  if (!parser.head_done()) return "not done";
  const RequestHead& head = parser.head();
  std::string text = std::to_string(consumed).append(" ").append(head.method).append(" ").append(head.target);
  text.append(" ").append(std::to_string(head.framing.content_length.value_or(0)));
  for (const Field& field : head.fields) text.append("|").append(field.name).append("=").append(field.value);
  return text;
}

TEST(ShortHead, LeavesOutTheInsideOfLongValues) {
  const std::string message = head_with("Authorization: Bearer " + kToken + "\r\nX: y\r\n") + "a body";
  ShortHead head;
  ASSERT_TRUE(head.shorten(message));
  EXPECT_LT(head.text().size(), 200U);
  EXPECT_TRUE(head.text().ends_with("x\r\nX: y\r\nAccept: b\r\n\r\n"));
  EXPECT_EQ(head.whole_size(head.text().size()), message.size() - 6);
}

TEST(ShortHead, KnowsWhatEachPartIsInTheWhole) {
  const std::string message = head_with("A: " + kToken + "\r\nB: 1\r\nC: " + kToken + "\r\nD: 2\r\n");
  ShortHead head;
  ASSERT_TRUE(head.shorten(message));
  const std::string_view text = head.text();
  const auto whole_of = [&](std::string_view part) {
    return head.whole(text.substr(text.find(part), part.size()));
  };
  EXPECT_EQ(whole_of("GET").data(), message.data());
  EXPECT_EQ(whole_of("B: 1").data() - message.data(), message.find("B: 1"));
  EXPECT_EQ(whole_of("D: 2").data() - message.data(), message.find("D: 2"));
  const std::size_t begin = text.find("A: ") + 3;
  EXPECT_EQ(head.whole(text.substr(begin, text.find("\r\nB") - begin)), kToken);
}

TEST(ShortHead, WhatMayMeanSomethingStays) {
  EXPECT_TRUE(is_shortened(head_with("A: " + kToken + "\r\n")));
  for (const char* inside : {" ", "\t", "\r", "\n", "\x7f", "\xc3\xa4"}) {
    EXPECT_FALSE(is_shortened(head_with("A: " + kToken + inside + kToken + "\r\n"))) << inside;
  }
  for (const char* name :
       {"Content-Length", "transfer_encoding", "Connection", "UPGRADE", "Host", "Expect", "TE"}) {
    EXPECT_FALSE(is_shortened(head_with(name + (": " + kToken + "\r\n")))) << name;
  }
  EXPECT_FALSE(is_shortened(head_with(kToken + "\r\n")));
  EXPECT_FALSE(is_shortened(head_with(kToken + ": a\r\n")));
  EXPECT_FALSE(is_shortened(head_with(" A: " + kToken + "\r\n")));
  EXPECT_FALSE(is_shortened(head_with("A : " + kToken + "\r\n")));
  EXPECT_FALSE(is_shortened("GET /:" + kToken + " HTTP/1.1\r\nHost: a\r\n\r\n"));
}

TEST(ShortHead, OnlyAWholeHeadIsShortened) {
  const std::string message = head_with("A: " + kToken + "\r\n");
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(is_shortened(message.substr(0, size))) << size;
  }
  EXPECT_FALSE(is_shortened(""));
  EXPECT_FALSE(is_shortened("\r\n\r\n"));
}

TEST(ShortHead, WhatDoesNotFitIsReadAsItIs) {
  std::string many, spaced = "A: ";
  for (int i = 0; i < 20; ++i) many += "A: " + kToken + "\r\n";
  for (int i = 0; i < 2000; ++i) spaced += "x ";
  EXPECT_FALSE(is_shortened(head_with(many)));
  EXPECT_FALSE(is_shortened(head_with("B: " + kToken + "\r\n" + spaced + "x\r\n")));
}

/// In two pieces it is read without being shortened.
TEST(ShortHead, AMessageIsReadAlikeWhetherItsHeadIsShortenedOrNot) {
  const std::vector<std::string> names = {
      "A", "Authorization", "Content-Length", "Connection", "Cookie", "a b", ""};
  const std::vector<std::string> pieces = {" ",    "\t", "x",   kToken, std::string(200, '0'), "1",
                                           "\r\n", "\r", "\n ", ",",    std::string(130, ' '), "\x7f"};
  std::minstd_rand random(7);
  const auto any_of = [&](const auto& texts) { return texts[random() % texts.size()]; };
  int shortened = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string lines;
    for (std::size_t line = random() % 4; line-- > 0;) {
      lines += any_of(names) + ":";
      for (std::size_t piece = random() % 4; piece-- > 0;) lines += any_of(pieces);
      lines += "\r\n";
    }
    const std::string message = head_with(lines);
    shortened += is_shortened(message) ? 1 : 0;
    EXPECT_EQ(reading_of(message, message.size()), reading_of(message, 10)) << lines;
  }
  EXPECT_GT(shortened, 200);
}

}  // namespace
}  // namespace tongs::net

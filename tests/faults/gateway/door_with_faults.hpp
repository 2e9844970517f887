#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "support/caller.hpp"
#include "support/descriptors.hpp"
#include "support/front_door.hpp"

namespace tongs::test {

/// A gateway to whose both sides things happen, and what must be true of it afterwards.
class DoorWithFaults {
 public:
  explicit DoorWithFaults(std::uint16_t backend_port, const std::string& settings = {})
      : door_(backend_port, settings) {
    Caller first(port());
    EXPECT_EQ(first.say(get("/first")).hear_answer().status(), 200);
    // An idle connection to the backend is kept from now on; this one and its other end are not.
    descriptors_ = open_descriptors() - 2;
  }

  const FrontDoor& door() const { return door_; }
  std::uint16_t port() const { return door_.port(); }
  std::string request(const std::string& start, const std::string& rest = "\r\n") const {
    return start + "\r\n" + door_.credentials() + rest;
  }
  std::string get(const std::string& target, const char* version = "1.1") const {
    return request("GET " + target + " HTTP/" + version);
  }
  std::string post(const std::string& target, const std::string& body) const {
    const std::string length = std::to_string(body.size());
    return request("POST " + target + " HTTP/1.1", "Content-Length: " + length + "\r\n\r\n" + body);
  }

  wire::Message ask(const std::string& target) const { return Caller(port()).say(get(target)).hear_answer(); }
  std::uint64_t failures() const { return door_.metric("tongs_ingress_backend_failures_total"); }

  /// It answers as ever, and has no more descriptors than before: what went wrong left nothing behind. Peers
  /// notice the end of a connection when they come to it, so this asks until it is so, or for far too long.
  /// `ours`: descriptors that the test itself still holds.
  void expect_sound(std::size_t ours = 0) const {
    const std::size_t expected = descriptors_ + ours;
    const auto far_too_late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    do {
      const auto answer = ask("/sound");
      ASSERT_EQ(answer.status(), 200) << answer.raw;
      ASSERT_EQ(answer.body, "GET /sound") << "the answer to another request";
    } while (open_descriptors() > expected && std::chrono::steady_clock::now() < far_too_late);
    EXPECT_EQ(open_descriptors(), expected) << "descriptors were left open";
  }

 private:
  FrontDoor door_;
  std::size_t descriptors_ = 0;
};

}  // namespace tongs::test

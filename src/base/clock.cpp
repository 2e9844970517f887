#include <tongs/clock.hpp>

namespace tongs {

namespace {

class SystemClock final : public Clock {
 public:
  WallTime wall_now() const noexcept override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  MonoTime mono_now() const noexcept override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const std::shared_ptr<const Clock>& Clock::system() {
  static const auto* const clock = new std::shared_ptr<const Clock>(std::make_shared<SystemClock>());
  return *clock;
}

}  // namespace tongs

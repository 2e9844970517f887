#include "common/metrics.hpp"

#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "common/process_metrics.hpp"

namespace tongs::metrics {
namespace {

TEST(Metrics, are_written_in_the_text_format_in_the_order_in_which_they_were_made) {
  Registry registry;
  registry.counter("tongs_requests_total", "Requests.", {{"verdict", "valid"}}).add(3);
  registry.counter("tongs_requests_total", "Requests.", {{"verdict", "expired"}}).add();
  registry.gauge("tongs_age_seconds", "Age of keys.").set(1.5);
  EXPECT_EQ(registry.text(),
            "# HELP tongs_requests_total Requests.\n"
            "# TYPE tongs_requests_total counter\n"
            "tongs_requests_total{verdict=\"expired\"} 1\n"
            "tongs_requests_total{verdict=\"valid\"} 3\n"
            "# HELP tongs_age_seconds Age of keys.\n"
            "# TYPE tongs_age_seconds gauge\n"
            "tongs_age_seconds 1.5\n");
}

TEST(Metrics, sort_observations_into_buckets_that_add_up) {
  Registry registry;
  Histogram& histogram = registry.histogram("t_seconds", "Time.", std::array{0.1, 1.0}, {{"hop", "a"}});
  for (const double value : {0.05, 0.1, 0.2, 1.0, 7.0}) histogram.observe(value);
  const std::string text = registry.text();
  EXPECT_NE(text.find("t_seconds_count{hop=\"a\"} 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_seconds_sum{hop=\"a\"} 8.35\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_seconds_bucket{hop=\"a\",le=\"0.1\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_seconds_bucket{hop=\"a\",le=\"1\"} 4\n"), std::string::npos) << text;
  EXPECT_NE(text.find("t_seconds_bucket{hop=\"a\",le=\"+Inf\"} 5\n"), std::string::npos) << text;
}

TEST(Metrics, give_the_same_instrument_for_the_same_name_and_labels) {
  Registry registry;
  Counter& one = registry.counter("a_total", "A.", {{"x", "1"}, {"y", "2"}});
  EXPECT_EQ(&one, &registry.counter("a_total", "A.", {{"y", "2"}, {"x", "1"}}));
  EXPECT_NE(&one, &registry.counter("a_total", "A.", {{"x", "2"}, {"y", "1"}}));
}

TEST(Metrics, escape_label_values) {
  Registry registry;
  registry.gauge("g", "G.", {{"x", "a\"b\\c\nd"}}).set(1);
  EXPECT_NE(registry.text().find(R"(g{x="a\"b\\c\nd"} 1)"), std::string::npos) << registry.text();
}

TEST(Metrics, refuse_what_prometheus_would) {
  Registry registry;
  registry.counter("a_total", "A.");
  EXPECT_THROW(registry.gauge("a_total", "A."), std::logic_error);
  EXPECT_THROW(registry.counter("a-total", "A."), std::logic_error);
  EXPECT_THROW(registry.counter("b_total", "B.", {{"x y", "1"}}), std::logic_error);
  EXPECT_THROW(registry.histogram("h", "H.", std::array{1.0, 1.0}), std::logic_error);
  EXPECT_THROW(registry.histogram("h", "H.", std::vector<double>(Histogram::kMaxBounds + 1)),
               std::logic_error);
  registry.histogram("i", "I.", std::array{1.0}, {{"x", "1"}});
  EXPECT_THROW(registry.histogram("i", "I.", std::array{2.0}, {{"x", "2"}}), std::logic_error);
}

TEST(Metrics, lose_nothing_between_more_threads_than_they_have_lines) {
  Registry registry;
  Counter& counter = registry.counter("a_total", "A.");
  Gauge& gauge = registry.gauge("g", "G.");
  Histogram& histogram = registry.histogram("h", "H.", time_bounds());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kShards + 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        counter.add();
        gauge.add(1);
        histogram.observe(0.002);
      }
      (void)registry.text();
    });
  }
  for (auto& thread : threads) thread.join();
  const auto all = (kShards + 4) * 1000;
  EXPECT_EQ(counter.value(), all);
  EXPECT_EQ(gauge.value(), static_cast<double>(all));
  EXPECT_EQ(histogram.totals().counts[4], all);
}

TEST(Metrics, measure_what_nobody_keeps_up_to_date_when_they_are_read) {
  Registry registry;
  Gauge& gauge = registry.gauge("g", "G.");
  int reads = 0;
  registry.before_reading([&] { gauge.set(++reads); });
  (void)registry.text();
  EXPECT_NE(registry.text().find("g 2\n"), std::string::npos);
}

TEST(ProcessMetrics, know_memory_and_files) {
  Registry registry;
  add_process_metrics(registry, "1.2.3");
  const std::string text = registry.text();
  EXPECT_NE(text.find("tongs_build_info{version=\"1.2.3\"} 1\n"), std::string::npos) << text;
  const auto value = [&](const std::string& name) {
    return std::stod(text.substr(text.find("\n" + name + " ") + name.size() + 2));
  };
  EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(value("process_open_fds"), 3);
  EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
}

}  // namespace
}  // namespace tongs::metrics

// Prints the tokens of tests/conformance/jws/ with our verdicts, for libraries of others to judge them too. A
// line of JSON each; the first one says by which keys and rules.

#include <exception>
#include <iostream>
#include <memory>

#include <tongs/json.hpp>
#include <tongs/jwks.hpp>

#include "json/writer.hpp"
#include "support/jws_corpus.hpp"

namespace tongs::test {
namespace {

void print_rules(const JwsCorpus& corpus) {
  JsonWriter out;
  out.open_object();
  out.name("jwks").raw(corpus.published().jwks());
  out.name("issuer").string(testing::TestFit().issuer);
  out.name("audience").string(testing::TestFit().app_id);
  out.close_object();
  std::cout << out.text() << '\n';
}

void print_case(const JwsCorpus& corpus, const std::shared_ptr<KeySource>& keys, const std::string& topic,
                JsonView test_case) {
  JsonWriter out;
  out.open_object();
  out.name("case").string(topic + ": " + std::string(*test_case["name"].string()));
  out.name("token").string(corpus.token_of(test_case));
  out.name("at").integer(JwsCorpus::time_of(test_case).time_since_epoch().count());
  for (const char* name : {"leeway", "max_age"}) {
    out.name(name).integer(JwsCorpus::seconds_of(test_case, name).count());
  }
  out.name("ours").string(corpus.verdict_on(test_case, keys));
  out.close_object();
  std::cout << out.text() << '\n';
}

void print_corpus() {
  const JwsCorpus corpus;
  const auto keys = static_keys(corpus.published().jwks()).value();
  print_rules(corpus);
  for (const auto& topic : JwsCorpus::topics()) {
    const JsonDocument document = JwsCorpus::read(topic);
    for (const JsonView test_case : document["cases"]) print_case(corpus, keys, topic.stem(), test_case);
  }
}

}  // namespace
}  // namespace tongs::test

int main() {
  try {
    tongs::test::print_corpus();
  } catch (const std::exception& failed) {
    std::cerr << "peers_corpus: " << failed.what() << '\n';
    return 1;
  }
  return 0;
}

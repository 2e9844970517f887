#include <string>
#include <string_view>

#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

namespace tongs::testing {

namespace {

/// Writes a JSON object member by member.
class Object {
 public:
  Object& raw(std::string_view name, std::string_view json) {
    if (text_.size() > 1) text_ += ',';
    text_.append(json_quote(name)).append(":").append(json);
    return *this;
  }
  Object& text(std::string_view name, std::string_view value) {
    return value.empty() ? *this : raw(name, json_quote(value));
  }
  Object& date(std::string_view name, WallTime value) {
    return raw(name, std::to_string(value.time_since_epoch().count()));
  }
  std::string done() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

std::string installation(const TestFit& fit) {
  const auto context = Object()
                           .text("name", fit.product)
                           .text("apiBaseUrl", fit.api_base_url)
                           .text("cloudId", fit.cloud_id)
                           .done();
  return Object().text("id", fit.installation_id).raw("contexts", "[" + context + "]").done();
}

std::string app(const TestFit& fit) {
  Object object;
  object.text("id", fit.app_id)
      .text("version", "16")
      .text("appVersion", "16.0.1")
      .text("installationId", fit.installation_id)
      .text("apiBaseUrl", fit.api_base_url)
      .raw("installation", installation(fit))
      .raw("environment", Object().text("type", fit.environment_type).text("id", fit.environment_id).done())
      .raw("module", Object().text("type", fit.module_type).text("key", fit.module_key).done());
  if (fit.license_active) {
    object.raw("license", Object()
                              .raw("active", *fit.license_active ? "true" : "false")
                              .raw("isActive", *fit.license_active ? "true" : "false")
                              .text("billingPeriod", "MONTHLY")
                              .text("capabilitySet", "capabilityStandard")
                              .raw("isEvaluation", "false")
                              .text("type", "commercial")
                              .raw("supportEntitlementNumber", "null")
                              .done());
  }
  return object.done();
}

std::string context(const TestFit& fit) {
  return Object()
      .text("localId", "4654fa12-4c7c-4792-95a9-6019edb27953")
      .text("cloudId", fit.cloud_id)
      .text("moduleKey", fit.module_key)
      .text("siteUrl", "https://example.atlassian.net")
      .raw("extension", R"({"type":"macro"})")
      .done();
}

}  // namespace

std::string TestFit::json() const {
  return Object()
      .raw("app", app(*this))
      .raw("context", context(*this))
      .text("principal", account_id)
      .text("icLabel", ic_label)
      .text("aud", app_id)
      .text("iss", issuer)
      .date("iat", issued_at)
      .date("nbf", issued_at)
      .date("exp", issued_at + life)
      .text("jti", jti)
      .done();
}

}  // namespace tongs::testing

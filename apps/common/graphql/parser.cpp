#include "common/graphql/parser.hpp"

#include <optional>
#include <utility>

#include "common/graphql/lexer.hpp"

namespace tongs::graphql {

namespace {

/// Recursive descent over the grammar of spec section 2. The first error is kept; from then on the current
/// token is the end of the document, at which every loop and every rule ends by itself.
class Parser {
 public:
  Parser(std::string_view text, const Limits& limits) : lexer_(text), limits_(limits) {
    if (text.size() > limits.max_bytes) {
      fail("the document is too large");
    } else {
      advance();
    }
  }

  std::variant<Document, SyntaxError> document() {
    Document document;
    if (at_end()) fail("the document is empty");
    while (!at_end()) definition(document);
    return finish(std::move(document));
  }

  std::variant<Type, SyntaxError> lone_type() {
    Type whole = type();
    if (!at_end()) fail("expected the end of the type");
    return finish(std::move(whole));
  }

 private:
  /// Counts how deep the rules are inside one another; beyond the limit the document has failed.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > parser_.limits_.max_depth) parser_.fail("the document is nested too deep");
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  template <class T>
  std::variant<T, SyntaxError> finish(T&& whole) {
    if (error_) return std::move(*error_);
    return std::forward<T>(whole);
  }

  void fail(std::string message) {
    if (!error_) error_ = SyntaxError{std::move(message), current_.at};
    current_ = Token{TokenKind::end_of_document, {}, current_.at};
  }

  void advance() {
    if (error_) return;
    current_ = lexer_.next();
    if (current_.kind == TokenKind::invalid) return fail(std::move(current_.text));
    if (++tokens_ > limits_.max_tokens) fail("the document has too many tokens");
  }

  bool at_end() const noexcept { return current_.kind == TokenKind::end_of_document; }
  bool at(std::string_view punctuator) const noexcept {
    return current_.kind == TokenKind::punctuator && current_.text == punctuator;
  }
  bool at_keyword(std::string_view word) const noexcept {
    return current_.kind == TokenKind::name && current_.text == word;
  }

  bool skip(std::string_view punctuator) {
    if (!at(punctuator)) return false;
    advance();
    return true;
  }

  void expect(std::string_view punctuator) {
    if (!skip(punctuator)) fail("expected " + std::string(punctuator));
  }

  std::string name(std::string_view what) {
    if (current_.kind != TokenKind::name) {
      fail("expected " + std::string(what));
      return {};
    }
    std::string text = std::move(current_.text);
    advance();
    return text;
  }

  /// `open item item … close`, with at least one item.
  template <class Item>
  auto list(std::string_view open, std::string_view close, Item item) {
    std::vector<decltype(item())> items;
    expect(open);
    do {
      items.push_back(item());
    } while (!at(close) && !at_end());
    expect(close);
    return items;
  }

  void definition(Document& document) {
    if (at("{") || at_keyword("query") || at_keyword("mutation") || at_keyword("subscription")) {
      document.operations.push_back(operation());
    } else if (at_keyword("fragment")) {
      document.fragments.push_back(fragment());
    } else {
      fail("expected query, mutation, subscription, fragment or {");
    }
  }

  Operation operation() {
    Operation made;
    made.at = current_.at;
    if (!at("{")) {
      if (at_keyword("mutation")) made.kind = OperationKind::mutation;
      if (at_keyword("subscription")) made.kind = OperationKind::subscription;
      advance();
      if (current_.kind == TokenKind::name) made.name = name("a name");
      if (at("(")) made.variables = list("(", ")", [this] { return variable_definition(); });
      made.directives = directives(true);
    }
    made.selections = selection_set();
    return made;
  }

  VariableDefinition variable_definition() {
    VariableDefinition made;
    made.at = current_.at;
    expect("$");
    made.name = name("the name of a variable");
    expect(":");
    made.type = type();
    if (skip("=")) made.default_value = value(true);
    made.directives = directives(true);
    return made;
  }

  Type type() {
    const Nesting nesting(*this);
    Type made;
    made.at = current_.at;
    if (skip("[")) {
      made.element.push_back(type());
      expect("]");
    } else {
      made.name = name("the name of a type");
    }
    made.non_null = skip("!");
    return made;
  }

  Fragment fragment() {
    Fragment made;
    made.at = current_.at;
    advance();
    if (at_keyword("on")) fail("a fragment cannot be named on");
    made.name = name("the name of the fragment");
    if (!at_keyword("on")) fail("expected on and the type of the fragment");
    advance();
    made.type_condition = name("the type of the fragment");
    made.directives = directives(false);
    made.selections = selection_set();
    return made;
  }

  std::vector<Selection> selection_set() {
    const Nesting nesting(*this);
    return list("{", "}", [this] { return selection(); });
  }

  Selection selection() {
    Selection made;
    made.at = current_.at;
    if (!skip("...")) {
      made.data = field();
    } else if (current_.kind == TokenKind::name && !at_keyword("on")) {
      FragmentSpread spread;
      spread.name = name("the name of a fragment");
      spread.directives = directives(false);
      made.data = std::move(spread);
    } else {
      made.data = inline_fragment();
    }
    return made;
  }

  InlineFragment inline_fragment() {
    InlineFragment made;
    if (at_keyword("on")) {
      advance();
      made.type_condition = name("the type of the fragment");
    }
    made.directives = directives(false);
    made.selections = selection_set();
    return made;
  }

  Field field() {
    Field made;
    made.name = name("a field, a fragment or }");
    if (skip(":")) {
      made.alias = std::exchange(made.name, name("the field that the alias stands for"));
    }
    made.arguments = arguments(false);
    made.directives = directives(false);
    if (at("{")) made.selections = selection_set();
    return made;
  }

  std::vector<Argument> arguments(bool constant) {
    if (!at("(")) return {};
    return list("(", ")", [&] {
      Argument made;
      made.at = current_.at;
      made.name = name("the name of an argument");
      expect(":");
      made.value = value(constant);
      return made;
    });
  }

  std::vector<Directive> directives(bool constant) {
    std::vector<Directive> made;
    while (at("@")) {
      Directive directive;
      directive.at = current_.at;
      advance();
      directive.name = name("the name of a directive");
      directive.arguments = arguments(constant);
      made.push_back(std::move(directive));
    }
    return made;
  }

  /// `constant`: a place where no variable may stand.
  Value value(bool constant) {
    const Nesting nesting(*this);
    Value made;
    made.at = current_.at;
    if (at("[")) {
      made.data = list_value(constant);
    } else if (at("{")) {
      made.data = object_value(constant);
    } else if (at("$")) {
      if (constant) fail("a variable cannot stand here");
      advance();
      made.data = Variable{name("the name of a variable")};
    } else {
      made.data = scalar();
    }
    return made;
  }

  ListValue list_value(bool constant) {
    ListValue made;
    advance();
    while (!at("]") && !at_end()) made.items.push_back(value(constant));
    expect("]");
    return made;
  }

  ObjectValue object_value(bool constant) {
    ObjectValue made;
    advance();
    while (!at("}") && !at_end()) {
      ObjectField entry;
      entry.at = current_.at;
      entry.name = name("the name of an input field or }");
      expect(":");
      entry.value = value(constant);
      made.fields.push_back(std::move(entry));
    }
    expect("}");
    return made;
  }

  decltype(Value::data) scalar() {
    decltype(Value::data) made;
    switch (current_.kind) {
      case TokenKind::integer:
        made = IntValue{std::move(current_.text)};
        break;
      case TokenKind::real:
        made = FloatValue{std::move(current_.text)};
        break;
      case TokenKind::string:
        made = StringValue{std::move(current_.text)};
        break;
      case TokenKind::name:
        if (current_.text == "null") {
          made = NullValue{};
        } else if (current_.text == "true" || current_.text == "false") {
          made = current_.text == "true";
        } else {
          made = EnumValue{std::move(current_.text)};
        }
        break;
      default:
        fail("expected a value");
    }
    advance();
    return made;
  }

  Lexer lexer_;
  Limits limits_;
  Token current_;
  std::size_t tokens_ = 0;
  std::size_t depth_ = 0;
  std::optional<SyntaxError> error_;
};

}  // namespace

std::variant<Document, SyntaxError> parse(std::string_view text, const Limits& limits) {
  return Parser(text, limits).document();
}

std::variant<Type, SyntaxError> parse_type(std::string_view text) { return Parser(text, {}).lone_type(); }

}  // namespace tongs::graphql

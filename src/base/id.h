#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/result.h"

namespace qy {

/// Where random bytes come from; an argument like the clock, so that tests own it.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
  std::uint64_t next();
  /// Uniform in [0, bound).
  std::uint64_t below(std::uint64_t bound);
};

/// Deterministic random bytes from a seed (demonstration, tests). Not for secrets.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t state_;
};

/// A new UUIDv7 (RFC 9562) as 36 characters; ids made later sort later.
std::string new_uuid(Instant now, Random& random);

/// True for 36 lower-case characters in UUID form.
bool is_uuid(std::string_view text);

/// A typed UUIDv7: EnterpriseId and AuditId do not mix. Empty when default-constructed.
///
///   using AuditId = Id<struct AuditTag>;
template <class Tag>
class Id {
 public:
  Id() = default;
  /// Errors: id.format (not_found kind: a malformed id names nothing).
  static Result<Id> parse(std::string_view text) {
    if (!is_uuid(text)) return Error{ErrorKind::not_found, "id.format", {{"id", std::string(text.substr(0, 60))}}};
    return Id(std::string(text));
  }
  static Id make(Instant now, Random& random) { return Id(new_uuid(now, random)); }
  /// For ids read from our own database.
  static Id trusted(std::string text) { return Id(std::move(text)); }

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace qy

template <class Tag>
struct std::hash<qy::Id<Tag>> {
  std::size_t operator()(const qy::Id<Tag>& id) const { return std::hash<std::string>{}(id.str()); }
};

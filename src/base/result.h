#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>
#include <vector>

namespace qy {

/// What kind of failure this is. Decides the HTTP status and the CLI exit code, nothing else.
enum class ErrorKind {
  malformed,        ///< the request itself cannot be read (400, exit 2)
  invalid,          ///< read, but values are wrong (422, exit 2)
  unauthenticated,  ///< nobody is logged in (401, exit 3)
  forbidden,        ///< this person may not (403, exit 3)
  not_found,        ///< (404, exit 4)
  conflict,         ///< the state of things does not allow it (409, exit 5)
  stale,            ///< somebody changed it meanwhile (412, exit 5)
  no_precondition,  ///< If-Match missing (428, exit 2)
  too_many,         ///< rate or size limit (429 or 413, exit 6)
  unavailable       ///< a needed service is missing (503, exit 6)
};

/// Named values that the catalogue's sentence for a code needs: {{"limit", "18"}}.
using Params = std::vector<std::pair<std::string, std::string>>;

/// One wrong field of an input.
struct FieldError {
  std::string pointer;  ///< JSON pointer as a URI fragment ("#/rows/3/name") or a cell ("Sheet1!B7")
  std::string code;     ///< stable and dotted; the catalogue holds its sentences
  Params params = {};

  bool operator==(const FieldError&) const = default;
};

/// Why an operation did not produce its value, in terms the caller can act on.
struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string code;    ///< stable and dotted: "option.stale"; part of the public API
  Params params = {};  ///< what the catalogue's zh and en sentences for `code` need
  std::vector<FieldError> fields = {};
};

/// Asking a failed Result for its value is a bug of ours.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// The value of an operation, or why there is none. Ignoring one is a compile-time warning.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

}  // namespace qy

#define QY_CONCAT_INNER(a, b) a##b
#define QY_CONCAT(a, b) QY_CONCAT_INNER(a, b)

/// QY_TRY(auto x, f()); binds the value of f() or returns its error.
#define QY_TRY(declaration, ...)                                                        \
  auto QY_CONCAT(qy_result_, __LINE__) = (__VA_ARGS__);                                 \
  if (!QY_CONCAT(qy_result_, __LINE__)) return QY_CONCAT(qy_result_, __LINE__).error(); \
  declaration = std::move(*QY_CONCAT(qy_result_, __LINE__))

/// QY_CHECK(f()); returns the error of f(), if there is one.
#define QY_CHECK(...)                                     \
  do {                                                    \
    auto qy_check_result = (__VA_ARGS__);                 \
    if (!qy_check_result) return qy_check_result.error(); \
  } while (false)

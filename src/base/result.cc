#include "base/result.h"

#include <stdexcept>

namespace qy {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                         ": value asked of a failed result: " + error.code);
}

}  // namespace qy

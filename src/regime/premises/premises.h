#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/date.h"
#include "base/id.h"
#include "crypto/crypto.h"
#include "db/database.h"
#include "rules/library.h"

namespace qy {

/// What a command works with: the database, the rules, the clock, randomness and where blobs lie. One per process, made
/// by `main/`; tests make their own with a fixed clock and a seeded random.
struct Premises {
  std::shared_ptr<db::Database> database;
  std::shared_ptr<const rules::Library> rules;
  std::function<Instant()> clock;  ///< the only source of "now"
  Random* random = nullptr;
  std::string blob_directory;
  std::string public_address;  ///< "http://localhost:8080", printed in QR codes
  std::string check_key;       ///< secret for HMAC check values on papers
  std::string converter;       ///< LibreOffice binary, "" when PDF is not offered
  std::shared_ptr<crypto::Signer> signer;
  int compute_seconds = 30;  ///< time limit of a computation inside one request
  int compute_at_once = 2;   ///< such computations at a time

  Instant now() const { return clock(); }
  Date today() const { return clock().shanghai_date(); }
};

}  // namespace qy

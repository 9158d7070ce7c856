#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/http.h"

namespace qy::http {

/// The built web app. Only files found below the root when it was opened are ever served, by their exact path: what is
/// not in the table does not exist, however a request spells it.
class StaticFiles {
 public:
  /// An empty root, or one that is not there, serves nothing.
  explicit StaticFiles(const std::string& root);

  /// The answer to GET or HEAD of `request.path`; nothing when no such file exists. A path without a file extension
  /// answers index.html, so that the app's own addresses can be opened directly. Names with a content hash
  /// (…-Bx3kQz9a.js) are immutable; everything else is revalidated by its ETag.
  std::optional<Response> answer(const Request& request);

  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string location;
    std::once_flag loaded;
    std::string bytes, zipped, etag;
  };
  void load(File& file);

  std::map<std::string, std::unique_ptr<File>, std::less<>> files_;  // by request path
};

}  // namespace qy::http

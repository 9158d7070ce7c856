#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy::document {

/// LibreOffice's program on this machine ("soffice", "libreoffice" on PATH), or "" when there is none.
std::string find_converter();

/// Turns a .docx (or .xlsx, by `extension`) into PDF with LibreOffice in a private profile, killed after `seconds`.
/// Takes seconds: call it outside transactions. One at a time per process; others wait.
/// Errors: pdf.unavailable when `converter` is empty or not a program; pdf.failed {detail}; pdf.timeout {seconds}.
Result<std::string> to_pdf(std::string_view document, std::string_view converter, std::string_view extension = "docx",
                           int seconds = 90);

/// Pages on which the bookmarks of a .docx stand, counted from 1. Errors as `to_pdf`; pdf.unavailable also without
/// pdfinfo (poppler).
Result<std::map<std::string, int>> bookmark_pages(std::string_view docx, std::string_view converter, int seconds = 90);

}  // namespace qy::document

#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "codec/compute.h"

/// What tests of the documents share: the packs that ship, the published cases, and asking.
namespace qy::codec {

inline const rules::Library& packs() {
  static const auto loaded = rules::Library::load(QY_SOURCE_DIR "/packs");
  if (!loaded.library)
    for (const auto& problem : loaded.problems)
      ADD_FAILURE() << problem.file << ":" << problem.line << " " << problem.code;
  return *loaded.library;
}

inline json::Value read(std::string_view text) {
  const auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::Value();
}

inline json::Value case_file(const std::string& name) {
  std::ifstream file(QY_SOURCE_DIR "/tests/cases/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return read(text.str());
}

inline json::Object answer_of(std::string_view name, const json::Value& input) {
  const auto answer = compute(packs(), name, input);
  EXPECT_TRUE(answer) << json::dump(input);
  if (!answer)
    for (const auto& field : answer.error().fields) ADD_FAILURE() << field.pointer << " " << field.code;
  return answer ? answer->as_object() : json::Object();
}

inline std::vector<std::string> complaints(std::string_view name, std::string_view input) {
  const auto answer = compute(packs(), name, read(input));
  std::vector<std::string> out;
  if (!answer)
    for (const auto& field : answer.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

inline std::string text_of(const json::Value& value) { return std::string(value.as_string()); }

inline double number_of(const json::Value& value) { return json::decimal_of(value)->to_double(); }

}  // namespace qy::codec

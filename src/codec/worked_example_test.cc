// Every worked example of docs/compute is asked and answers what its page says.
#include <gtest/gtest.h>

#include "codec/testing.h"

namespace qy::codec {
namespace {

/// Every value of `part` is in `whole`; lists agree element by element.
void expect_part(const json::Value& part, const json::Value& whole, const std::string& at) {
  if (const auto* object = part.if_object()) {
    ASSERT_TRUE(whole.is_object()) << at;
    for (const auto& member : *object) {
      const auto* value = whole.as_object().if_contains(member.key());
      ASSERT_TRUE(value) << at << "/" << member.key();
      expect_part(member.value(), *value, at + "/" + std::string(member.key()));
    }
  } else if (const auto* array = part.if_array()) {
    ASSERT_TRUE(whole.is_array() && whole.as_array().size() == array->size()) << at;
    for (std::size_t i = 0; i < array->size(); ++i)
      expect_part((*array)[i], whole.as_array()[i], at + "/" + std::to_string(i));
  } else {
    EXPECT_EQ(json::dump(part), json::dump(whole)) << at;
  }
}

std::string block(const std::string& page, const std::string& mark) {
  const auto begin = page.find(mark);
  if (begin == std::string::npos) return {};
  const auto body = page.find('\n', begin + 1) + 1;
  return page.substr(body, page.find("\n```", body) - body);
}

class WorkedExample : public testing::TestWithParam<const char*> {};

TEST_P(WorkedExample, AnswersWhatItsPageSays) {
  std::ifstream file(std::string(QY_SOURCE_DIR "/docs/compute/") + GetParam() + ".md");
  std::stringstream page;
  page << file.rdbuf();
  const auto answer = answer_of(GetParam(), read(block(page.str(), "\n```json input")));
  expect_part(read(block(page.str(), "\n```json output")), read(json::dump(answer)), "#");
}

INSTANTIATE_TEST_SUITE_P(Pages, WorkedExample, testing::Values("benchmark", "plausibility", "similarity"));

}  // namespace
}  // namespace qy::codec

#include "regime/files/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "regime/identity/access.h"
#include "regime/premises/testing.h"

namespace qy::files {
namespace {

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  qy::testing::TestPremises fixture_{GetParam(), false};
  const Premises& premises_ = fixture_.premises;
  identity::Caller system_ = identity::system_caller();
  const db::Subject audit_{"audit", "a1"};
  bool may_read_ = true, may_write_ = true;

  void SetUp() override {
    identity::register_subject("audit",
                               [this](Tx&, const Premises&, const identity::Caller&, std::string_view id,
                                      identity::Matter matter) -> std::optional<identity::Access> {
                                 EXPECT_EQ(matter, identity::Matter::files);
                                 if (id != "a1") return std::nullopt;
                                 return identity::Access{
                                     .read = may_read_, .write = may_write_, .province = "99", .region = "990101"};
                               });
  }

  Result<File> upload(std::string name, std::string bytes) {
    return files::upload(
        premises_, system_,
        {.owner = audit_, .kind = "scan", .name = std::move(name), .note = "", .bytes = std::move(bytes)});
  }
};
INSTANTIATE_TEST_SUITE_P(Files, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, AFileComesBackAsItWent) {
  const auto file = upload("C:\\扫描\\第1页.PNG", std::string("\x89PNG\r\n\x1a\n", 8) + std::string("\0像素", 7));
  ASSERT_TRUE(file) << file.error().code;
  EXPECT_EQ(file->name, "第1页.PNG");
  EXPECT_EQ(file->blob.media_type, "image/png");
  const auto content = download(premises_, system_, file->id);
  ASSERT_TRUE(content);
  EXPECT_EQ(content->bytes.size(), 15u);

  const auto listed = list(premises_, system_, audit_, "scan");
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->files.size(), 1u);
  EXPECT_TRUE(list(premises_, system_, audit_, "notice")->files.empty());
  const auto actions =
      *premises_.database->read([&](Tx& tx) -> Result<std::vector<db::Action>> { return db::actions_of(tx, audit_); });
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(actions[0].name, "file_attached");
  EXPECT_EQ(actions[0].payload.at("sha256").as_string(), file->blob.hash);
}

TEST_P(OnEachEngine, TheSameContentIsKeptOnce) {
  const auto first = upload("a.txt", "同一内容");
  const auto second = upload("b.txt", "同一内容");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->id, second->id);
  int blobs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(premises_.blob_directory))
    blobs += entry.is_regular_file();
  EXPECT_EQ(blobs, 1);
}

TEST_P(OnEachEngine, WhatTheOwnerRefusesIsRefused) {
  const auto file = upload("a.txt", "x");
  ASSERT_TRUE(file);
  may_write_ = false;
  EXPECT_EQ(upload("b.txt", "y").error().code, "forbidden.subject_write");
  EXPECT_EQ(take_back(premises_, system_, file->id, "误传").error().code, "forbidden.subject_write");
  EXPECT_TRUE(download(premises_, system_, file->id));
  EXPECT_FALSE(list(premises_, system_, audit_, "")->may_change);
  may_read_ = false;
  EXPECT_EQ(download(premises_, system_, file->id).error().code, "file.not_found");
  EXPECT_EQ(list(premises_, system_, audit_, "").error().code, "subject.not_found");
  EXPECT_EQ(list(premises_, system_, {"audit", "other"}, "").error().code, "subject.not_found");
  EXPECT_EQ(list(premises_, system_, {"unheard_of", "a1"}, "").error().code, "subject.not_found");
}

TEST_P(OnEachEngine, AWithdrawnFileIsGoneForReadersButNotFromTheLog) {
  const auto file = upload("a.txt", "x");
  ASSERT_TRUE(file);
  ASSERT_TRUE(take_back(premises_, system_, file->id, "误传"));
  EXPECT_EQ(take_back(premises_, system_, file->id, "误传").error().code, "file.not_found");
  EXPECT_EQ(download(premises_, system_, file->id).error().code, "file.not_found");
  EXPECT_TRUE(list(premises_, system_, audit_, "")->files.empty());
  const auto actions =
      *premises_.database->read([&](Tx& tx) -> Result<std::vector<db::Action>> { return db::actions_of(tx, audit_); });
  ASSERT_EQ(actions.size(), 2u);
  EXPECT_EQ(actions[1].payload.at("reason").as_string(), "误传");
}

TEST_P(OnEachEngine, ADamagedContentIsNeverServed) {
  const auto file = upload("a.txt", "原文");
  ASSERT_TRUE(file);
  const auto path = std::filesystem::path(premises_.blob_directory) / file->blob.hash.substr(0, 2) / file->blob.hash;
  std::ofstream(path) << "改过";
  EXPECT_EQ(download(premises_, system_, file->id).error().code, "file.damaged");
  ASSERT_TRUE(upload("a.txt", "原文")) << "uploading it again heals it";
  EXPECT_EQ(download(premises_, system_, file->id)->bytes, "原文");
  std::filesystem::remove(path);
  EXPECT_EQ(download(premises_, system_, file->id).error().code, "file.damaged");
}

TEST(Blob, OnlyWhatItClaimsToBeIsStored) {
  qy::testing::TestPremises fixture("sqlite", false);
  const std::string zip = std::string("PK\x03\x04", 4) + std::string(26, '\0');
  struct Row {
    const char* why;
    const char* name;
    std::string bytes;
    const char* expected;
  };
  const Row rows[] = {
      {"a PDF", "报告.pdf", "%PDF-1.7\n", "application/pdf"},
      {"a PDF with upper-case extension", "报告.PDF", "%PDF-1.7\n", "application/pdf"},
      {"a Word document", "报告.docx", zip + "word/document.xml",
       "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"a workbook", "台账.xlsx", zip + "xl/workbook.xml",
       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"an old workbook", "台账.xls", std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8), "application/vnd.ms-excel"},
      {"a GB18030 table", "表.csv", "\xC3\xFB\xB3\xC6,1\n", "text/csv"},
      {"a picture called a PDF", "报告.pdf", "\xFF\xD8\xFF\xE0", "file.mismatch"},
      {"a workbook called a Word document", "报告.docx", zip + "xl/workbook.xml", "file.mismatch"},
      {"a page that could run scripts", "页.html", "<script>", "file.type"},
      {"a program", "x.exe", "MZ", "file.type"},
      {"no extension", "x", "abc", "file.type"},
      {"binary called text", "x.txt", std::string("a\0b", 3), "file.mismatch"},
      {"nothing in it", "x.txt", "", "file.empty"},
      {"no name", "  ", "abc", "file.name"},
      {"a name that is no UTF-8", "\xC3\xFB.txt", "abc", "file.name"},
      {"one byte too many", "x.txt", std::string(static_cast<std::size_t>(kMaxBytes) + 1, 'x'), "file.too_large"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    const auto blob = store_blob(fixture.premises, row.bytes, row.name);
    EXPECT_EQ(blob ? blob->media_type : blob.error().code, row.expected);
  }
}

}  // namespace
}  // namespace qy::files

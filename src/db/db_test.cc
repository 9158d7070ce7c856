#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "crypto/crypto.h"
#include "db/database.h"
#include "db/idempotency.h"
#include "db/insert.h"
#include "db/jobs.h"
#include "db/log.h"
#include "db/testing.h"

namespace qy::db {
namespace {

const Migration kItems{9000, "items", R"sql(
CREATE TABLE item (
    id      TEXT   NOT NULL PRIMARY KEY,
    amount  BIGINT NOT NULL CHECK (amount >= 0),
    note    TEXT
);
CREATE TABLE part (
    id      TEXT NOT NULL PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED
);
)sql"};

const Instant kNow = *Instant::parse("2026-11-23T08:00:00.000Z");

Result<void> add(Tx& tx, std::string_view id, std::int64_t amount) {
  tx.run("INSERT INTO item (id, amount) VALUES (:id, :amount)", id, amount);
  return {};
}

std::int64_t count(Database& database) {
  return *database.read(
      [](Tx& tx) -> Result<std::int64_t> { return *tx.value<std::int64_t>("SELECT count(*) FROM item"); });
}

/// Runs the body on every engine at hand.
class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  testing::Fresh fresh_ = testing::fresh_database(GetParam(), {kItems});
  Database& db_ = *fresh_.database;
  SeededRandom random_{1};
};
INSTANTIATE_TEST_SUITE_P(Db, OnEachEngine, ::testing::ValuesIn(testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, ValuesComeBackAsTheyWent) {
  const auto done = db_.write([](Tx& tx) -> Result<void> {
    tx.run("INSERT INTO item (id, amount, note) VALUES (:id, :amount, :note)", "a", std::int64_t{9007199254740993},
           "引号' 冒号:x 反斜线\\ 换行\n");
    tx.run("INSERT INTO item (id, amount, note) VALUES (:id, :amount, :note)", "b", 0, std::optional<std::string>{});
    tx.run("INSERT INTO item (id, amount, note) VALUES (:id, :amount, :note)", "c", 7, "");
    return {};
  });
  ASSERT_TRUE(done);
  const auto rows =
      *db_.read([](Tx& tx) -> Result<std::vector<std::tuple<std::string, std::int64_t, std::optional<std::string>>>> {
        return tx.rows<std::string, std::int64_t, std::optional<std::string>>(
            "SELECT id, amount, note FROM item ORDER BY id");
      });
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(std::get<1>(rows[0]), 9007199254740993);
  EXPECT_EQ(std::get<2>(rows[0]), "引号' 冒号:x 反斜线\\ 换行\n");
  EXPECT_EQ(std::get<2>(rows[1]), std::nullopt);
  EXPECT_EQ(std::get<2>(rows[2]), "");
}

TEST_P(OnEachEngine, OneStatementRunsAgainWithOtherNullsAndSizes) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> {
    for (int i = 0; i < 40; ++i) {
      std::optional<std::string> note;
      if (i % 3) note = std::string(static_cast<std::size_t>(i * i * 10), 'x');
      tx.run("INSERT INTO item (id, amount, note) VALUES (:id, :amount, :note)", std::to_string(i), i, note);
    }
    return {};
  }));
  ASSERT_TRUE(db_.read([](Tx& tx) -> Result<void> {
    for (int i = 39; i >= 0; --i) {
      const auto note = tx.value<std::optional<std::string>>("SELECT note FROM item WHERE id = :id", std::to_string(i));
      EXPECT_TRUE(note);
      if (i % 3)
        EXPECT_EQ((*note)->size(), static_cast<std::size_t>(i * i * 10));
      else
        EXPECT_FALSE(*note);
    }
    EXPECT_FALSE(tx.value<std::string>("SELECT note FROM item WHERE id = :id", "none"));
    return {};
  }));
}

TEST_P(OnEachEngine, ManyRowsGoInWithFewStatements) {
  for (const std::size_t rows : {0u, 1u, 2u, 3u, 341u, 512u, 1000u}) {
    SCOPED_TRACE(rows);
    std::vector<std::vector<Bind>> items;
    for (std::size_t i = 0; i < rows; ++i)
      items.push_back({std::to_string(i), static_cast<std::int64_t>(i),
                       i % 3 ? std::optional<std::string>("第" + std::to_string(i) + "号 :v0 '") : std::nullopt});
    const auto put = [&](std::string_view then) {
      return *db_.write([&](Tx& tx) -> Result<std::int64_t> {
        return insert_rows(tx, "INSERT INTO item (id, amount, note)", items, then);
      });
    };
    const auto expected = static_cast<std::int64_t>(rows);
    EXPECT_EQ(put(""), expected);
    EXPECT_EQ(put("ON CONFLICT DO NOTHING"), 0);
    for (auto& item : items) item[1] = item[1].integer() + 5;
    EXPECT_EQ(put("ON CONFLICT (id) DO UPDATE SET amount = excluded.amount WHERE item.amount = excluded.amount - 5"),
              expected);
    EXPECT_EQ(put("ON CONFLICT (id) DO UPDATE SET amount = excluded.amount WHERE item.amount = excluded.amount - 5"), 0)
        << "only rows the condition lets through are counted";
    const auto found = *db_.read([](Tx& tx) -> Result<std::vector<std::tuple<std::string, std::int64_t, bool>>> {
      return tx.rows<std::string, std::int64_t, bool>(
          "SELECT id, amount, CASE WHEN note IS NULL THEN 1 ELSE 0 END FROM item ORDER BY amount");
    });
    ASSERT_EQ(found.size(), rows);
    for (std::size_t i = 0; i < rows; ++i)
      EXPECT_EQ(found[i], std::tuple(std::to_string(i), static_cast<std::int64_t>(i) + 5, i % 3 == 0));
    ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> {
      tx.run("DELETE FROM item");
      return {};
    }));
  }
}

TEST_P(OnEachEngine, OneWrongRowOfManyKeepsAllOut) {
  std::vector<std::vector<Bind>> items;
  for (int i = 0; i < 600; ++i) items.push_back({std::to_string(i), i == 555 ? -1 : i});
  EXPECT_THROW((void)db_.write([&](Tx& tx) -> Result<std::int64_t> {
    return insert_rows(tx, "INSERT INTO item (id, amount)", items);
  }),
               ConstraintViolated);
  EXPECT_EQ(count(db_), 0);
}

TEST_P(OnEachEngine, AnAbsentNumberIsNull) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> {
    for (const auto amount : {std::optional<int>(4), std::optional<int>()})
      tx.run("INSERT INTO item (id, amount) VALUES (:id, COALESCE(:amount, 9))", amount ? "a" : "b", amount);
    return {};
  }));
  EXPECT_EQ(
      *db_.read([](Tx& tx) -> Result<std::int64_t> { return *tx.value<std::int64_t>("SELECT sum(amount) FROM item"); }),
      13);
}

TEST_P(OnEachEngine, ANameMayStandTwiceAndCommentsHoldNone) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> { return add(tx, "a", 5); }));
  const auto found = *db_.read([](Tx& tx) -> Result<std::optional<std::string>> {
    return tx.value<std::string>(R"sql(
        SELECT id FROM item  -- it's not a :placeholder
         WHERE (amount >= :least AND id = :id) OR (amount > :least + 1000 AND note = 'a :b'))sql",
                                 5, "a");
  });
  EXPECT_EQ(found, "a");
}

TEST_P(OnEachEngine, AnErrorRollsEverythingBack) {
  const auto refused = db_.write([](Tx& tx) -> Result<void> {
    QY_CHECK(add(tx, "a", 1));
    return Error{ErrorKind::conflict, "test.refused"};
  });
  EXPECT_EQ(refused.error().code, "test.refused");
  EXPECT_EQ(count(db_), 0);
}

TEST_P(OnEachEngine, AnExceptionRollsEverythingBackAndReachesTheCaller) {
  EXPECT_THROW((void)db_.write([](Tx& tx) -> Result<void> {
    QY_CHECK(add(tx, "a", 1));
    throw std::runtime_error("bug");
  }),
               std::runtime_error);
  EXPECT_THROW((void)db_.write([](Tx& tx) -> Result<void> {
    QY_CHECK(add(tx, "b", 1));
    return add(tx, "b", 1);
  }),
               ConstraintViolated);
  EXPECT_EQ(count(db_), 0);
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> { return add(tx, "a", 1); }));
  EXPECT_EQ(count(db_), 1);
}

TEST_P(OnEachEngine, ConstraintsHoldAndProblemsNeverQuoteValues) {
  const auto says = [&](auto work) -> std::string {
    try {
      (void)db_.write([&](Tx& tx) -> Result<void> {
        work(tx);
        return {};
      });
    } catch (const ConstraintViolated& e) {
      return std::string("constraint: ") + e.what();
    } catch (const Broken& e) {
      return std::string("broken: ") + e.what();
    }
    return "nothing";
  };
  const auto twice = says([](Tx& tx) {
    (void)add(tx, "secret-value", 1);
    (void)add(tx, "secret-value", 1);
  });
  const auto negative = says([](Tx& tx) { (void)add(tx, "secret-value", -1); });
  const auto orphan =
      says([](Tx& tx) { tx.run("INSERT INTO part (id, item_id) VALUES (:id, :item)", "p", "secret-value"); });
  const auto missing = says([](Tx& tx) { tx.run("UPDATE no_such_table SET a = :a", "secret-value"); });
  const auto unreadable = says([](Tx& tx) {
    tx.run("INSERT INTO item (id, amount, note) VALUES (:id, :amount, :note)", "n", 1, "secret-value");
    (void)tx.value<std::int64_t>("SELECT note FROM item");
  });
  for (const auto& text : {twice, negative, orphan}) EXPECT_EQ(text.rfind("constraint: ", 0), 0u) << text;
  for (const auto& text : {missing, unreadable}) EXPECT_EQ(text.rfind("broken: ", 0), 0u) << text;
  for (const auto& text : {twice, negative, orphan, missing, unreadable})
    EXPECT_EQ(text.find("secret-value"), text.npos) << text;
  EXPECT_EQ(count(db_), 0);
}

TEST_P(OnEachEngine, ReadsSeeOneSnapshotAndCannotWrite) {
  ASSERT_TRUE(db_.read([&](Tx& tx) -> Result<void> {
    EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM item"), 0);
    std::thread([&] {
      EXPECT_TRUE(db_.write([](Tx& other) -> Result<void> { return add(other, "late", 1); }));
    }).join();
    EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM item"), 0);
    return {};
  }));
  EXPECT_EQ(count(db_), 1);
  EXPECT_THROW((void)db_.read([](Tx& tx) -> Result<void> { return add(tx, "never", 1); }), Broken);
}

// Requests that fail — by an Error, an exception or a constraint — stand between ones that succeed, so batches mix
// them.
TEST_P(OnEachEngine, OneRequestsFailureNeverTouchesAnother) {
  constexpr int kThreads = 8, kEach = 40;
  std::atomic<int> kept = 0, refused = 0, thrown = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto id = std::to_string(t) + "-" + std::to_string(i);
        try {
          const auto done = db_.write([&](Tx& tx) -> Result<void> {
            QY_CHECK(add(tx, id, i));
            if (i % 4 == 1) return Error{ErrorKind::conflict, "test.refused"};
            if (i % 4 == 2) throw std::runtime_error("bug");
            if (i % 4 == 3) QY_CHECK(add(tx, id, i));
            return {};
          });
          done ? ++kept : ++refused;
        } catch (const std::exception&) {
          ++thrown;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(kept, kThreads * kEach / 4);
  EXPECT_EQ(refused, kThreads * kEach / 4);
  EXPECT_EQ(thrown, kThreads * kEach / 2);
  EXPECT_EQ(count(db_), kept);
  EXPECT_EQ(*db_.read([](Tx& tx) -> Result<std::int64_t> {
    return *tx.value<std::int64_t>("SELECT count(*) FROM item WHERE amount - (amount / 4) * 4 <> 0");
  }),
            0);
}

// Read–modify–write from eight threads: without serialisable isolation or one writer, additions would be lost.
TEST_P(OnEachEngine, ConcurrentReadModifyWritesLoseNothing) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> { return add(tx, "sum", 0); }));
  constexpr int kThreads = 8, kEach = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(db_.write([](Tx& tx) -> Result<void> {
          const auto amount = tx.value<std::int64_t>("SELECT amount FROM item WHERE id = :id", "sum");
          tx.run("UPDATE item SET amount = :amount WHERE id = :id", *amount + 1, "sum");
          return {};
        }));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(
      *db_.read([](Tx& tx) -> Result<std::int64_t> { return *tx.value<std::int64_t>("SELECT amount FROM item"); }),
      kThreads * kEach);
}

NewAction action_on(const Subject& subject, const std::string& name) {
  return {.subject = subject,
          .name = name,
          .province = "99",
          .at = kNow,
          .actor_id = "u1",
          .actor_name = "王试",
          .post = "承办人 · 云溪市生态环境局",
          .as_deputy = false,
          .basis = json::Array{json::Object{{"document", "code"}}},
          .payload = json::Object{{"z", 1}, {"a", "名单"}}};
}

TEST_P(OnEachEngine, AChainHoldsUntilAnythingInItIsChanged) {
  const Subject audit{"audit", "a1"};
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    for (const char* name : {"publish", "start", "submit"}) append_action(tx, action_on(audit, name), random_);
    append_action(tx, action_on({"audit", "a2"}, "publish"), random_);
    return {};
  }));
  const auto broken_at = [&](const char* tamper) {
    std::optional<std::int64_t> at;
    (void)db_.write([&](Tx& tx) -> Result<void> {
      tx.run(tamper);
      at = first_broken_link(tx, audit);
      return Error{ErrorKind::conflict, "test.undo"};
    });
    return at;
  };
  struct Row {
    const char* name;
    const char* tamper;
    std::optional<std::int64_t> at;
  };
  const Row rows[] = {
      {"untouched", "UPDATE action SET name = name", std::nullopt},
      {"another name", "UPDATE action SET name = 'withdraw' WHERE subject_id = 'a1' AND seq = 2", 2},
      {"another payload", "UPDATE action SET payload = '{}' WHERE subject_id = 'a1' AND seq = 3", 3},
      {"another moment", "UPDATE action SET at = '2026-11-23T08:00:00.001Z' WHERE subject_id = 'a1' AND seq = 1", 1},
      {"another person", "UPDATE action SET actor_name = '李试' WHERE subject_id = 'a1' AND seq = 2", 2},
      {"a name erased on purpose still holds", "UPDATE action SET actor_name = '' WHERE subject_id = 'a1'",
       std::nullopt},
      {"the last entry removed", "DELETE FROM action WHERE subject_id = 'a1' AND seq = 3", 3},
      {"the first entry removed", "DELETE FROM action WHERE subject_id = 'a1' AND seq = 1", 1},
      {"the head removed", "DELETE FROM chain_head WHERE subject_id = 'a1'", 4},
      {"another chain's entry changed", "UPDATE action SET name = 'withdraw' WHERE subject_id = 'a2'", std::nullopt},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(broken_at(row.tamper), row.at);
  }

  const auto actions = *db_.read([&](Tx& tx) -> Result<std::vector<Action>> { return actions_of(tx, audit); });
  ASSERT_EQ(actions.size(), 3u);
  EXPECT_EQ(actions[2].seq, 3);
  EXPECT_EQ(actions[2].name, "submit");
  EXPECT_EQ(actions[0].actor_name, "王试");
  EXPECT_EQ(actions[0].payload.at("a").as_string(), "名单");
}

TEST_P(OnEachEngine, AnAuditorFindsEntriesByPersonDayKindAndAction) {
  struct Entry {
    const char *id, *kind, *name, *province, *actor, *at;
  };
  // 16:00 UTC is midnight in Asia/Shanghai.
  const Entry entries[] = {
      {"e1", "audit", "publish", "99", "王试", "2026-11-22T15:59:59.999Z"},
      {"e2", "audit", "publish", "99", "王小试", "2026-11-22T16:00:00.000Z"},
      {"e3", "list", "publish", "99", "Ann Lee", "2026-11-23T15:59:59.999Z"},
      {"e4", "list", "edit", "99", "100%_王", "2026-11-23T16:00:00.000Z"},
      {"e5", "audit", "publish", "42", "王试", "2026-11-23T08:00:00.000Z"},
  };
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    for (const auto& entry : entries) {
      auto action = action_on({entry.kind, entry.id}, entry.name);
      action.province = entry.province;
      action.actor_name = entry.actor;
      action.at = *Instant::parse(entry.at);
      append_action(tx, action, random_);
    }
    return {};
  }));
  using Ids = std::vector<std::string>;
  const auto found = [&](const ActionFilter& filter, int limit = 10, int offset = 0) {
    return *db_.read([&](Tx& tx) -> Result<Ids> {
      Ids ids;
      for (const auto& action : recent_actions(tx, filter, limit, offset)) ids.push_back(action.subject.id);
      return ids;
    });
  };
  const Date day(2026, 11, 23), next(2026, 11, 24);
  struct Row {
    const char* name;
    ActionFilter filter;
    Ids ids;
  };
  const Row rows[] = {
      {"everything, newest first", {}, {"e4", "e3", "e5", "e2", "e1"}},
      {"one province, not the other", {.province = "99"}, {"e4", "e3", "e2", "e1"}},
      {"the other province", {.province = "42"}, {"e5"}},
      {"kind", {.province = "99", .kind = "list"}, {"e4", "e3"}},
      {"kind and action", {.province = "99", .kind = "list", .name = "publish"}, {"e3"}},
      {"part of a name", {.province = "99", .actor = "试"}, {"e2", "e1"}},
      {"in any case", {.actor = "LEE"}, {"e3"}},
      {"wildcards stand for themselves", {.actor = "0%_"}, {"e4"}},
      {"and for nothing else", {.actor = "王%试"}, {}},
      {"another whole name too", {.actor = "lee", .also_actor = "王小试"}, {"e3", "e2"}},
      {"but no part of it", {.actor = "lee", .also_actor = "小"}, {"e3"}},
      {"a day begins and ends in Asia/Shanghai", {.from = day, .to = day}, {"e3", "e5", "e2"}},
      {"from a day", {.province = "99", .from = next}, {"e4"}},
      {"up to a day", {.province = "99", .to = Date(2026, 11, 22)}, {"e1"}},
      {"all at once",
       {.province = "99", .kind = "audit", .name = "publish", .actor = "小", .from = day, .to = day},
       {"e2"}},
      {"nobody", {.province = "99", .actor = "李"}, {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(found(row.filter), row.ids);
    EXPECT_EQ(*db_.read([&](Tx& tx) -> Result<std::int64_t> { return count_actions(tx, row.filter); }),
              static_cast<std::int64_t>(row.ids.size()));
  }
  const ActionFilter ours{.province = "99"};
  EXPECT_EQ(found(ours, 2, 0), (Ids{"e4", "e3"}));
  EXPECT_EQ(found(ours, 2, 2), (Ids{"e2", "e1"}));
  EXPECT_EQ(found(ours, 2, 4), Ids{});
}

TEST_P(OnEachEngine, RivalsAppendToOneChainWithoutGapOrFork) {
  constexpr int kThreads = 6, kEach = 10;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
          append_action(tx, action_on({"list", "l1"}, "edit"), crypto::system_random());
          return {};
        }));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(db_.read([&](Tx& tx) -> Result<void> {
    EXPECT_EQ(actions_of(tx, {"list", "l1"}).size(), static_cast<std::size_t>(kThreads * kEach));
    EXPECT_EQ(first_broken_link(tx, {"list", "l1"}), std::nullopt);
    return {};
  }));
}

TEST_P(OnEachEngine, TheSameHeadsGiveTheSameRoot) {
  const auto sign = [](std::string_view text) { return crypto::hmac_hex("key", text); };
  const auto seal = [&](Instant now) {
    return *db_.write([&](Tx& tx) -> Result<SealedRoot> { return seal_heads(tx, now, sign, "public"); });
  };
  const auto empty = seal(kNow);
  EXPECT_EQ(empty.heads, 0);
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
      append_action(tx, action_on({"audit", "a" + std::to_string(i)}, "publish"), random_);
      return {};
    }));
  }
  const auto first = seal(kNow.plus_seconds(60));
  const auto again = seal(kNow.plus_seconds(120));
  EXPECT_EQ(first.heads, 7);
  EXPECT_NE(first.root, empty.root);
  EXPECT_EQ(first.root, again.root);
  EXPECT_EQ(first.at, again.at) << "nothing moved, nothing written";
  EXPECT_EQ(first.signature, sign(sealed_text(first)));
  EXPECT_EQ(db_.read([&](Tx& tx) -> Result<std::vector<SealedRoot>> { return sealed_roots(tx, 10); })->size(), 2u);
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    tx.run("UPDATE chain_head SET hash = :hash WHERE subject_id = 'a3'", std::string(64, '0'));
    return {};
  }));
  EXPECT_NE(seal(kNow.plus_seconds(180)).root, first.root);
}

TEST_P(OnEachEngine, AJobIsClaimedByOneWorkerOnly) {
  constexpr int kJobs = 30;
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    for (int i = 0; i < kJobs; ++i) enqueue(tx, "count", json::Object{{"i", i}}, kNow, random_);
    enqueue(tx, "count", json::Object{}, kNow.plus_seconds(60), random_);  // not due
    return {};
  }));
  std::mutex mutex;
  std::multiset<std::string> claimed;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      while (true) {
        const auto job = *db_.write(
            [&](Tx& tx) -> Result<std::optional<Job>> { return claim_job(tx, "worker " + std::to_string(t), kNow); });
        if (!job) return;
        const std::lock_guard lock(mutex);
        claimed.insert(job->id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), static_cast<std::size_t>(kJobs));
}

TEST_P(OnEachEngine, AJobComesBackAfterFailureAndLostLease) {
  const auto claim = [&](Instant now) {
    return *db_.write([&](Tx& tx) -> Result<std::optional<Job>> { return claim_job(tx, "w", now, 120); });
  };
  const auto add_job = [&] {
    return *db_.write(
        [&](Tx& tx) -> Result<std::string> { return enqueue(tx, "mail", json::Object{}, kNow, random_, "once"); });
  };
  const auto id = add_job();
  EXPECT_EQ(add_job(), id) << "one with this key waits already";

  auto job = claim(kNow);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->attempt, 1);
  EXPECT_FALSE(claim(kNow.plus_seconds(120))) << "the lease still holds";
  job = claim(kNow.plus_seconds(121));
  ASSERT_TRUE(job) << "the lease ran out";
  EXPECT_EQ(job->attempt, 2);

  Instant now = kNow.plus_seconds(121);
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    fail_job(tx, id, now, "smtp down");
    return {};
  }));
  EXPECT_FALSE(claim(now.plus_seconds(19)));
  for (int attempt = 3; attempt <= 5; ++attempt) {
    now = now.plus_seconds(3600);
    job = claim(now);
    ASSERT_TRUE(job);
    EXPECT_EQ(job->attempt, attempt);
    ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
      fail_job(tx, id, now, "smtp down");
      return {};
    }));
  }
  EXPECT_FALSE(claim(now.plus_seconds(86400)));
  const auto failed = *db_.read([&](Tx& tx) -> Result<std::vector<FailedJob>> { return failed_jobs(tx, 10); });
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].problem, "smtp down");
  EXPECT_NE(add_job(), id) << "the key is free again";
}

TEST_P(OnEachEngine, LongJobsHaveALaneOfTheirOwnAndKeepTheirLease) {
  const auto claim = [&](const char* worker, Instant now, Lane lane) {
    return *db_.write([&](Tx& tx) -> Result<std::optional<Job>> { return claim_job(tx, worker, now, 120, lane); });
  };
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    enqueue(tx, "long.sum", json::Object{}, kNow, random_);
    return {};
  }));
  EXPECT_FALSE(claim("short", kNow, Lane::ordinary)) << "nothing short waits behind it";
  EXPECT_FALSE(*db_.read([&](Tx& tx) -> Result<bool> { return has_due_job(tx, kNow); }));
  EXPECT_TRUE(*db_.read([&](Tx& tx) -> Result<bool> { return has_due_job(tx, kNow, Lane::long_ones); }));
  const auto job = claim("one", kNow, Lane::long_ones);
  ASSERT_TRUE(job);

  const auto renewed = [&](const Job& held, Instant until) {
    return *db_.write([&](Tx& tx) -> Result<bool> { return renew_lease(tx, held, until); });
  };
  EXPECT_TRUE(renewed(*job, kNow.plus_seconds(300)));
  EXPECT_FALSE(claim("two", kNow.plus_seconds(299), Lane::long_ones)) << "renewed";
  const auto taken = claim("one", kNow.plus_seconds(301), Lane::long_ones);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(renewed(*job, kNow.plus_seconds(900))) << "another attempt has it, though the worker's name is the same";
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    put_back_job(tx, *taken, kNow.plus_seconds(302));
    return {};
  }));
  const auto again = claim("two", kNow.plus_seconds(302), Lane::long_ones);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt, 2) << "putting back costs no attempt";
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    finish_job(tx, again->id, kNow.plus_seconds(303));
    forget_done_jobs(tx, "long.sum", kNow.plus_seconds(400));
    return {};
  }));
  EXPECT_FALSE(*db_.read([&](Tx& tx) -> Result<std::optional<std::int64_t>> {
    return tx.value<std::int64_t>("SELECT 1 FROM job WHERE id = :id", again->id);
  }));
}

TEST_P(OnEachEngine, TheRunnerWorksTheQueueAndItsClock) {
  std::atomic<std::int64_t> seconds = 0;
  JobRunner runner(
      db_, [&] { return kNow.plus_seconds(seconds); }, crypto::system_random(), "test");
  std::atomic<int> ticks = 0, mails = 0;
  runner.handle("tick", [&](const Job&) -> Result<void> {
    ++ticks;
    return {};
  });
  runner.handle("mail", [&](const Job& job) -> Result<void> {
    ++mails;
    if (job.attempt == 1) throw std::runtime_error("down");
    return {};
  });
  runner.every("tick", 60);
  EXPECT_EQ(runner.run_due(), 1);
  EXPECT_EQ(runner.run_due(), 0) << "once in a slot";
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    enqueue(tx, "mail", json::Object{}, kNow, random_);
    return {};
  }));
  seconds = 60;
  EXPECT_EQ(runner.run_due(), 2);
  seconds = 80;
  EXPECT_EQ(runner.run_due(), 1);
  EXPECT_EQ(ticks, 2);
  EXPECT_EQ(mails, 2);

  JobRunner other(
      db_, [&] { return kNow.plus_seconds(seconds); }, crypto::system_random(), "other");
  other.handle("tick", [&](const Job&) -> Result<void> {
    ++ticks;
    return {};
  });
  other.every("tick", 60);
  EXPECT_EQ(other.run_due(), 0) << "another process had this slot";

  seconds = 600;
  runner.start(5);
  for (int i = 0; i < 500 && ticks < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  runner.stop();
  EXPECT_EQ(ticks, 3);
}

TEST_P(OnEachEngine, ARepeatedPostIsAnsweredFromMemory) {
  const auto ask = [&](const char* key, const char* fingerprint, Instant now) {
    return db_.write([&](Tx& tx) { return recall(tx, "u1", key, fingerprint, now); });
  };
  EXPECT_EQ(ask("", "f", kNow).error().code, "idempotency.key");
  ASSERT_TRUE(ask("k", "f", kNow));
  EXPECT_EQ(ask("k", "f", kNow).error().code, "idempotency.under_way");
  EXPECT_EQ(ask("k", "g", kNow).error().code, "idempotency.reused");
  const auto retaken = ask("k", "f", kNow.plus_seconds(301));
  ASSERT_TRUE(retaken) << "the first never came back";
  EXPECT_FALSE(*retaken);
  ASSERT_TRUE(db_.write([&](Tx& tx) -> Result<void> {
    remember(tx, "u1", "k", {.status = 201, .headers = {{"ETag", "\"1\""}}, .body = "{}"});
    return {};
  }));
  const auto answer = ask("k", "f", kNow.plus_seconds(900));
  ASSERT_TRUE(answer);
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->status, 201);
  EXPECT_EQ((*answer)->headers.at("ETag").as_string(), "\"1\"");
  EXPECT_EQ(*db_.write([&](Tx& tx) -> Result<std::int64_t> { return forget_before(tx, kNow.plus_seconds(900)); }), 1);
}

TEST_P(OnEachEngine, MigrationsAreAppliedOnceAndNeverChanged) {
  auto steps = migrations::db();
  steps.push_back(kItems);
  EXPECT_TRUE(db_.migrate(steps)) << "again does nothing";

  auto changed = steps;
  changed.back().sql += "-- one more line\n";
  EXPECT_EQ(db_.migrate(changed).error().code, "db.migration_changed");
  EXPECT_EQ(db_.migrate(changed).error().params, (Params{{"number", "9000"}}));

  auto older = steps;
  older.pop_back();
  EXPECT_EQ(db_.migrate(older).error().code, "db.migration_unknown");

  auto newer = steps;
  newer.push_back({9001, "broken", "CREATE TABLE fine (id TEXT); CREATE TABLE item (id TEXT);"});
  EXPECT_THROW((void)db_.migrate(newer), Broken);
  newer.back().sql = "CREATE TABLE fine (id TEXT);";
  EXPECT_TRUE(db_.migrate(newer)) << "a step that failed left nothing behind";
}

TEST_P(OnEachEngine, TwoProgramsMayMigrateAtOnce) {
  auto steps = migrations::db();
  steps.push_back(kItems);
  steps.push_back({9002, "more", "CREATE TABLE more (id TEXT NOT NULL PRIMARY KEY);"});
  auto second = std::move(*Database::open(fresh_.url));
  std::thread rival([&] { EXPECT_TRUE(second->migrate(steps)); });
  EXPECT_TRUE(db_.migrate(steps));
  rival.join();
}

TEST_P(OnEachEngine, BackupCopiesTheLiveDatabase) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> { return add(tx, "a", 1); }));
  const auto file =
      (std::filesystem::temp_directory_path() / (GetParam() + std::to_string(::getpid()) + ".backup")).string();
  const auto copied = db_.backup(file);
  if (GetParam() == "postgres") {
    EXPECT_EQ(copied.error().code, "db.backup_elsewhere");
    return;
  }
  ASSERT_TRUE(copied);
  {
    auto copy = std::move(*Database::open("sqlite:" + file));
    EXPECT_EQ(count(*copy), 1);
  }
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
  EXPECT_EQ(db_.backup("/nonexistent/folder/copy").error().code, "db.backup_failed");
}

TEST_P(OnEachEngine, WhatIsWrittenIsThereWhenOpenedAgain) {
  ASSERT_TRUE(db_.write([](Tx& tx) -> Result<void> { return add(tx, "a", 1); }));
  auto second = std::move(*Database::open(fresh_.url));
  EXPECT_EQ(count(*second), 1);
  ASSERT_TRUE(second->write([](Tx& tx) -> Result<void> { return add(tx, "b", 1); }));
  EXPECT_EQ(count(db_), 2);
}

TEST(Postgres, ALostConnectionIsReplaced) {
  if (testing::engines().size() < 2) GTEST_SKIP() << "QY_TEST_POSTGRES is not set";
  auto fresh = testing::fresh_database("postgres", {kItems});
  bool killed = false;
  const auto done = fresh->write([&](Tx& tx) -> Result<void> {
    if (!killed) {
      killed = true;
      const auto pid = tx.value<std::int64_t>("SELECT pg_backend_pid()");
      auto other = std::move(*Database::open(fresh.url));
      (void)other->read([&](Tx& own) -> Result<void> {
        (void)own.value<std::string>("SELECT CAST(pg_terminate_backend(CAST(:pid AS INTEGER)) AS TEXT)", *pid);
        return {};
      });
    }
    return add(tx, "a", 1);
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(count(*fresh), 1);
}

TEST(Open, RefusesWhatItCannotOpen) {
  struct Row {
    const char* url;
    const char* code;
  };
  const Row rows[] = {
      {"", "db.url"},
      {"sqlite:", "db.url"},
      {"mysql://host/db", "db.url"},
      {"sqlite:/nonexistent/folder/x.sqlite", "db.unreachable"},
      {"postgresql://user:hidden@127.0.0.1:1/none", "db.unreachable"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    const auto opened = Database::open(row.url);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, row.code);
    for (const auto& [name, value] : opened.error().params) EXPECT_EQ(value.find("hidden"), value.npos);
  }
}

}  // namespace
}  // namespace qy::db

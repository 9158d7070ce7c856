#include "db/database.h"

namespace qy::db {

std::span<const Sentence> db_messages() {
  static constexpr Sentence sentences[] = {
      {"db.url", "无法识别数据库地址“{url}”。应为 sqlite:/路径/文件 或 postgresql://用户@主机/库。",
       "The database address “{url}” is not understood. Write sqlite:/path/file or postgresql://user@host/database."},
      {"db.unreachable", "无法打开数据库“{address}”。请检查路径、权限或数据库服务是否在运行。",
       "The database “{address}” cannot be opened. Check the path and its permissions, or whether the server is "
       "running."},
      {"db.encoding",
       "PostgreSQL 数据库的编码是{encoding}，本系统要求UTF8。请用 createdb -E UTF8 --locale=C -T template0 新建。",
       "The PostgreSQL database is encoded in {encoding}; UTF8 is needed. Create one with createdb -E UTF8 --locale=C "
       "-T template0."},
      {"db.collation",
       "PostgreSQL 数据库的排序规则是{collation}，本系统要求C，否则两种数据库的排序不一致。请用 createdb -E UTF8 "
       "--locale=C -T template0 新建。",
       "The PostgreSQL database sorts by {collation}; C is needed, so that both engines sort alike. Create one with "
       "createdb -E UTF8 --locale=C -T template0."},
      {"db.migration_changed",
       "数据库结构第{number}步与本程序所带的不同：已发布的步骤被改动过。请改用原版程序，或从备份恢复。",
       "Step {number} of the schema differs from the one this program brings: a released step was edited. Use the "
       "original program, or restore a backup."},
      {"db.migration_unknown", "数据库含有本程序不认识的结构步骤{number}：它由更新的版本写成。请升级程序。",
       "The database holds schema step {number}, which this program does not know: a newer version wrote it. Upgrade "
       "the program."},
      {"db.backup_failed", "无法把数据库备份到“{file}”。请检查磁盘空间与目录权限。",
       "The database could not be copied to “{file}”. Check free space and the folder's permissions."},
      {"db.backup_elsewhere", "PostgreSQL 请用 pg_dump 或物理备份，本命令只备份嵌入式数据库。",
       "Back up PostgreSQL with pg_dump or a base backup; this command copies the embedded database only."},
      {"idempotency.key", "Idempotency-Key 应为1至200个字符。", "An Idempotency-Key has 1 to 200 characters."},
      {"idempotency.reused", "这个 Idempotency-Key 已用于另一个请求。每个请求请用新的键。",
       "This Idempotency-Key was used for another request. Use a new key for each request."},
      {"idempotency.under_way", "同一请求正在处理，请稍后再查。",
       "The same request is still being worked on; ask again in a moment."},
  };
  return sentences;
}

}  // namespace qy::db

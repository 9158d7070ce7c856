#include "main/rooms.h"

#include "main/system_routes.h"
#include "regime/analysis/analysis.h"
#include "regime/audits/audits.h"
#include "regime/comments/comments.h"
#include "regime/computing/computing.h"
#include "regime/disclosure/disclosure.h"
#include "regime/dossier/dossier.h"
#include "regime/evaluation/evaluation.h"
#include "regime/figures/figures.h"
#include "regime/files/files.h"
#include "regime/identity/guard.h"
#include "regime/knowledge/knowledge.h"
#include "regime/listing/listing.h"
#include "regime/messages/messages.h"
#include "regime/numbering/numbering.h"
#include "regime/obligations/obligations.h"
#include "regime/portal/portal.h"
#include "regime/register/register.h"
#include "regime/results/results.h"
#include "regime/review/review.h"
#include "regime/search/search.h"
#include "regime/statistics/statistics.h"

namespace qy {

#define QY_MIGRATIONS(room)          \
  namespace migrations {             \
  std::vector<db::Migration> room(); \
  }

QY_MIGRATIONS(db)
QY_MIGRATIONS(identity)
QY_MIGRATIONS(files)
QY_MIGRATIONS(numbering)
QY_MIGRATIONS(obligations)
QY_MIGRATIONS(messages)
QY_MIGRATIONS(comments)
QY_MIGRATIONS(search)
QY_MIGRATIONS(tally)
QY_MIGRATIONS(figures)
QY_MIGRATIONS(registry)
QY_MIGRATIONS(listing)
QY_MIGRATIONS(audits)
QY_MIGRATIONS(disclosure)
QY_MIGRATIONS(analysis)
QY_MIGRATIONS(dossier)
QY_MIGRATIONS(evaluation)
QY_MIGRATIONS(results)
QY_MIGRATIONS(computing)

#undef QY_MIGRATIONS

std::vector<db::Migration> all_migrations() {
  std::vector<db::Migration> all;
  for (const auto room :
       {migrations::db, migrations::identity, migrations::files, migrations::numbering, migrations::obligations,
        migrations::messages, migrations::comments, migrations::search, migrations::tally, migrations::figures,
        migrations::registry, migrations::listing, migrations::audits, migrations::disclosure, migrations::analysis,
        migrations::dossier, migrations::evaluation, migrations::results, migrations::computing})
    for (auto& migration : room()) all.push_back(std::move(migration));
  return all;
}

void add_all_routes(const Premises& premises, http::Router& router, const std::string& api_description) {
  for (const auto room : {identity::add_routes, files::add_routes,      numbering::add_routes, obligations::add_routes,
                          messages::add_routes, comments::add_routes,   search::add_routes,    figures::add_routes,
                          registry::add_routes, listing::add_routes,    audits::add_routes,    disclosure::add_routes,
                          analysis::add_routes, dossier::add_routes,    review::add_routes,    evaluation::add_routes,
                          results::add_routes,  statistics::add_routes, knowledge::add_routes, portal::add_routes,
                          computing::add_routes})
    room(premises, router);
  add_system_routes(premises, router, api_description);
}

}  // namespace qy

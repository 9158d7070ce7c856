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

#pragma once

#include "regime/figures/figures.h"

/// The SQL of `figure_slot`, `figure_claim`, `figure_revision`, `figure_input`, `figure_edition`,
/// `figure_edition_entry`.
namespace qy::figures::store {

/// A slot's row without its claim's inputs; nullopt when there is none.
std::optional<Figure> find(Tx& tx, const db::Subject& subject, const Place& place);
std::vector<Figure> of_subject(Tx& tx, const db::Subject& subject);

/// A claim by id with the place and version of its slot.
struct Placed {
  Claim claim;
  SlotId slot;
  db::Subject subject;
  std::string province;
  Place place;
  std::int64_t version = 0;
  ClaimId adopted;
};
std::optional<Placed> find_claim(Tx& tx, const ClaimId& id);
std::vector<Claim> claims_of_slot(Tx& tx, const SlotId& slot);
std::vector<Revision> revisions_of(Tx& tx, const SlotId& slot);

void insert_slot(Tx& tx, std::string_view province, const db::Subject& subject, const Figure& figure);
void insert_claim(Tx& tx, std::string_view province, const SlotId& slot, const Claim& claim);
/// A later word of the same source replaced it.
void step_down(Tx& tx, const ClaimId& claim);
/// Points the slot at another claim. False when its version is not `expected` any more.
bool adopt(Tx& tx, const SlotId& slot, const ClaimId& claim, std::int64_t expected);
void insert_revision(Tx& tx, std::string_view province, const SlotId& slot, std::int64_t version, const ClaimId& claim,
                     Instant at, std::string_view by_name);

void insert_edition(Tx& tx, const Edition& edition, std::string_view by, const std::vector<Figure>& figures);
std::optional<Edition> find_edition(Tx& tx, const EditionId& id);
std::vector<Edition> editions_of(Tx& tx, const db::Subject& subject);
std::vector<Figure> edition_figures(Tx& tx, const EditionId& id);

}  // namespace qy::figures::store

#pragma once

#include "base/rational.h"
#include "engine/economics/measures.h"

/// Inside engine/economics only: the handbook chain.
namespace qy::engine::economics {

/// N, NPV, NPVR and both IRR of the handbook from I and F.
void complete(Handbook& book, const Rational& investment, const Rational& flow, int years, double rate);

Handbook chain_of(const Proposal& proposal);
/// The first seven fields of a proposal.
void check_chain(const Proposal& proposal, Checks& checks);

}  // namespace qy::engine::economics

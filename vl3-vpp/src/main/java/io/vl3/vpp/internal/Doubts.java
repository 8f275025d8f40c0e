package io.vl3.vpp.internal;

import java.util.HashSet;
import java.util.Set;

/**
 * The links, by id, of which an agent that is away may hold something. Before the first look it may
 * hold anything of an earlier life, except links that were asked for in vain since: of those
 * nothing was sent. Not thread-safe.
 */
final class Doubts {

  private final KnownItems known;
  private final Set<String> unanswered = new HashSet<>();
  private final Set<String> unsent = new HashSet<>();
  private boolean looked;

  Doubts(KnownItems known) {
    this.known = known;
  }

  /** The agent was looked at: all that it holds is known. */
  void settle() {
    looked = true;
    unanswered.clear();
    unsent.clear();
  }

  /** Something was sent, and what became of it is not known. */
  void unanswered(String id) {
    unanswered.add(id);
  }

  /** The link was asked for in vain; its removal comes next. */
  void unsent(String id) {
    if (!looked) {
      unsent.add(id);
    }
  }

  /** Whether the agent may have something of a link that shall not be. */
  boolean mayHave(String id) {
    boolean nothingOfAnEarlierLife = unsent.remove(id) || looked;
    return !nothingOfAnEarlierLife || unanswered.contains(id) || !known.of(id).isEmpty();
  }
}

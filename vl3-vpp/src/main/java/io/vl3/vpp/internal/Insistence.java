package io.vl3.vpp.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an agent do again what it takes for done. Told a value that it has configured, it answers
 * well and does nothing, whatever VPP has lost since; so what was told and does not run is taken
 * back and told anew, once until it has been seen to run. What does not run then either, because no
 * plugin of the agent cares for it, is a failure of its link. Of routes that is only said: they are
 * known by what VPP makes of them, not by a name of ours. Not thread-safe.
 */
final class Insistence {

  private static final Logger LOG = LoggerFactory.getLogger(Insistence.class);

  private final AgentClient client;
  private final Set<String> insistedOn = new HashSet<>();

  Insistence(AgentClient client) {
    this.client = client;
  }

  /** Looks whether what was sent runs, and sees to it. */
  void on(List<Draft> sent, Sender sender) throws AgentException {
    List<Draft> answered =
        sent.stream().filter(draft -> !sender.failures().containsKey(draft.key())).toList();
    if (answered.isEmpty() || sender.lost().isPresent()) {
      return;
    }
    List<Draft> missing = missing(answered, client.read());
    insistedOn.retainAll(keys(missing));
    if (insistedOn.addAll(keys(missing))) {
      sender.delete(missing.stream().flatMap(draft -> draft.puts().stream()).distinct().toList());
      sender.put(missing);
      missing = sender.lost().isPresent() ? List.of() : missing(missing, client.read());
      if (!missing.isEmpty()) {
        LOG.warn("{}: told anew, and not seen to run: {}", client.agent(), keys(missing));
      }
    }
    missing.forEach(sender::unheeded);
  }

  /** What of the drafts a dump should show, and does not. */
  private static List<Draft> missing(List<Draft> drafts, AgentView view) {
    List<Draft> missing = new ArrayList<>();
    for (Draft draft : drafts) {
      List<Item> items =
          draft.puts().stream()
              .filter(item -> item.kind().dumped() && view.running(item).isEmpty())
              .toList();
      if (!items.isEmpty()) {
        missing.add(new Draft(draft.wanted(), items, false));
      }
    }
    return missing;
  }

  private static Set<String> keys(List<Draft> drafts) {
    return drafts.stream()
        .flatMap(draft -> draft.puts().stream())
        .map(Item::key)
        .collect(Collectors.toSet());
  }
}

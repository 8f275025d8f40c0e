package io.vl3.vpp.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an agent do again what it takes for done. Told a value that it has configured, it answers
 * well and does nothing, whatever has become of it in VPP; so what was told and does not run is
 * taken back and told anew at every look, because an agent that has just found VPP again answers
 * anything; what runs otherwise only once until it has been seen to run so. What does not then
 * either, because no plugin of the agent cares for it or VPP shows something else for it, is a
 * failure of its link. Of routes that is only said: they are known by what VPP makes of them, not
 * by a name of ours.
 *
 * <p>To take back what runs costs packets: of what runs otherwise one object is tried first, and
 * the others only if it helped. Not thread-safe.
 */
final class Insistence {

  private static final Logger LOG = LoggerFactory.getLogger(Insistence.class);

  private final AgentClient client;
  private final KnownItems known;
  private final Set<String> insistedOn = new HashSet<>();

  Insistence(AgentClient client, KnownItems known) {
    this.client = client;
    this.known = known;
  }

  /** Looks whether what was sent runs, and sees to it. */
  void on(List<Draft> sent, Sender sender) throws AgentException {
    List<Draft> answered =
        sent.stream()
            .filter(draft -> !sender.failures().containsKey(draft.key()))
            .map(this::asTold)
            .toList();
    if (answered.isEmpty() || sender.calls().lost().isPresent()) {
      return;
    }
    AgentView view = client.read();
    Map<String, Item> wrong = wrong(answered, view);
    insistedOn.retainAll(wrong.keySet());
    Set<String> before = Set.copyOf(insistedOn);
    AgentView seen = view;
    wrong.values().removeIf(item -> before.contains(item.key()) && seen.running(item).isPresent());
    view = insist(wrong.values(), answered, view, sender);
    report(answered, view, sender);
    wrong.keySet().retainAll(wrong(answered, view).keySet());
    wrong.keySet().retainAll(insistedOn);
    wrong.keySet().removeAll(before);
    if (!wrong.isEmpty()) {
      LOG.warn("{}: told anew, and not seen to run so: {}", client.agent(), wrong.values());
    }
  }

  /** Of objects that something is to be done about; answers what is seen then. */
  private AgentView insist(
      Collection<Item> wrong, List<Draft> drafts, AgentView seen, Sender sender)
      throws AgentException {
    Set<String> gone = new HashSet<>();
    List<String> different = new ArrayList<>();
    wrong.forEach(item -> (seen.running(item).isEmpty() ? gone : different).add(item.key()));
    AgentView view = gone.isEmpty() ? seen : anew(gone, drafts, sender);
    if (different.isEmpty()) {
      return view;
    }
    String first = different.get(0);
    view = anew(Set.of(first), drafts, sender);
    Set<String> left = wrong(drafts, view).keySet();
    boolean helped = !left.contains(first);
    left.retainAll(different);
    return helped && !left.isEmpty() ? anew(left, drafts, sender) : view;
  }

  /** Takes objects back, tells them anew, and looks. */
  private AgentView anew(Set<String> keys, List<Draft> drafts, Sender sender)
      throws AgentException {
    insistedOn.addAll(keys);
    List<Draft> again =
        drafts.stream()
            .map(draft -> draft.with(draft.puts().stream().filter(i -> keys.contains(i.key()))))
            .filter(draft -> !draft.puts().isEmpty())
            .toList();
    sender
        .calls()
        .delete(again.stream().flatMap(draft -> draft.puts().stream()).distinct().toList());
    sender.put(again);
    if (sender.calls().lost().isPresent()) {
      throw sender.calls().lost().get();
    }
    return client.read();
  }

  private static void report(List<Draft> drafts, AgentView view, Sender sender) {
    for (Draft draft : drafts) {
      for (Item item : draft.puts()) {
        if (item.kind() != ItemKind.ROUTE) {
          view.trouble(item).ifPresent(why -> sender.unheeded(draft, item, why(item, why, view)));
        }
      }
    }
  }

  private static String why(Item item, String trouble, AgentView view) {
    return view.running(item).isEmpty()
        ? "does not run, though the agent took it (expected: running)"
        : trouble + ", though the agent took it";
  }

  /** What of the drafts a dump should show, and does not, or otherwise; by key. */
  private static Map<String, Item> wrong(List<Draft> drafts, AgentView view) {
    Map<String, Item> wrong = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      for (Item item : draft.puts()) {
        if (view.trouble(item).isPresent()) {
          wrong.put(item.key(), item);
        }
      }
    }
    return wrong;
  }

  /** With what several links share as it was told for all of them. */
  private Draft asTold(Draft draft) {
    return draft.with(draft.puts().stream().map(i -> known.get(i.key()).orElse(i)));
  }
}

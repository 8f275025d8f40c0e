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
 * Makes an agent do again what it takes for done. An agent that gets a value which it has
 * configured answers well and does nothing, whatever has become of the object in VPP. So an object
 * that was sent and does not run is deleted and sent anew at every look, because an agent that has
 * just found VPP again answers anything. An object that runs otherwise is deleted and sent anew
 * only once, until it has been seen to run as wanted. If it does not run then either, because no
 * plugin of the agent cares for it or VPP shows something else for it, its link has failed. Of a
 * route that is only logged: routes are recognised by what VPP makes of them, not by a name of
 * ours.
 *
 * <p>Deleting an object that runs costs packets. So of several that run otherwise one is tried
 * first, and the others only if that helped. Not thread-safe.
 */
final class Insistence {

  private static final Logger LOG = LoggerFactory.getLogger(Insistence.class);

  private final Configurator client;
  private final KnownItems known;
  private final Set<String> insistedOn = new HashSet<>();

  Insistence(Configurator client, KnownItems known) {
    this.client = client;
    this.known = known;
  }

  /** Looks whether what was sent runs, and sees to it. */
  void on(List<Draft> sent, Sender sender) throws VppException {
    List<Draft> answered =
        sent.stream()
            .filter(draft -> !sender.failures().containsKey(draft.key()))
            .map(this::asTold)
            .toList();
    if (answered.isEmpty() || sender.calls().lost().isPresent()) {
      return;
    }
    VppView view = client.read();
    Map<String, Item> wrong = wrong(answered, view);
    insistedOn.retainAll(wrong.keySet());
    Set<String> before = Set.copyOf(insistedOn);
    VppView seen = view;
    wrong.values().removeIf(item -> before.contains(item.key()) && seen.running(item).isPresent());
    view = insist(wrong.values(), answered, view, sender);
    report(answered, view, sender);
    wrong.keySet().retainAll(wrong(answered, view).keySet());
    wrong.keySet().retainAll(insistedOn);
    wrong.keySet().removeAll(before);
    if (!wrong.isEmpty()) {
      LOG.warn("{}: sent anew, and still not running so: {}", client.subject(), wrong.values());
    }
  }

  /** Sends wrong objects anew; answers what runs then. */
  private VppView insist(Collection<Item> wrong, List<Draft> drafts, VppView seen, Sender sender)
      throws VppException {
    Set<String> gone = new HashSet<>();
    List<String> different = new ArrayList<>();
    wrong.forEach(item -> (seen.running(item).isEmpty() ? gone : different).add(item.key()));
    VppView view = gone.isEmpty() ? seen : anew(gone, drafts, sender);
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

  /** Deletes objects, sends them anew, and looks. */
  private VppView anew(Set<String> keys, List<Draft> drafts, Sender sender) throws VppException {
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

  private static void report(List<Draft> drafts, VppView view, Sender sender) {
    for (Draft draft : drafts) {
      for (Item item : draft.puts()) {
        if (item.kind() != ItemKind.ROUTE) {
          view.trouble(item).ifPresent(why -> sender.unheeded(draft, item, why(item, why, view)));
        }
      }
    }
  }

  private static String why(Item item, String trouble, VppView view) {
    return view.running(item).isEmpty()
        ? "does not run, though the agent took it (expected: running)"
        : trouble + ", though the agent took it";
  }

  /** The objects of the drafts that a dump does not show, or shows otherwise; by key. */
  private static Map<String, Item> wrong(List<Draft> drafts, VppView view) {
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

  /** The draft with shared objects as they were sent for all links. */
  private Draft asTold(Draft draft) {
    return draft.with(draft.puts().stream().map(i -> known.get(i.key()).orElse(i)));
  }
}

package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.vpp.VppSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an agent to the desired state. It knows the wanted links and the objects that the agent
 * holds, and sends the difference: additions first, then deletions. Objects that it finds at its
 * first look and nobody wants are an earlier life's: they are left alone until somebody removes
 * them. Any other object of ours that is not wanted goes at once.
 *
 * <p>Used by the holder of the {@link Turn}; any thread may call {@link #size}, {@link
 * #interfaceOf} and {@link #isSocketOfAnother}. Calls block.
 */
public final class Programmer {

  private static final Logger LOG = LoggerFactory.getLogger(Programmer.class);

  /** The begin of a key that stands for an id of an earlier life, whose own key is not known. */
  private static final String UNKNOWN = "#";

  private final Configurator client;
  private final OwnerNames names;
  private final LinkRenderer renderer;
  private final Drafting drafting;
  private final DesiredState desired;
  private final KnownItems known;
  private final Inheritance inherited = new Inheritance();
  private final Doubts doubts;
  private final Insistence insistence;
  private final Removals removals;
  private final StaleRoutes stale;
  private final VppSettings settings;
  private Map<LinkKey, String> problems = Map.of();
  private Optional<VppView> seen = Optional.empty();
  private boolean settled;
  private boolean compared;

  /** A programmer that wants nothing yet. */
  public Programmer(Configurator client, VppSettings settings) {
    this.client = client;
    this.settings = settings;
    this.names = new OwnerNames(settings.owner());
    this.desired = new DesiredState(names);
    this.renderer = new LinkRenderer(settings, names, client.setsMtuOfPackets());
    this.known = new KnownItems(settings, names);
    this.drafting = new Drafting(names, renderer, desired, known);
    this.doubts = new Doubts(known);
    this.insistence = new Insistence(client, known);
    this.removals = new Removals(client, names, desired, known, inherited);
    this.stale = new StaleRoutes(client, names);
  }

  /**
   * The outcome of changes.
   *
   * @param outcomes one per change
   * @param lost why the agent was lost on the way
   */
  public record Result(List<LinkOutcome> outcomes, Optional<VppException> lost) {}

  /** Makes changes. */
  public Result apply(List<LinkChange> changes) {
    Handovers handovers = new Handovers(changes, desired, renderer);
    Map<LinkKey, LinkOutcome> outcomes = new HashMap<>();
    Optional<VppException> lost = Optional.empty();
    for (List<LinkChange> round : handovers.rounds()) {
      if (lost.isEmpty()) {
        lost = apply(round, outcomes);
      } else {
        Failed away = new Failed(Reason.UNAVAILABLE, lost.get().getMessage());
        round.forEach(change -> outcomes.put(change.key(), whileAway(change, away)));
      }
    }
    List<DesiredState.Wanted> restored =
        handovers.exchanging().stream()
            .filter(before -> outcomes.get(before.link().key()) instanceof Failed)
            .filter(this::wantAgain)
            .toList();
    if (lost.isEmpty()) {
      lost = mend(restored);
    }
    return new Result(changes.stream().map(change -> outcome(change, outcomes)).toList(), lost);
  }

  /** Makes one round of changes and writes its outcomes; answers why the agent was lost. */
  private Optional<VppException> apply(
      List<LinkChange> changes, Map<LinkKey, LinkOutcome> outcomes) {
    changes.forEach(change -> outcomes.remove(change.key()));
    List<Draft> drafts = drafts(changes, outcomes);
    Sender sender = new Sender(client, known, names);
    evict(sender.calls(), drafts);
    send(drafts.stream().filter(draft -> !draft.puts().isEmpty()).toList(), sender);
    outcomes.putAll(sender.failures());
    Map<LinkKey, List<Item>> obsolete =
        removals.spare(commit(changes, drafts, outcomes), sender.calls());
    removals.delete(sender.calls(), obsolete, changes, outcomes);
    removals.trim(sender.calls());
    if (sender.calls().lost().isPresent()) {
      drafts.forEach(draft -> doubts.unanswered(id(draft.key())));
    }
    return sender.calls().lost();
  }

  /**
   * Answers changes while the agent is away. A link that is wanted so already stays wanted. A link
   * that shall go goes when the agent is back. The removal of a link that was never there succeeds.
   * Anything else fails.
   */
  public List<LinkOutcome> whileAway(List<LinkChange> changes, Failed away) {
    return changes.stream().map(change -> whileAway(change, away)).toList();
  }

  private LinkOutcome whileAway(LinkChange change, Failed away) {
    Optional<DesiredState.Wanted> had = desired.get(change.key());
    if (change instanceof LinkChange.Put put) {
      if (had.isEmpty()) {
        doubts.unsent(id(change.key()));
      }
      boolean asBefore = had.filter(wanted -> wanted.link().equals(put.link())).isPresent();
      return asBefore ? new Applied(false, renderer.mtuBytes(put.link())) : away;
    }
    desired.remove(change.key());
    boolean mayHave = doubts.mayHave(id(change.key()));
    return had.isPresent() || mayHave ? away : new Applied(false, 0);
  }

  /**
   * Reads what the agent holds and mends what differs from the desired state.
   *
   * @param reading a read that began before, and has run
   * @param hostAnew whether what the interface that leads to the kernel has is gone
   * @throws VppException if the agent could not be read, or was lost on the way; UNFIT if it lacks
   *     a plugin that is needed
   */
  public void compare(Optional<Configurator.Reading> reading, boolean hostAnew)
      throws VppException {
    if (!hostAnew && reading.isPresent() && isAsLeft(reading.get())) {
      return;
    }
    VppView view = reading.isPresent() ? client.read(reading.get()) : client.read();
    if (hostAnew) {
      view = withoutHost(view);
    }
    seen = Optional.of(view);
    Optional<String> objection = client.objection(view, settings);
    if (objection.isPresent()) {
      throw VppException.unfit(client.subject(), objection.get());
    }
    known.reset(view);
    doubts.settle();
    if (!compared) {
      inherited.begin(known);
      compared = true;
    }
    Sender sender = new Sender(client, known, names);
    stale.see(view);
    stale.delete(view, sender.calls());
    sender.calls().delete(removals.garbage(view));
    List<Draft> repairs = drafting.repairs(desired.all());
    stale.put(repairs, sender);
    stale.clear(sender.calls());
    insistence.on(repairs, sender);
    removals.trim(sender.calls());
    if (sender.calls().lost().isPresent()) {
      throw sender.calls().lost().get();
    }
    Map<LinkKey, String> left = new LinkedHashMap<>();
    sender.failures().forEach((key, failed) -> left.put(key, failed.message()));
    boolean news = repairs.size() > left.size() || !left.equals(problems);
    problems = left;
    settled = left.isEmpty();
    if (news) {
      LOG.info("{}: {} links mended, {} not", client.subject(), repairs.size() - left.size(), left);
    }
  }

  /** Then there is nothing to mend: what is wanted and what is known are not even walked. */
  private boolean isAsLeft(Configurator.Reading reading) throws VppException {
    return settled && known.isSure() && seen.isPresent() && client.confirms(reading, seen.get());
  }

  private VppView withoutHost(VppView view) throws VppException {
    List<Item> stale =
        view.running().stream()
            .filter(item -> item.kind() == ItemKind.INTERFACE)
            .filter(item -> item.name().equals(names.hostName()))
            .toList();
    if (stale.isEmpty()) {
      return view;
    }
    client.delete(stale);
    return client.read();
  }

  /** The links that exist, whoever wants them; an earlier life's show as ids. */
  public Set<LinkKey> keys() {
    Map<String, LinkKey> wanted = new HashMap<>();
    desired.all().forEach(w -> wanted.put(names.id(w.link().key()), w.link().key()));
    Set<LinkKey> keys = new HashSet<>();
    for (String id : known.ids()) {
      boolean isLink = wanted.containsKey(id);
      boolean unwanted = known.of(id).stream().anyMatch(item -> !desired.wants(item.key()));
      if (isLink || unwanted) {
        keys.add(wanted.getOrDefault(id, new LinkKey(UNKNOWN + id)));
      }
    }
    return keys;
  }

  /** The wanted links that interfaces of these names are of. May be asked by any thread. */
  public Set<LinkKey> keysOf(Set<String> interfaceNames) {
    Set<LinkKey> keys = new HashSet<>();
    interfaceNames.forEach(name -> names.idOf(name).flatMap(desired::ofId).ifPresent(keys::add));
    return keys;
  }

  /** The interface of a wanted link. May be asked by any thread. */
  public Optional<String> interfaceOf(LinkKey key) {
    return desired.interfaceOf(key);
  }

  /** Links that are wanted and not there, and why. */
  public Map<LinkKey, String> problems() {
    return Map.copyOf(problems);
  }

  /** How many links are wanted. */
  public int size() {
    return desired.size();
  }

  /** Whether an interface of another link of ours has that socket, wanted or left over. */
  public boolean isSocketOfAnother(String socket, LinkKey key) {
    return known.idOfSocket(socket).filter(id -> !id.equals(names.id(key))).isPresent();
  }

  /** The socket that the link's interface has, wanted or left over. */
  public Optional<String> socketOf(LinkKey key) {
    return known.socketOfId(names.id(key));
  }

  private List<Draft> drafts(List<LinkChange> changes, Map<LinkKey, LinkOutcome> outcomes) {
    List<Draft> drafts = new ArrayList<>();
    Map<String, LinkKey> staged = new HashMap<>();
    for (LinkChange change : changes) {
      if (change instanceof LinkChange.Put put) {
        try {
          drafts.add(drafting.draft(put.link(), staged));
        } catch (EndpointException refusal) {
          outcomes.put(put.key(), new Failed(refusal.reason(), refusal.getMessage()));
        }
      }
    }
    return drafts;
  }

  /** Leftovers of an earlier life give way to a link that got their address or socket. */
  private void evict(Calls calls, List<Draft> drafts) {
    Set<String> ids = new HashSet<>();
    for (Draft draft : drafts) {
      ids.addAll(inherited.inTheWayOf(id(draft.key()), draft.puts()));
    }
    List<Item> items =
        ids.stream()
            .flatMap(id -> known.of(id).stream())
            .filter(item -> !desired.wants(item.key()))
            .toList();
    if (!items.isEmpty()) {
      LOG.info("{}: leftovers give way to new links: {}", client.subject(), items);
      calls.delete(items);
      ids.forEach(inherited::remove);
    }
  }

  /**
   * A link that gave up ports and did not become what it should have is wanted as it was before,
   * unless somebody has what it had.
   */
  private boolean wantAgain(DesiredState.Wanted before) {
    try {
      desired.check(before.link().key(), before.objects(), new HashMap<>());
      desired.put(before);
      return true;
    } catch (EndpointException taken) {
      LOG.warn(
          "{}: {}: gave up what it had: {}",
          client.subject(),
          before.link().key(),
          taken.getMessage());
      return false;
    }
  }

  private void send(List<Draft> drafts, Sender sender) {
    try {
      stale.put(drafts, sender);
    } catch (VppException failure) {
      sender.calls().lose(failure);
      sender.put(drafts);
    }
  }

  /** Sends what does not run as it is wanted; the next look tries again what fails. */
  private Optional<VppException> mend(List<DesiredState.Wanted> links) {
    Sender sender = new Sender(client, known, names);
    sender.put(drafting.repairs(links));
    settled &= sender.failures().isEmpty();
    return sender.calls().lost();
  }

  /** Takes over the changes that succeeded, and answers the objects that are obsolete by them. */
  private Map<LinkKey, List<Item>> commit(
      List<LinkChange> changes, List<Draft> drafts, Map<LinkKey, LinkOutcome> outcomes) {
    Map<LinkKey, Set<Item>> candidates = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      if (!outcomes.containsKey(draft.key())) {
        candidates.put(draft.key(), ofLink(draft.key()));
        desired.put(draft.wanted());
        boolean sent = !draft.puts().isEmpty();
        outcomes.put(draft.key(), new Applied(sent, renderer.mtuBytes(draft.wanted().link())));
      }
    }
    for (LinkChange change : changes) {
      if (change instanceof LinkChange.Remove) {
        candidates.put(change.key(), ofLink(change.key()));
        desired.remove(change.key());
      }
    }
    Map<LinkKey, List<Item>> obsolete = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    candidates.forEach(
        (key, items) ->
            obsolete.put(
                key,
                items.stream()
                    .filter(item -> !desired.wants(item.key()) && taken.add(item.key()))
                    .toList()));
    candidates.keySet().forEach(key -> inherited.remove(id(key)));
    return obsolete;
  }

  /** The objects of a link that the agent holds, shared ones too. */
  private Set<Item> ofLink(LinkKey key) {
    Set<Item> items = new HashSet<>(known.of(id(key)));
    desired
        .get(key)
        .ifPresent(
            wanted ->
                wanted.objects().items().stream()
                    .flatMap(item -> known.get(item.key()).stream())
                    .forEach(items::add));
    return items;
  }

  private static LinkOutcome outcome(LinkChange change, Map<LinkKey, LinkOutcome> outcomes) {
    return outcomes.getOrDefault(change.key(), new Applied(false, 0));
  }

  /**
   * A leftover's key stands for its id. Any other caller with such a key reaches only leftovers.
   */
  private String id(LinkKey key) {
    return key.value().startsWith(UNKNOWN)
        ? key.value().substring(UNKNOWN.length())
        : names.id(key);
  }
}

package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiMessage;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Which interfaces of ours there are and whether somebody is at their other end, kept up by VPP's
 * events between looks.
 *
 * <p>Thread-safe; does not block.
 */
final class LinkStates {

  private static final int ADMIN_UP = 1;
  private static final int LINK_UP = 2;

  private record State(String name, boolean linkUp) {}

  private final Map<Integer, State> states = new ConcurrentHashMap<>();
  private final Set<String> wereUp = ConcurrentHashMap.newKeySet();
  private final Set<Integer> heard = ConcurrentHashMap.newKeySet();
  private final Runnable onSurprise;
  private final BiConsumer<Integer, String> onLinkUp;

  /**
   * Nothing is known yet.
   *
   * @param onSurprise notified when something is not as we left it
   * @param onLinkUp receives number and name of an interface whose other end came
   */
  LinkStates(Runnable onSurprise, BiConsumer<Integer, String> onLinkUp) {
    this.onSurprise = onSurprise;
    this.onLinkUp = onLinkUp;
  }

  /** A look begins: what is heard from now on is newer than what it finds. */
  void note() {
    heard.clear();
  }

  /**
   * Takes the state of what a look found.
   *
   * @param touched interfaces that the look did not see as they are
   */
  void seen(Image image, Set<Integer> touched) {
    for (Face face : image.faces()) {
      if (face.isTagged() && !touched.contains(face.index())) {
        put(face);
      }
    }
  }

  /** Takes the state that a look found, and forgets what is not there. */
  void reset(Image image, Set<Integer> touched) {
    seen(image, touched);
    Set<Integer> there = new HashSet<>();
    image.faces().stream().filter(Face::isTagged).forEach(face -> there.add(face.index()));
    states.keySet().retainAll(there);
    Set<String> names = new HashSet<>();
    states.values().forEach(state -> names.add(state.name()));
    wereUp.retainAll(names);
  }

  /** An interface of ours. */
  void put(Face face) {
    int index = face.index();
    State before = states.get(index);
    State now =
        states.compute(
            index,
            (same, is) -> {
              boolean newer = is != null && heard.contains(index);
              return new State(face.name(), newer ? is.linkUp() : face.linkUp());
            });
    if (now.linkUp()) {
      wereUp.add(face.name());
      if (before == null || !before.linkUp()) {
        onLinkUp.accept(index, face.name());
      }
    }
  }

  /** We are about to take it away: what is heard of it is no surprise. */
  void remove(Face face) {
    states.remove(face.index());
    heard.remove(face.index());
    wereUp.remove(face.name());
  }

  /** Interfaces that had somebody at their other end, and have not now. */
  Set<String> cutOff() {
    Set<String> names = new HashSet<>(wereUp);
    states.values().stream().filter(State::linkUp).forEach(state -> names.remove(state.name()));
    return names;
  }

  /**
   * Takes an event of VPP. It tells what came up, and nothing of what is as it was; one that tells
   * nothing is of something that went down.
   */
  void event(ApiMessage event) {
    int index = event.intValue("sw_if_index");
    State state = states.get(index);
    if (state == null) {
      return;
    }
    heard.add(index);
    if (event.is("deleted")) {
      states.remove(index);
      onSurprise.run();
      return;
    }
    boolean switchedOn = (event.number("flags") & ADMIN_UP) != 0;
    boolean linkCame = (event.number("flags") & LINK_UP) != 0;
    boolean up = linkCame || (switchedOn && state.linkUp());
    boolean wasCutOff = !state.linkUp() && wereUp.contains(state.name());
    states.put(index, new State(state.name(), up));
    if (linkCame && !state.linkUp()) {
      wereUp.add(state.name());
      onLinkUp.accept(index, state.name());
    }
    boolean somethingWent = !switchedOn && !linkCame;
    if (somethingWent && !wasCutOff) {
      onSurprise.run(); // One that is cut off is switched off and on by us: no news.
    }
  }
}

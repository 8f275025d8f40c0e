package io.vl3.cli.admin;

import java.util.Map;

/** Colours of the words that say how something is; none where nobody looks at a terminal. */
public enum Paint {
  /** As it is. */
  PLAIN {
    @Override
    public String word(String cell) {
      return cell;
    }
  },
  /** Good is green, bad is red, between them is yellow. */
  COLOURED {
    @Override
    public String word(String cell) {
      String colour = COLOURS.get(cell);
      return colour == null ? cell : "\u001b[" + colour + "m" + cell + "\u001b[0m";
    }
  };

  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String RED = "31";

  private static final Map<String, String> COLOURS =
      Map.ofEntries(
          Map.entry("up", GREEN),
          Map.entry("attached", GREEN),
          Map.entry("installed", GREEN),
          Map.entry("arrives", GREEN),
          Map.entry("well", GREEN),
          Map.entry("registering", YELLOW),
          Map.entry("starting", YELLOW),
          Map.entry("waiting", YELLOW),
          Map.entry("dialling", YELLOW),
          Map.entry("absent", YELLOW),
          Map.entry("warning", YELLOW),
          Map.entry("unwanted", YELLOW),
          Map.entry("degraded", RED),
          Map.entry("backing-off", RED),
          Map.entry("down", RED),
          Map.entry("missing", RED),
          Map.entry("error", RED));

  /** The word, with its colour if it has one. */
  public abstract String word(String cell);

  /** Colours on a terminal, unless {@code NO_COLOR} says otherwise (no-color.org). */
  public static Paint of(boolean terminal, Map<String, String> environment) {
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
    return terminal && !refused && !dumb ? COLOURED : PLAIN;
  }
}

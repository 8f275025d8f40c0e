package io.vl3.vpp.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was said between the product and a real VPP, octet by octet, in talks. As text: {@code
 * message NUMBER NAME_CRC} is a line of that VPP's table, {@code talk NAME} begins a talk, {@code
 * >} is a request, {@code <} one of its answers. Octets are hexadecimal digits; {@code (N)} stands
 * for N octets of zero.
 */
public final class Recording {

  private static final int SHORTEST_RUN = 4;
  private static final Pattern RUN = Pattern.compile("\\((\\d+)\\)");

  /** A request and what answered it. */
  public record Exchange(ApiBytes request, List<ApiBytes> answers) {}

  private final Map<Integer, String> table = new TreeMap<>();
  private final Map<String, List<Exchange>> talks = new LinkedHashMap<>();

  /** Nothing was said yet. */
  public Recording() {}

  /** The recording that is kept of a version. */
  public static Recording kept(String version) {
    try (InputStream in = Recording.class.getResourceAsStream("/vpp-api/" + version + ".talks")) {
      if (in == null) {
        throw new IllegalArgumentException("version: " + version + " (expected: a recorded one)");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Recording parse(String text) {
    Recording recording = new Recording();
    List<Exchange> talk = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "message" -> recording.table.put(Integer.parseInt(words[1]), words[2]);
        case "talk" -> talk = recording.talk(line.substring("talk ".length()));
        case ">" -> talk.add(new Exchange(octets(words[1]), new ArrayList<>()));
        case "<" -> talk.get(talk.size() - 1).answers().add(octets(words[1]));
        default -> throw new IllegalArgumentException("line: " + line);
      }
    }
    return recording;
  }

  /** The messages of the VPP by their numbers, each as NAME_CRC. */
  Map<Integer, String> table() {
    return table;
  }

  /** What was said in a talk; a new one if there is none of the name. */
  public List<Exchange> talk(String name) {
    return talks.computeIfAbsent(name, none -> new ArrayList<>());
  }

  /** The names of the talks. */
  public List<String> talks() {
    return List.copyOf(talks.keySet());
  }

  /** As text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    table.forEach((number, name) -> text.append("message %d %s%n".formatted(number, name)));
    talks.forEach(
        (name, exchanges) -> {
          text.append("talk ").append(name).append('\n');
          for (Exchange exchange : exchanges) {
            text.append("> ").append(digits(exchange.request())).append('\n');
            exchange.answers().forEach(one -> text.append("< ").append(digits(one)).append('\n'));
          }
        });
    return text.toString();
  }

  private static String digits(ApiBytes message) {
    byte[] octets = message.toArray();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < octets.length) {
      int end = at;
      while (end < octets.length && octets[end] == 0) {
        end++;
      }
      if (end - at >= SHORTEST_RUN) {
        text.append('(').append(end - at).append(')');
        at = end;
      } else {
        text.append(HexFormat.of().toHexDigits(octets[at++]));
      }
    }
    return text.toString();
  }

  private static ApiBytes octets(String digits) {
    Matcher runs = RUN.matcher(digits);
    String all = runs.replaceAll(run -> "00".repeat(Integer.parseInt(run.group(1))));
    return ApiBytes.of(HexFormat.of().parseHex(all));
  }
}

package io.vl3.cli.diagnose.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What of a rule set drops packets: rules in chains that packets come to, and policies. Source:
 * libnftables-json(5).
 */
final class NftRules {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<JsonNode> chains;
  private final List<JsonNode> rules;

  private NftRules(JsonNode root) {
    this.chains = all(root, "chain");
    this.rules = all(root, "rule");
  }

  /**
   * Something that drops.
   *
   * @param chain {@code FAMILY TABLE CHAIN}
   * @param words the rule, about as it was written
   * @param packets how many it has counted; empty: it does not count
   */
  record Drop(String chain, String words, Optional<Long> packets) {}

  /** The rules that drop packets in the output of {@code nft -j list ruleset}. */
  static List<Drop> drops(String json) throws JsonProcessingException {
    return new NftRules(MAPPER.readTree(json).path("nftables")).drops();
  }

  private static List<JsonNode> all(JsonNode root, String kind) {
    return children(root).filter(node -> node.has(kind)).map(node -> node.get(kind)).toList();
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private List<Drop> drops() {
    List<Drop> drops = new ArrayList<>();
    Set<String> reached = new HashSet<>();
    chains.stream()
        .filter(chain -> chain.has("hook"))
        .forEach(chain -> reach(name(chain), reached));
    chains.stream()
        .filter(chain -> chain.path("policy").asText().equals("drop"))
        .forEach(chain -> drops.add(new Drop(name(chain), "policy drop", Optional.empty())));
    for (JsonNode rule : rules) {
      if (reached.contains(chainOf(rule)) && verdicts(rule).anyMatch(NftRules::drops)) {
        drops.add(new Drop(chainOf(rule), words(rule), packets(rule)));
      }
    }
    return drops;
  }

  /** Follows jumps and gotos, which stay within a table. */
  private void reach(String chain, Set<String> reached) {
    if (!reached.add(chain)) {
      return;
    }
    String table = chain.substring(0, chain.lastIndexOf(' ') + 1);
    for (JsonNode rule : rules) {
      if (chainOf(rule).equals(chain)) {
        for (JsonNode verdict : rule.path("expr")) {
          for (String leap : List.of("jump", "goto")) {
            if (verdict.has(leap)) {
              reach(table + verdict.get(leap).path("target").asText(), reached);
            }
          }
        }
      }
    }
  }

  private static Stream<JsonNode> verdicts(JsonNode rule) {
    return children(rule.path("expr"));
  }

  private static boolean drops(JsonNode verdict) {
    return verdict.has("drop") || verdict.has("reject");
  }

  private static Optional<Long> packets(JsonNode rule) {
    return verdicts(rule)
        .filter(part -> part.has("counter"))
        .map(part -> part.get("counter").path("packets").asLong())
        .findFirst();
  }

  private static String name(JsonNode chain) {
    return "%s %s %s"
        .formatted(
            chain.path("family").asText(),
            chain.path("table").asText(),
            chain.path("name").asText());
  }

  private static String chainOf(JsonNode rule) {
    return "%s %s %s"
        .formatted(
            rule.path("family").asText(), rule.path("table").asText(), rule.path("chain").asText());
  }

  private static String words(JsonNode rule) {
    List<String> words = new ArrayList<>();
    verdicts(rule).forEach(part -> words.add(word(part)));
    return String.join(" ", words);
  }

  private static String word(JsonNode part) {
    if (part.has("match")) {
      JsonNode match = part.get("match");
      String operator =
          match.path("op").asText().equals("==") ? "" : match.path("op").asText() + " ";
      return operand(match.path("left")) + " " + operator + operand(match.path("right"));
    }
    return part.fieldNames().hasNext() ? part.fieldNames().next() : part.asText();
  }

  private static String operand(JsonNode side) {
    if (side.has("payload")) {
      JsonNode payload = side.get("payload");
      return payload.path("protocol").asText() + " " + payload.path("field").asText();
    }
    if (side.has("meta")) {
      return side.get("meta").path("key").asText();
    }
    if (side.has("prefix")) {
      JsonNode prefix = side.get("prefix");
      return prefix.path("addr").asText() + "/" + prefix.path("len").asText();
    }
    return side.isValueNode() ? side.asText() : side.toString();
  }
}

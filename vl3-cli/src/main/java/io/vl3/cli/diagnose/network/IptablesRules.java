package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.network.NftRules.Drop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that drop packets in the output of {@code iptables-save -c}, whichever chain they are
 * in.
 */
final class IptablesRules {

  private static final Pattern POLICY = Pattern.compile(":(\\S+) DROP \\[([0-9]+):[0-9]+]");
  private static final Pattern RULE =
      Pattern.compile("\\[([0-9]+):[0-9]+] (-A (\\S+) .*-j (?:DROP|REJECT)\\b.*)");

  private IptablesRules() {}

  static List<Drop> drops(String saved) {
    List<Drop> drops = new ArrayList<>();
    for (String line : saved.lines().toList()) {
      Matcher policy = POLICY.matcher(line);
      Matcher rule = RULE.matcher(line);
      if (policy.matches()) {
        drops.add(new Drop("iptables " + policy.group(1), "policy DROP", count(policy.group(2))));
      } else if (rule.matches()) {
        drops.add(new Drop("iptables " + rule.group(3), rule.group(2), count(rule.group(1))));
      }
    }
    return drops;
  }

  private static Optional<Long> count(String packets) {
    return Optional.of(Long.valueOf(packets));
  }
}

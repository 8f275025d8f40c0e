package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.network.NftRules.Drop;
import io.vl3.cli.diagnose.scene.Commands;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether somebody's packet filter is in the way: vl3 makes no rule itself. */
public final class FirewallCheck implements Check<Scene> {

  private static final List<String> NFT = List.of("nft", "-j", "list", "ruleset");

  /** Of the older kind, which nft does not show. */
  private static final List<List<String>> LEGACY =
      List.of(List.of("iptables-legacy-save", "-c"), List.of("ip6tables-legacy-save", "-c"));

  /** A check. */
  public FirewallCheck() {}

  @Override
  public String name() {
    return "firewall";
  }

  @Override
  public String tries() {
    return "List the rules of nftables and iptables in the namespace of each NSE: those that drop or"
        + " reject. It is an error where a rule has counted packets or explains what is lost, else a"
        + " warning.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    List<Site> sites = scene.sites();
    if (sites.isEmpty()) {
      return Answer.skipped("no namespace of an NSE is here");
    }
    if (Commands.find("nft").isEmpty()) {
      return Answer.skipped("nft is not installed (package nftables)");
    }
    List<Finding> findings = new ArrayList<>();
    for (Site site : sites) {
      List<Drop> drops = drops(site);
      if (!drops.isEmpty()) {
        findings.add(finding(site, drops));
      }
    }
    return Answer.of("%d namespaces looked at".formatted(sites.size()), findings);
  }

  private static List<Drop> drops(Site site) throws IOException {
    List<Drop> drops = new ArrayList<>();
    Commands.Result listed = Commands.run(site.netns(), NFT);
    if (listed.code() != 0) {
      throw new IOException("nft: " + listed.words());
    }
    drops.addAll(NftRules.drops(listed.output()));
    for (List<String> line : LEGACY) {
      if (Commands.find(line.get(0)).isPresent()) {
        Commands.Result saved = Commands.run(site.netns(), line);
        drops.addAll(saved.code() == 0 ? IptablesRules.drops(saved.output()) : List.of());
      }
    }
    return drops;
  }

  private static Finding finding(Site site, List<Drop> drops) {
    boolean hit = drops.stream().anyMatch(drop -> drop.packets().orElse(0L) > 0);
    String where = "%s, chain %s".formatted(site.nse(), drops.get(0).chain());
    List<String> words = drops.stream().limit(5).map(FirewallCheck::words).toList();
    String found =
        "%d in %s: %s.".formatted(drops.size(), site.namespace(), String.join("; ", words));
    return hit
        ? Finding.error(Fault.FIREWALL_DROPS, Set.of(site.nse()), where, found)
        : Finding.warning(Fault.FIREWALL_DROPS, Set.of(site.nse()), where, found);
  }

  private static String words(Drop drop) {
    return "%s: `%s`%s"
        .formatted(
            drop.chain(), drop.words(), drop.packets().map(" (%d packets)"::formatted).orElse(""));
  }
}

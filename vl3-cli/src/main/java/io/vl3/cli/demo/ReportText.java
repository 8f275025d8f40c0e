package io.vl3.cli.demo;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.pairs.Pair;
import io.vl3.cli.pairs.PairText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The report for people: who reaches whom, and a picture of the topology. */
final class ReportText {

  /** Wider matrices do not fit a terminal; then only what fails is listed. */
  private static final int WIDEST_MATRIX = 12;

  private ReportText() {}

  static String of(DemoPlan plan, DemoReport report) {
    Map<String, String> addresses = addresses(report);
    StringBuilder text = new StringBuilder();
    text.append(topology(plan, addresses)).append('\n');
    if (report.pairs() == 0) {
      return text.append(alone(report)).toString();
    }
    if (plan.workloads().count() <= WIDEST_MATRIX) {
      text.append(matrix(report, addresses)).append('\n');
    } else {
      text.append(PairText.roundTrips(report.results()));
    }
    text.append(PairText.failures(report.results()));
    text.append(
        String.format(
            Locale.ROOT,
            "%d of %d pairs answer; set up in %.1f s%n",
            report.reachable(),
            report.pairs(),
            report.setupSeconds()));
    return text.toString();
  }

  private static String alone(DemoReport report) {
    return String.format(
        Locale.ROOT,
        "one workload, attached in %.1f s; no pair to fetch a page between%n",
        report.setupSeconds());
  }

  static String topology(DemoPlan plan, Map<String, String> addresses) {
    StringBuilder text = new StringBuilder();
    int nses = Math.toIntExact(plan.nses().count());
    text.append("virtual layer 3 '%s' %s: ".formatted(DemoPlan.SERVICE, DemoPlan.POOL))
        .append("%d NSEs, every two of them linked (%s)%n".formatted(nses, links(nses)));
    for (Domain domain : plan.domains()) {
      boolean last = domain.equals(plan.domains().get(plan.domains().size() - 1));
      text.append(
          " |\n +-- domain %s: node %s\n".formatted(domain.name(), domain.underlayAddress()));
      appendNses(text, domain, last ? "    " : " |  ", addresses);
    }
    return text.toString();
  }

  private static String links(int nses) {
    int links = nses * (nses - 1) / 2;
    return links + (links == 1 ? " link" : " links");
  }

  private static void appendNses(
      StringBuilder text, Domain domain, String indent, Map<String, String> addresses) {
    for (Nse nse : domain.nses()) {
      text.append("%s  +-- %s %s\n".formatted(indent, nse.name(), nse.prefix()));
      addresses.forEach(
          (workload, address) -> {
            if (nse.owns(address)) {
              text.append("%s  |     o %s %s\n".formatted(indent, workload, address));
            }
          });
    }
  }

  private static String matrix(DemoReport report, Map<String, String> addresses) {
    List<String> names = new ArrayList<>(names(report));
    Map<String, Pair> byPair = new LinkedHashMap<>();
    report.results().forEach(pair -> byPair.put(pair.from() + ">" + pair.to(), pair));
    StringBuilder text = new StringBuilder("%-28s".formatted("from \\ to, round trip in ms"));
    names.forEach(name -> text.append("%8s".formatted(name)));
    for (String from : names) {
      text.append("\n%-8s %-19s".formatted(from, addresses.getOrDefault(from, "-")));
      names.forEach(to -> text.append("%8s".formatted(PairText.cell(byPair.get(from + ">" + to)))));
    }
    return text.append('\n').toString();
  }

  private static Map<String, String> addresses(DemoReport report) {
    Map<String, String> addresses = new LinkedHashMap<>();
    for (String name : names(report)) {
      report.results().stream()
          .filter(pair -> pair.to().equals(name) && !pair.address().isEmpty())
          .findFirst()
          .ifPresent(pair -> addresses.put(name, pair.address()));
    }
    return addresses;
  }

  private static Set<String> names(DemoReport report) {
    Set<String> names = new LinkedHashSet<>();
    report.results().forEach(pair -> names.add(pair.from()));
    return names;
  }
}

package io.vl3.cli.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.cli.admin.Json;
import io.vl3.cli.pairs.Pair;
import io.vl3.cli.pairs.PairText;
import io.vl3.cli.render.TextTable;
import io.vl3.internal.log.Printable;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The findings of a verification, for people and as a record. */
public final class VerifyText {

  private static final int VERSION = 1;
  private static final int WIDTH = 80;

  /** Wider matrices do not fit; then only what fails is listed. */
  private static final int WIDEST_MATRIX = 8;

  private static final int MOST_LINES = 20;

  private final Verified found;
  private final StringBuilder out = new StringBuilder();

  private VerifyText(Verified found) {
    this.found = found;
  }

  /** As JSON; docs/admin.md documents the record. */
  public static String json(Verified found, Map<String, String> silent) {
    ObjectNode root = Json.root(VERSION, silent);
    root.put("ok", found.isWell());
    root.setAll((ObjectNode) new ObjectMapper().valueToTree(found));
    return Json.text(root);
  }

  /** The matrix of pairs, the failures, and a line for each kind of try. */
  public static String table(Verified found) {
    VerifyText text = new VerifyText(found);
    Stream.of(IpFamily.values()).forEach(text::matrix);
    text.rates();
    text.failures();
    text.summary();
    return text.out.toString();
  }

  private void matrix(IpFamily family) {
    List<Pair> pairs =
        found.pairs().stream()
            .filter(
                pair ->
                    IpAddress.tryParse(pair.address())
                        .filter(to -> to.family() == family)
                        .isPresent())
            .toList();
    List<String> names =
        pairs.stream().flatMap(pair -> Stream.of(pair.from(), pair.to())).distinct().toList();
    if (names.isEmpty()) {
      return;
    }
    if (names.size() > WIDEST_MATRIX) {
      out.append(PairText.roundTrips(pairs)).append('\n');
      return;
    }
    out.append(
        "from \\ to, round trip in ms, %s%n".formatted(family == IpFamily.IPV4 ? "IPv4" : "IPv6"));
    out.append(matrix(pairs, names).fitting("", WIDTH, cell -> cell)).append('\n');
  }

  private static TextTable matrix(List<Pair> pairs, List<String> names) {
    Map<List<String>, Pair> cells = new HashMap<>();
    pairs.forEach(
        pair ->
            cells.merge(
                List.of(pair.from(), pair.to()), pair, (one, other) -> one.ok() ? other : one));
    List<String> head = new ArrayList<>(List.of(""));
    for (int i = 1; i <= names.size(); i++) {
      head.add(String.valueOf(i));
    }
    TextTable table = new TextTable().row(head);
    for (int i = 0; i < names.size(); i++) {
      List<String> row = new ArrayList<>(List.of((i + 1) + " " + names.get(i)));
      for (String to : names) {
        row.add(PairText.cell(cells.get(List.of(names.get(i), to))));
      }
      table.row(row);
    }
    return table;
  }

  private void rates() {
    if (found.rates().isEmpty()) {
      return;
    }
    TextTable table = new TextTable().row(List.of("FROM", "TO", "ADDRESS", "MBIT/S"));
    found
        .rates()
        .forEach(
            rate ->
                table.row(
                    List.of(
                        rate.from(),
                        rate.to(),
                        rate.address(),
                        rate.ok() ? String.valueOf(rate.megabitsPerSecond()) : "FAIL")));
    out.append(table.fitting("", WIDTH, cell -> cell)).append('\n');
  }

  private void failures() {
    List<String> lines = new ArrayList<>();
    Stream.concat(found.links().stream(), found.pairs().stream())
        .filter(pair -> !pair.ok())
        .forEach(pair -> lines.add(line(pair.from(), pair.to(), pair.address(), pair.error())));
    found.mtus().stream()
        .filter(mtu -> !mtu.ok())
        .forEach(mtu -> lines.add(line(mtu.from(), mtu.to(), mtu.address(), mtu.error())));
    found.names().stream()
        .filter(name -> !name.ok())
        .forEach(name -> lines.add(line(name.from(), name.name(), "", name.error())));
    found.rates().stream()
        .filter(rate -> !rate.ok())
        .forEach(rate -> lines.add(line(rate.from(), rate.to(), rate.address(), rate.error())));
    lines.stream().limit(MOST_LINES).forEach(line -> out.append(line).append('\n'));
    if (lines.size() > MOST_LINES) {
      out.append(
          "and %d failures more: --output json has all%n".formatted(lines.size() - MOST_LINES));
    }
    out.append(lines.isEmpty() ? "" : "\n");
  }

  private static String line(String from, String to, String address, String error) {
    return Printable.of(
        "FAIL %s -> %s%s: %s".formatted(from, to, address.isEmpty() ? "" : " " + address, error));
  }

  private void summary() {
    count("pairs answer", found.pairs().stream().map(Pair::ok).toList());
    count("links answer", found.links().stream().map(Pair::ok).toList());
    count(
        "ways carry packets of the size that they should",
        found.mtus().stream().map(MtuCheck::ok).toList());
    smaller();
    count("names are found", found.names().stream().map(NameCheck::ok).toList());
    count("transfers arrive", found.rates().stream().map(Rate::ok).toList());
    found
        .skipped()
        .forEach(
            each ->
                out.append(
                    "skipped %s: %s%n"
                        .formatted(Printable.of(each.what()), Printable.of(each.why()))));
  }

  private void count(String what, List<Boolean> parts) {
    if (!parts.isEmpty()) {
      long well = parts.stream().filter(Boolean::booleanValue).count();
      out.append("%d of %d %s%n".formatted(well, parts.size(), what));
    }
  }

  private void smaller() {
    Map<String, Long> sizes = new java.util.TreeMap<>();
    found.mtus().stream()
        .filter(mtu -> mtu.ok() && mtu.bytes() < mtu.interfaceBytes())
        .forEach(
            mtu ->
                sizes.merge(
                    "of %d bytes where the interface has %d"
                        .formatted(mtu.bytes(), mtu.interfaceBytes()),
                    1L,
                    Long::sum));
    sizes.forEach((what, count) -> out.append("  %d of them %s%n".formatted(count, what)));
  }
}

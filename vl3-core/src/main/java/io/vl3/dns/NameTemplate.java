package io.vl3.dns;

import io.vl3.connection.Connection;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a workload's name is made from its connection, in the part of Go's template language that
 * NSM's vL3 is configured with: {@code {{ index .Labels "podName" }}.{{ .NetworkService }}.}
 * Immutable.
 */
public final class NameTemplate {

  private static final String EXPECTED =
      "{{ index .Labels \"KEY\" }}, {{ .NetworkService }}, {{ target .NetworkService }} or"
          + " {{ domain .NetworkService }}, between letters, digits, dots, - and _";

  private static final Pattern EXPRESSION = Pattern.compile("\\{\\{(.*?)}}");
  private static final Pattern LABEL =
      Pattern.compile("index\\s+\\.Labels\\s+(?:\"([^\"\\\\]+)\"|`([^`]+)`)");
  private static final Pattern SERVICE =
      Pattern.compile("(?:(target|domain)\\s+)?\\.NetworkService");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._-]*");

  private final String text;
  private final List<Part> parts;

  private NameTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * The template of a text.
   *
   * @throws IllegalArgumentException if a part of it is not understood; the message shows that part
   */
  public static NameTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher expressions = EXPRESSION.matcher(text);
    int from = 0;
    while (expressions.find()) {
      parts.add(literal(text, text.substring(from, expressions.start())));
      parts.add(expression(text, expressions.group(1).strip()));
      from = expressions.end();
    }
    parts.add(literal(text, text.substring(from)));
    if (parts.stream()
        .allMatch(part -> part instanceof Literal l && l.text.replace(".", "").isEmpty())) {
      throw refused(text, "nothing but dots");
    }
    return new NameTemplate(text, parts);
  }

  /**
   * The name of a connection's client; empty if it lacks a label, or if what it says there makes no
   * name.
   */
  public Optional<DnsName> name(Connection connection) {
    return joined(parts, part -> part.of(connection)).flatMap(NameTemplate::tidied);
  }

  /** The domain that all names lie in which clients of a service may get; the root at worst. */
  public DnsName domain(String service) {
    Connection nobody = Connection.to(service);
    String rest =
        joined(parts.subList(behindLabels(), parts.size()), part -> part.of(nobody)).orElse("");
    int dot = rest.indexOf('.');
    return dot < 0 ? DnsName.ROOT : tidied(rest.substring(dot + 1)).orElse(DnsName.ROOT);
  }

  /**
   * Whether the name may be made for a client that asks for the service in some other domain, as
   * {@code vl3@cluster2} of {@code vl3}: whatever the labels and that domain are.
   */
  public boolean mayMakeElsewhere(DnsName name, String service) {
    int domain = parts.lastIndexOf(new Service("domain"));
    int first = behindLabels();
    if (domain < first) {
      return false;
    }
    Connection nobody = Connection.to(service);
    String before = joined(parts.subList(first, domain), part -> part.of(nobody)).orElse("");
    String after = joined(parts.subList(domain + 1, parts.size()), p -> p.of(nobody)).orElse("");
    String above = before.substring(Math.max(0, before.indexOf('.'))).replaceAll("\\.+", ".");
    return ("." + name.text()).contains(above) && name.isWithin(tidied(after).orElse(DnsName.ROOT));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  /** An absent domain, or a dot too many, leaves no empty label. */
  private static Optional<DnsName> tidied(String name) {
    String tidy = name.replaceAll("\\.+", ".").replaceFirst("^\\.", "");
    return tidy.isEmpty() ? Optional.empty() : DnsName.tryParse(tidy);
  }

  private static Optional<String> joined(
      List<Part> parts, Function<Part, Optional<String>> evaluate) {
    StringBuilder joined = new StringBuilder();
    for (Part part : parts) {
      Optional<String> value = evaluate.apply(part);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      joined.append(value.get());
    }
    return Optional.of(joined.toString());
  }

  private int behindLabels() {
    int last = parts.size();
    while (last > 0 && !(parts.get(last - 1) instanceof Label)) {
      last--;
    }
    return last;
  }

  private static Part literal(String text, String literal) {
    if (!LITERAL.matcher(literal).matches()) {
      throw refused(text, literal);
    }
    return new Literal(literal);
  }

  private static Part expression(String text, String inside) {
    Matcher label = LABEL.matcher(inside);
    if (label.matches()) {
      return new Label(Optional.ofNullable(label.group(1)).orElseGet(() -> label.group(2)));
    }
    Matcher service = SERVICE.matcher(inside);
    if (!service.matches()) {
      throw refused(text, "{{ " + inside + " }}");
    }
    return new Service(Optional.ofNullable(service.group(1)).orElse(""));
  }

  private static IllegalArgumentException refused(String text, String part) {
    return new IllegalArgumentException(
        "template: %s (expected: %s; not %s)".formatted(text, EXPECTED, part));
  }

  /** A piece of the template; it has no value for a connection without the label it names. */
  private sealed interface Part {
    Optional<String> of(Connection connection);
  }

  private record Literal(String text) implements Part {
    @Override
    public Optional<String> of(Connection connection) {
      return Optional.of(text);
    }
  }

  private record Label(String key) implements Part {
    @Override
    public Optional<String> of(Connection connection) {
      return Optional.ofNullable(connection.labels().get(key)).filter(value -> !value.isBlank());
    }
  }

  /** The network service: as it is, or what stands before or behind its {@code @}. */
  private record Service(String function) implements Part {
    @Override
    public Optional<String> of(Connection connection) {
      DomainName name = DomainName.parse(connection.networkService());
      return Optional.of(
          switch (function) {
            case "target" -> name.local();
            case "domain" -> name.domain();
            default -> connection.networkService();
          });
    }
  }
}

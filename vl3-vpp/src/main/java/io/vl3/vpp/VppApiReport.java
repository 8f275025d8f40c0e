package io.vl3.vpp;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiSchema;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.direct.UsedMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API of a VPP, and what is used of it.
 *
 * @param version VPP's own word; empty if it does not say
 * @param messages how many messages it has
 * @param plugins the plugins that it has loaded; empty if it does not say
 * @param uses the messages that are used, or would be
 */
public record VppApiReport(String version, int messages, List<Plugin> plugins, List<Use> uses) {

  private static final String CLI = "cli_inband";
  private static final Pattern PLUGIN =
      Pattern.compile("\\s*[0-9]+\\.\\s+(\\S+)_plugin\\.so\\s+(\\S+).*");

  /** Copies the lists. */
  public VppApiReport {
    plugins = List.copyOf(plugins);
    uses = List.copyOf(uses);
  }

  /**
   * A plugin.
   *
   * @param name its name, without the file's end
   * @param version its version
   */
  public record Plugin(String name, String version) {}

  /** Whether VPP has a message. */
  public enum Verdict {
    USED,
    /** VPP has it, and its fields are not known. */
    UNDESCRIBED,
    /** VPP lacks it, and it is not needed by every network. */
    ABSENT,
    /** VPP lacks it, and cannot be used. */
    MISSING
  }

  /**
   * A message.
   *
   * @param name the version of it that is used, else its newest name
   * @param crc what stands for its fields; empty if VPP lacks it
   * @param others its other versions that are known to vl3
   */
  public record Use(String name, String crc, List<String> others, Verdict verdict) {

    /** Copies the list. */
    public Use {
      others = List.copyOf(others);
    }
  }

  /** Whether VPP has all that is needed. */
  public boolean isFit() {
    return uses.stream().noneMatch(use -> use.verdict() == Verdict.MISSING);
  }

  /**
   * Asks a VPP; blocks.
   *
   * @param io where one task reads until it is done
   * @throws EndpointException UNAVAILABLE if there is no answer
   */
  public static VppApiReport read(VppSocket vpp, Duration call, Executor io)
      throws EndpointException {
    try {
      ApiSchema schema =
          ApiSchema.read(vpp.descriptions().stream().filter(Files::isDirectory).toList());
      VppApi.Settings settings = VppApi.Settings.of(vpp.path(), "vl3-cli", schema);
      try (VppApi api = VppApi.connect(settings.withTimeout(call), io)) {
        return of(api);
      }
    } catch (IOException | ApiException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "VPP at %s: %s".formatted(vpp.path(), failure.getMessage()), failure);
    }
  }

  private static VppApiReport of(VppApi api) throws ApiException {
    Map<String, String> crcs = api.messages();
    List<Use> uses = new ArrayList<>();
    UsedMessages.NEEDED.forEach(names -> uses.add(use(api, crcs, names, Verdict.MISSING)));
    UsedMessages.optional().forEach(names -> uses.add(use(api, crcs, names, Verdict.ABSENT)));
    return new VppApiReport(
        api.has("show_version") ? api.request(ApiMessage.of("show_version")).text("version") : "",
        crcs.size(),
        api.has(CLI) ? plugins(api) : List.of(),
        uses);
  }

  private static Use use(
      VppApi api, Map<String, String> crcs, List<String> names, Verdict without) {
    Optional<String> described = api.first(names);
    Optional<String> there = names.stream().filter(crcs::containsKey).findFirst();
    String name = described.or(() -> there).orElse(names.get(0));
    Verdict lack = there.isPresent() ? Verdict.UNDESCRIBED : without;
    return new Use(
        name,
        crcs.getOrDefault(name, ""),
        names.stream().filter(other -> !other.equals(name)).toList(),
        described.isPresent() ? Verdict.USED : lack);
  }

  private static List<Plugin> plugins(VppApi api) throws ApiException {
    String shown = api.request(ApiMessage.of(CLI).with("cmd", "show plugins")).text("reply");
    List<Plugin> plugins = new ArrayList<>();
    for (String line : shown.lines().toList()) {
      Matcher matcher = PLUGIN.matcher(line);
      if (matcher.matches()) {
        plugins.add(new Plugin(matcher.group(1), matcher.group(2)));
      }
    }
    return plugins;
  }
}

package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.page.Browser;
import io.vl3.cli.page.Page;
import io.vl3.cli.process.Wait;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.testing.RequiresCommand;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, over a real network of two nodes. */
@RequiresNetns
@RequiresCommand(value = "chromedriver", packages = "chromium chromium-driver")
class PageTest {

  private static final String ENTER = "\uE007";

  @TempDir static Path dir;
  private static LiveNetwork live;
  private static Page page;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    live = LiveNetwork.start(new DemoSize(2, 1, 1), dir.resolve("demo"));
    page = Page.open(dir, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    browser = Browser.open(dir.resolve("driver.log"), false);
    browser.go(page.url());
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      if (page != null) {
        page.close();
      }
      live.close();
    }
  }

  @Test
  void aLinkCutByHand_turnsRed_andGreenAgainOnceItIsHealed() throws Exception {
    await("all links are good", "path.good", 3);
    await("all nodes are good", "g.good", 4);
    Wait.until(() -> "the peers' link tells its traffic", () -> text("#links").contains("bit/s"));
    Wait.until(() -> "and its round trip", () -> text("#links").contains(" ms"));
    assertThat(count("text.traffic")).isEqualTo(3);
    keepPicture("page-well");
    List<Nse> nses = live.plan().nses().toList();

    // A refresh that happens to come at once mends a cut before it is noticed: it is kept cut.
    Wait.until(
        () -> "the link between the NSEs is bad: " + drawing(),
        () -> {
          live.breakPeerLink(nses.get(0), nses.get(1), "link set dev %s down");
          return count("path.peer.bad") == 1;
        });
    await("the table says so", "#links td.bad", 1);
    keepPicture("page-cut");

    await("the link is good again", "path.peer.good", 1);
    await("and all others", "path.good", 3);
    assertThat(text("#events")).contains("peer-degraded", "peer-up", "over");
  }

  @Test
  void twoWorkloadsChosenByKeyboard_showTheWayBetweenThem() throws Exception {
    await("all nodes are good", "g.good", 4);
    String first = live.workloads().get(0).netns();
    String second = live.workloads().get(1).netns();
    choose(first);
    assertThat(text("#way")).startsWith("From " + first);
    choose(second);
    Wait.until(() -> "the way is shown", () -> text("#way").contains(": arrives"));
    assertThat(text("#way")).startsWith(first + " to ").contains("nsm0");
  }

  @Test
  void everyNode_isNamedForScreenReaders_andPoolsAreMeters() throws Exception {
    await("all nodes are drawn", "g.node", 4);
    JsonNode labels =
        browser.run(
            "return [...document.querySelectorAll('g.node')].map(n => n.getAttribute('aria-label'))");
    assertThat(labels.toString())
        .contains("nse " + live.plan().nses().findFirst().get().name() + " 10.60.1.0/24: up");
    assertThat(count("[role=meter][aria-valuenow]")).isEqualTo(2);
    assertThat(
            browser
                .run(
                    "return performance.getEntriesByType('resource').every(r => r.name.startsWith(location.origin))")
                .asBoolean())
        .isTrue();
  }

  /** Drawn from what a network of that size would send; the times are printed, not asserted. */
  @Test
  void aLargeNetwork_isDrawnWithFewElements_andItsUpdatesTouchOnlyWhatChanged() throws Exception {
    await("all nodes are drawn", "g.node", 4);
    JsonNode seen = browser.run(LARGE);
    System.out.printf(
        "page: 200 NSEs, 2,000 workloads, 21,900 links: drawn in %d ms, updates in %s ms%n",
        seen.get("drawn").asInt(), seen.get("updated"));
    assertThat(seen.get("nodes").asInt()).isEqualTo(2_200);
    assertThat(seen.get("links").asInt()).isEqualTo(21_900);
    assertThat(seen.get("elements").asInt()).isLessThan(7_000);
    assertThat(seen.get("bad").asInt()).isEqualTo(9);
    assertThat(seen.get("changed")).allMatch(changes -> changes.asInt() <= 10);
    assertThat(seen.get("told").asText()).isEqualTo("w-7-3");
    browser.go(page.url());
  }

  private static final String LARGE =
      """
      stream.close();
      const nodes = [], links = [], pools = [];
      for (let n = 0; n < 200; n++) {
        const prefix = '10.60.' + n + '.0/24';
        nodes.push({id: 'nse:' + n, kind: 'nse', name: 'nse-' + n, state: 'up', detail: prefix});
        pools.push({nse: 'nse-' + n, prefix, addresses: 256, taken: 20, excluded: 2});
        for (let m = 0; m < n; m++) {
          links.push({from: 'nse:' + m, to: 'nse:' + n, kind: 'peer', state: 'up'});
        }
        for (let w = 0; w < 10; w++) {
          const id = 'workload:' + n + '-' + w;
          nodes.push({id, kind: 'workload', name: 'w-' + n + '-' + w, state: 'attached', detail: ''});
          links.push({from: id, to: 'nse:' + n, kind: 'workload', state: 'attached'});
        }
      }
      const layout = () => document.getElementById('drawing').getBoundingClientRect();
      const timed = work => {
        const begun = performance.now();
        work();
        layout();
        return Math.round(performance.now() - begun);
      };
      const arrive = () => {
        const data = JSON.stringify({nodes, links, pools, health: []});
        return timed(() => show(JSON.parse(data)));
      };
      const drawn = arrive();
      const updated = [], changed = [];
      const observer = new MutationObserver(() => {});
      observer.observe(document.getElementById('drawing'), {attributes: true, subtree: true, childList: true});
      for (let i = 1; i < 10; i++) {
        const at = i * 2000;
        links[at] = {...links[at], state: 'degraded'};
        updated.push(arrive());
        changed.push(observer.takeRecords().length);
      }
      const count = what => document.querySelectorAll(what).length;
      const lines = [...document.querySelectorAll('#drawing path')]
        .reduce((sum, path) => sum + path.getAttribute('d').split('M').length - 1, 0);
      [...document.querySelectorAll('g.node')].find(n => n.getAttribute('aria-label').includes(' w-7-3 ')).focus();
      return {
        drawn, updated, changed, links: lines, nodes: count('g.node'), elements: count('#drawing *'),
        bad: count('#drawing path.bad'), told: document.querySelector('g.tip').textContent};
      """;

  private static void choose(String workload) throws Exception {
    browser.run(
        "[...document.querySelectorAll('g.workload')]"
            + ".find(n => n.getAttribute('aria-label').includes(' %s ')).focus()"
                .formatted(workload));
    browser.press(ENTER);
  }

  private static void await(String what, String selector, int number) throws Exception {
    Wait.until(
        () -> "%s: %d of %s in %s".formatted(what, number, selector, drawing()),
        () -> count(selector) == number);
  }

  /** What is drawn and what happened, for a failure's message. */
  private static String drawing() {
    try {
      return browser
              .run(
                  "return [...document.querySelectorAll('path, g.node')].map(e => e.getAttribute('class') + ' ' + e.textContent)")
              .toString()
          + text("#events");
    } catch (Exception failure) {
      return failure.toString();
    }
  }

  private static int count(String selector) throws Exception {
    return browser.run("return document.querySelectorAll('%s').length".formatted(selector)).asInt();
  }

  private static String text(String selector) throws Exception {
    return browser
        .run("return document.querySelector('%s').textContent".formatted(selector))
        .asText();
  }

  @Test
  void aSystemThatPrefersDark_hasADarkPage() throws Exception {
    try (Browser dark = Browser.open(dir.resolve("dark.log"), true)) {
      dark.go(page.url());
      assertThat(dark.run("return getComputedStyle(document.body).backgroundColor").asText())
          .isEqualTo("rgb(18, 22, 28)");
      assertThat(browser.run("return getComputedStyle(document.body).backgroundColor").asText())
          .isEqualTo("rgb(255, 255, 255)");
    }
  }

  /** With {@code -Dvl3.screenshots=DIR} pictures are kept there. */
  private static void keepPicture(String name) throws Exception {
    String keep = System.getProperty("vl3.screenshots", "");
    if (!keep.isEmpty()) {
      browser.screenshot(Path.of(keep, name + ".png"));
    }
  }
}

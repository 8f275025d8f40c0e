package io.vl3.dist.central;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maven Central's rules, on our own poms and on a project of two modules that breaks each. */
class CentralRulesTest {

  private static final String ROOT =
      """
      <project>
        <groupId>org.example</groupId>
        <artifactId>root</artifactId>
        <version>1.0</version>
        <packaging>pom</packaging>
        <name>root</name>
        <description>All of it</description>
        <url>https://project.example</url>
        <licenses><license><name>L</name><url>https://l.org</url></license></licenses>
        <developers><developer><name>D</name></developer></developers>
        <scm>
          <connection>scm:git:g</connection>
          <developerConnection>scm:git:g</developerConnection>
          <url>https://scm.org</url>
        </scm>
        <modules><module>one</module><module>left</module></modules>
        <profiles><profile><build><plugins><plugin><configuration><excludeArtifacts>
          <artifact>left</artifact>
        </excludeArtifacts></configuration></plugin></plugins></build></profile></profiles>
      </project>
      """;

  private static final String ONE =
      """
      <project>
        <parent><version>1.0</version></parent>
        <artifactId>one</artifactId>
        <name>one</name>
      </project>
      """;

  @TempDir private Path root;

  @Test
  void ourPoms_keepTheRules() throws IOException {
    CentralRules rules = CentralRules.of(Path.of("../.."));
    assertThat(rules.brokenByPoms()).isEmpty();
    assertThat(rules.artifacts())
        .containsExactly(
            "vl3-parent", "vl3-core", "vl3-vpp", "vl3-linux", "vl3-registry", "vl3-cli");
  }

  @Test
  void module_hasWhatItsParentHas_butItsName() throws IOException {
    write(ROOT, ONE.replace("<name>one</name>", ""));
    assertThat(rules().brokenByPoms())
        .containsExactly("one: name: none (expected: one in the pom itself)");
  }

  @ParameterizedTest
  @CsvSource({
    "<description>All of it</description>, description",
    "<url>https://project.example</url>, url",
    "<name>L</name>, licenses/license/name",
    "<url>https://l.org</url>, licenses/license/url",
    "<name>D</name>, developers/developer/name",
    "<connection>scm:git:g</connection>, scm/connection",
    "<developerConnection>scm:git:g</developerConnection>, scm/developerConnection",
    "<url>https://scm.org</url>, scm/url",
  })
  void whatThePomLacks_isNamed(String element, String name) throws IOException {
    write(ROOT.replace(element, ""), ONE);
    assertThat(rules().brokenByPoms())
        .containsExactly(
            "root: " + name + ": none (expected: one)", "one: " + name + ": none (expected: one)");
  }

  @Test
  void snapshot_isNoRelease() throws IOException {
    write(ROOT.replace("1.0", "1.0-SNAPSHOT"), ONE.replace("1.0", "1.0-SNAPSHOT"));
    assertThat(rules().brokenByPoms())
        .containsExactly(
            "root: version: 1.0-SNAPSHOT (expected: a release's)",
            "one: version: 1.0-SNAPSHOT (expected: a release's)");
  }

  @Test
  void sourcesAndJavadoc_areExpectedOfAJar_andNotEmpty() throws IOException {
    write(ROOT, ONE);
    assertThat(rules().brokenByFiles())
        .containsExactly(
            "one: one-1.0-sources.jar: none (expected: one)",
            "one: one-1.0-javadoc.jar: none (expected: one)");
    jar("one-1.0-sources.jar", "META-INF/MANIFEST.MF");
    jar("one-1.0-javadoc.jar", "index.html");
    assertThat(rules().brokenByFiles())
        .containsExactly("one: one-1.0-sources.jar: no .java (expected: one or more)");
    jar("one-1.0-sources.jar", "org/example/One.java");
    assertThat(rules().brokenByFiles()).isEmpty();
  }

  @Test
  void signatures_areExpectedOfEachFile_onceOneIsThere() throws IOException {
    write(ROOT, ONE);
    assertThat(rules().unsigned()).isEmpty();
    for (String name : new String[] {"one-1.0.jar", "one-1.0-sources.jar", "one-1.0.pom"}) {
      Files.writeString(target("one").resolve(name + ".asc"), "");
    }
    assertThat(rules().unsigned())
        .containsExactly(
            "root: root-1.0.pom: without signature (expected: root-1.0.pom.asc)",
            "one: one-1.0-javadoc.jar: without signature (expected: one-1.0-javadoc.jar.asc)");
  }

  @Test
  void addressThatNobodyHas_isToBeFilledIn() throws IOException {
    write(ROOT, ONE);
    assertThat(rules().placeholders())
        .containsExactly(
            "root: https://project.example (expected before it is published: a real address)");
  }

  private CentralRules rules() throws IOException {
    return CentralRules.of(root);
  }

  private void write(String top, String module) throws IOException {
    Files.writeString(root.resolve("pom.xml"), top);
    Files.createDirectories(root.resolve("left"));
    Files.writeString(
        root.resolve("left/pom.xml"), "<project><artifactId>left</artifactId></project>");
    Files.createDirectories(root.resolve("one"));
    Files.writeString(root.resolve("one/pom.xml"), module);
  }

  private void jar(String name, String entry) throws IOException {
    try (OutputStream file = Files.newOutputStream(target("one").resolve(name));
        ZipOutputStream jar = new ZipOutputStream(file)) {
      jar.putNextEntry(new ZipEntry(entry));
    }
  }

  private Path target(String module) throws IOException {
    return Files.createDirectories(root.resolve(module).resolve("target"));
  }
}

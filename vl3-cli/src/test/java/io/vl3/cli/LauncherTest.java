package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a tree of its own, with a java and a mvn that only tell how they are called. */
class LauncherTest {

  private static final List<String> BASICS =
      List.of(
          "bash",
          "cat",
          "chmod",
          "cksum",
          "cut",
          "dirname",
          "find",
          "flock",
          "grep",
          "head",
          "id",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "stat",
          "touch");

  @TempDir private Path tree;
  private Path tools;
  private Path launcher;
  private String javaOptions = "-Done=1 -Dtwo=2";

  @BeforeEach
  void layOut() throws IOException {
    tools = Files.createDirectories(tree.resolve("tools"));
    for (String tool : BASICS) {
      script(tools.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
    }
    Path module = Files.createDirectories(tree.resolve("clone/vl3-cli"));
    Files.createDirectories(module.resolve("src/main"));
    Files.createFile(module.resolve("pom.xml"));
    Files.createFile(tree.resolve("clone/pom.xml"));
    launcher = Files.createDirectories(module.resolve("bin")).resolve("vl3");
    Files.copy(Path.of("bin/vl3"), launcher);
    Files.copy(Path.of("bin/launch.bash"), launcher.resolveSibling("launch.bash"));
  }

  @Test
  void emptyMachine_isToldAllThatIsMissing_andTheCommandThatInstallsIt() throws Exception {
    Ended ended = launch(launcher, "demo");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output())
        .contains("vl3: missing: java 17 or newer")
        .contains("vl3: missing: mvn (Maven), to build")
        .contains("vl3: missing: ip (iproute2), to make interfaces")
        .contains("apt-get install -y openjdk-17-jdk-headless maven iproute2");
  }

  @Test
  void oldJava_isToldWithItsVersion() throws Exception {
    java("11.0.2");
    maven("true");
    assertThat(launch(launcher, "version").output())
        .contains("missing: java 17 or newer (")
        .contains(" is 11)");
  }

  @Test
  void firstUse_builds_secondUse_doesNot_newerSourceBuildsAgain() throws Exception {
    java("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    assertThat(launch(launcher, "version").output())
        .contains("vl3: building")
        .contains("-jar " + launcher.resolveSibling("../target/vl3.jar").normalize() + " version");
    assertThat(launch(launcher, "version").output()).doesNotContain("building");

    Path source = tree.resolve("clone/vl3-cli/src/main/New.java");
    Files.createFile(source);
    Path stamp = tree.resolve("clone/vl3-cli/target/vl3.built");
    Files.setLastModifiedTime(
        source, FileTime.fromMillis(Files.getLastModifiedTime(stamp).toMillis() + 1000));
    assertThat(launch(launcher, "version").output()).contains("vl3: building");
  }

  @Test
  void emptyRepository_isFilledFromTheNetwork() throws Exception {
    java("17.0.15");
    maven(
        "case \"$*\" in *' -o') echo 'Cannot access central in offline mode'; exit 1;; esac;"
            + " touch \"$JARS/vl3.jar\"");
    assertThat(launch(launcher, "version").output())
        .contains("vl3: building: fetching libraries")
        .contains("vl3.jar version");
  }

  @Test
  void build_saysHowFarItIs_andKeepsItsOutput() throws Exception {
    java("17.0.15");
    maven(
        "case \"$*\" in *' -o') echo 'has not been downloaded'; exit 1;; esac;"
            + " for i in {1..120}; do echo '[INFO] Downloaded from central: x'; done;"
            + " echo '[INFO] Building vl3-core 0.1.0                 [2/6]';"
            + " touch \"$JARS/vl3.jar\"");
    String output = launch(launcher, "version").output();
    assertThat(output)
        .contains("vl3: building: 50 files fetched", "vl3: building: 100 files fetched")
        .contains("vl3: building: vl3-core [2/6]")
        .doesNotContain("[INFO]");
    assertThat(tree.resolve("clone/vl3-cli/target/vl3-build.log")).content().contains("[INFO]");
  }

  @Test
  void failedBuild_showsItsErrors_andStartsNothing() throws Exception {
    java("17.0.15");
    maven("echo '[ERROR] Foo.java:[1,2] broken'; exit 1");
    Ended ended = launch(launcher, "version");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output())
        .contains("[ERROR] Foo.java:[1,2] broken")
        .contains("vl3: the build failed; its output is in ")
        .doesNotContain("-jar");
  }

  @Test
  void throughALink_itFindsItsTree_andPassesOptionsAndArguments() throws Exception {
    java("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    script(tools.resolve("ip"), "true");
    Path link = Files.createSymbolicLink(tree.resolve("vl3"), launcher);
    assertThat(launch(link, "run", "--config", "a b.yaml").output())
        .contains("-Done=1 -Dtwo=2 -jar ")
        .contains("vl3.jar run --config a b.yaml");
  }

  @Test
  void firstStart_rehearsesForTheArchive_laterOnesUseIt_aNewBuildMakesAnother() throws Exception {
    archivingJava("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    Path target = tree.resolve("clone/vl3-cli/target");
    String first = launch(launcher, "version").output();
    Path archive = onlyArchive(target);
    assertThat(archive).content().contains("vl3.jar rehearse --connections 0");
    assertThat(first).contains("-XX:SharedArchiveFile=" + archive);
    Files.writeString(archive, "kept");
    assertThat(launch(launcher, "version").output()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(onlyArchive(target)).content().isEqualTo("kept");

    Files.writeString(target.resolve("vl3.jar"), "another");
    Files.setLastModifiedTime(
        target.resolve("vl3.jar"), FileTime.from(java.time.Instant.now().plusSeconds(60)));
    launch(launcher, "version");
    assertThat(onlyArchive(target)).isNotEqualTo(archive).content().contains("rehearse");
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whileOneRehearses_othersStartWithoutTheArchive() throws Exception {
    java("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    Path rehearsals = tree.resolve("rehearsals");
    Path gate = tree.resolve("gate");
    Path java = tree.resolve("jdk/bin/java");
    script(
        java,
        "case $1 in -XX:ArchiveClassesAtExit=*) echo one >> %s; mkdir %s.shut && cat %s > \"${1#*=}\";; *) echo java \"$@\";; esac"
            .formatted(rehearsals, gate, gate));
    Files.setLastModifiedTime(java, FileTime.fromMillis(0));
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();

    CompletableFuture<Ended> first = CompletableFuture.supplyAsync(() -> launched("version"));
    try (OutputStream rehearsing = Files.newOutputStream(gate)) {
      assertThat(launch(launcher, "version").output())
          .contains("vl3.jar version")
          .doesNotContain("SharedArchiveFile");
      rehearsing.write('x');
    }
    assertThat(first.get(60, TimeUnit.SECONDS).output()).contains("-XX:SharedArchiveFile=");
    assertThat(rehearsals).hasContent("one");
    assertThat(launch(launcher, "version").output()).contains("-XX:SharedArchiveFile=");
    assertThat(rehearsals).hasContent("one");
  }

  @Test
  void whereNoLockCanBeHad_itStartsWithoutTheArchive() throws Exception {
    archivingJava("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    launch(launcher, "version");
    Path archive = onlyArchive(tree.resolve("clone/vl3-cli/target"));
    Files.delete(archive);
    Path lock = archive.resolveSibling(archive.getFileName() + ".lock");
    Files.delete(lock);
    Files.createDirectory(lock);
    Ended ended = launch(launcher, "version");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output())
        .contains("vl3.jar version")
        .doesNotContain("SharedArchiveFile", "launch.bash");
  }

  @Test
  void whereNamespacesCanBeHad_itRehearsesInItsOwn() throws Exception {
    archivingJava("25.0.3");
    maven("touch \"$JARS/vl3.jar\"");
    script(tools.resolve("true"), ":");
    script(tools.resolve("sh"), "shift 3; exec \"$@\"");
    script(
        tools.resolve("unshare"),
        "while [ \"$1\" != sh ]; do shift; done; [ \"$5\" = true ] || UNSHARED=yes; export UNSHARED;"
            + " exec \"$@\"");
    String output = launch(launcher, "version").output();
    Path archive = onlyArchive(tree.resolve("clone/vl3-cli/target"));
    assertThat(output).contains("-XX:AOTCache=" + archive);
    assertThat(archive).content().contains("UNSHARED=yes").doesNotContain("--connections 0");
  }

  @Test
  void jvmThatArchivesNothing_isStartedWithout() throws Exception {
    java("17.0.15");
    maven("touch \"$JARS/vl3.jar\"");
    assertThat(launch(launcher, "version").output())
        .contains("vl3.jar version")
        .doesNotContain("-XX:SharedArchiveFile", "vl3.archive");

    assertThat(tree.resolve("clone/vl3-cli/target").toFile().list())
        .as("it is not asked again")
        .anyMatch(file -> file.endsWith(".jsa.none"));
  }

  @Test
  void installed_needsARuntimeOnly_andSaysSo() throws Exception {
    assertThat(launch(install(), "run").output())
        .contains("apt-get install -y openjdk-17-jre-headless iproute2")
        .doesNotContain("Maven");
  }

  @Test
  void installed_buildsNothing_andKeepsItsArchiveInTheCache() throws Exception {
    archivingJava("17.0.15");
    Path installed = install();
    String output = launch(installed, "version").output();
    Path archive = onlyArchive(cache());
    assertThat(archive).content().contains("opt/vl3.jar rehearse");
    assertThat(output)
        .contains("@" + tree.resolve("opt/lib/jvm.options"))
        .contains("-XX:SharedArchiveFile=" + archive)
        .contains("-jar " + tree.resolve("opt/vl3.jar") + " version")
        .doesNotContain("building");
    assertThat(tree.resolve("opt").toFile().list())
        .containsExactlyInAnyOrder("bin", "lib", "vl3.jar");
  }

  @ParameterizedTest
  @CsvSource({"run, true", "client, true", "version, false", "ipam-plan, false"})
  void whatStays_isCompiledEarly(String command, boolean early) throws Exception {
    java("17.0.15");
    script(tools.resolve("ip"), "true");
    String output = launch(install(), command).output();
    assertThat(output).contains("vl3.jar " + command);
    assertThat(output.contains("-XX:CompileThresholdScaling=0.1 ")).isEqualTo(early);
  }

  /** A JVM with both compilers does not start with one thread for them. */
  @ParameterizedTest
  @CsvSource({
    "-Done=1, true",
    "-XX:TieredStopAtLevel=4, false",
    "-Done=1 -XX:-TieredCompilation, false"
  })
  void oneThreadCompiles_untilTheSecondCompilerIsAskedFor(String options, boolean one)
      throws Exception {
    java("17.0.15");
    javaOptions = options;
    String output = launch(install(), "version").output();
    assertThat(output).contains(" " + options + " -jar ");
    assertThat(output.contains("-XX:CICompilerCount=1 ")).isEqualTo(one);
  }

  /** As where somebody else deletes a file that find(1) has listed. */
  @Test
  void clearingUpThatFails_endsNoStart() throws Exception {
    archivingJava("17.0.15");
    Path installed = install();
    Files.deleteIfExists(tools.resolve("find"));
    script(tools.resolve("find"), "exit 1");
    assertThat(launch(installed, "version").output())
        .contains("-XX:SharedArchiveFile=", "vl3.jar version");
  }

  @Test
  void installed_whereNothingCanBeKept_startsWithoutARehearsal() throws Exception {
    archivingJava("17.0.15");
    Path installed = install();
    Files.writeString(cache(), "a file where the directory should be");
    assertThat(launch(installed, "version").output())
        .contains("vl3.jar version")
        .doesNotContain("SharedArchiveFile");
  }

  /** As in the tarball. */
  private Path install() throws IOException {
    Path home = tree.resolve("opt");
    Path lib = Files.createDirectories(home.resolve("lib"));
    Files.copy(Path.of("bin/launch.bash"), lib.resolve("launch.bash"));
    Files.copy(Path.of("bin/jvm.options"), lib.resolve("jvm.options"));
    Files.createFile(home.resolve("vl3.jar"));
    Path command = Files.createDirectories(home.resolve("bin")).resolve("vl3");
    return Files.copy(Path.of("bin/vl3-installed"), command);
  }

  private Path cache() {
    return tree.resolve("cache");
  }

  private static Path onlyArchive(Path target) throws IOException {
    try (var files = Files.list(target)) {
      List<Path> archives = files.filter(file -> file.toString().endsWith(".jsa")).toList();
      assertThat(archives).hasSize(1);
      return archives.get(0);
    }
  }

  /** A JVM whose archive says how it was made. */
  private void archivingJava(String version) throws IOException {
    java(version);
    Path java = tree.resolve("jdk/bin/java");
    script(
        java,
        "case $1 in -XX:ArchiveClassesAtExit=*|-XX:AOTCacheOutput=*)"
            + " echo \"UNSHARED=${UNSHARED:-} $*\" > \"${1#*=}\";; *) echo java \"$@\";; esac");
    // The same JVM for the launcher, which goes by its time.
    Files.setLastModifiedTime(java, FileTime.fromMillis(0));
  }

  private void java(String version) throws IOException {
    Files.deleteIfExists(tools.resolve("java"));
    Path home = Files.createDirectories(tree.resolve("jdk/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "true");
    script(home.resolve("bin/java"), "echo java \"$@\"");
    Files.setLastModifiedTime(home.resolve("bin/java"), FileTime.fromMillis(0));
    Files.createSymbolicLink(tools.resolve("java"), home.resolve("bin/java"));
  }

  private void maven(String body) throws IOException {
    script(tools.resolve("mvn"), "JARS=" + tree.resolve("clone/vl3-cli/target") + "\n" + body);
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended launch(Path command, String... arguments) throws Exception {
    List<String> line = new java.util.ArrayList<>(List.of("/bin/bash"));
    line.add(command.toString());
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("VL3_JAVA_OPTS", javaOptions);
    builder.environment().put("VL3_CACHE", cache().toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private Ended launched(String argument) {
    try {
      return launch(launcher, argument);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private record Ended(int exitCode, String output) {}
}

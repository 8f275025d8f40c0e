package io.vl3.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets the processes that tests start begin as the shipped program does: from jars, with an archive
 * of the classes that a rehearsal loaded. That saves a third of their processor time. The archive
 * belongs to one build and is made where it is missing; where it cannot be made, processes start
 * without it.
 */
public final class ChildArchive implements LauncherSessionListener {

  private static final Path DIRECTORY = Path.of("target", "children").toAbsolutePath();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final int LIMIT_SECONDS = 120;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      Files.createDirectories(DIRECTORY);
      List<Path> jars = new ArrayList<>();
      List<Path> tests = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path path = Path.of(entry);
        if (path.endsWith("test-classes")) {
          tests.add(path);
        } else if (Files.exists(path)) {
          jars.add(Files.isDirectory(path) ? jar(path) : path);
        }
      }
      Path archive = DIRECTORY.resolve(digest(jars) + ".jsa");
      if (Files.exists(archive) || rehearse(jars, archive)) {
        System.setProperty("java.class.path", joined(Stream.concat(jars.stream(), tests.stream())));
        System.setProperty(
            "vl3.archive", "-XX:" + (isNew() ? "AOTCache=" : "SharedArchiveFile=") + archive);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("no archive of classes for the tests' processes", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A jar of a directory of classes, of which an archive can be made; named by its content. */
  private static Path jar(Path classes) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(classes)) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
    Path jar = DIRECTORY.resolve(digest(files) + ".jar");
    if (!Files.exists(jar)) {
      Path part = Files.createTempFile(DIRECTORY, "jar", ".part");
      try (OutputStream out = Files.newOutputStream(part);
          JarOutputStream entries = new JarOutputStream(out, new Manifest())) {
        for (Path file : files) {
          entries.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
          Files.copy(file, entries);
        }
      }
      Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }
    return jar;
  }

  /**
   * Runs the program as its launcher does, in namespaces of its own, so that nothing notices it.
   */
  private static boolean rehearse(List<Path> jars, Path archive)
      throws IOException, InterruptedException {
    Path part = Files.createTempFile(DIRECTORY, "archive", ".part");
    Files.delete(part);
    List<String> line =
        List.of(
            "unshare",
            "--net",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && exec \"$@\"",
            "sh",
            JAVA.toString(),
            "-XX:" + (isNew() ? "AOTCacheOutput=" : "ArchiveClassesAtExit=") + part,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "-cp",
            joined(jars.stream()),
            "io.vl3.cli.Main",
            "rehearse");
    Process rehearsal =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(DIRECTORY.resolve("rehearsal.log").toFile())
            .start();
    if (!rehearsal.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      rehearsal.destroyForcibly().waitFor();
    }
    if (Files.exists(part)) {
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.exists(archive);
  }

  /** Since 25 a JVM keeps more in its archive, by another name. */
  private static boolean isNew() {
    return Runtime.version().feature() >= 25;
  }

  private static String joined(Stream<Path> paths) {
    return String.join(File.pathSeparator, paths.map(Path::toString).toList());
  }

  /** Stands for names, lengths and times of files. */
  private static String digest(List<Path> files) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(JAVA.toString().getBytes(StandardCharsets.UTF_8));
    for (Path file : files) {
      String line = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
      sum.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return "%08x".formatted(sum.getValue());
  }
}

package io.vl3.cli.command.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** Loads what the JVM shall archive. */
final class ArchivedClasses {

  /** Jars whose classes every command needs, by how their names begin. */
  private static final Set<String> OWN = Set.of("vl3", "picocli");

  /** Jars worth archiving, by how their names begin. */
  private static final Set<String> ALL =
      Set.of(
          "vl3",
          "grpc",
          "protobuf-java",
          "picocli",
          "logback",
          "slf4j",
          "jackson",
          "snakeyaml",
          "netty-common",
          "netty-buffer",
          "netty-transport",
          "netty-handler",
          "netty-codec-http2",
          "netty-codec-base",
          "netty-resolver",
          "guava",
          "perfmark",
          "jna");

  private ArchivedClasses() {}

  /** Loads the classes that a rehearsal leaves out and other commands need. */
  static void loadOwn() throws IOException {
    loadAll(OWN);
  }

  /** Loads all that a command may need, where no rehearsal shows what that is. */
  static void loadAll() throws IOException {
    loadAll(ALL);
  }

  private static void loadAll(Set<String> names) throws IOException {
    for (Path jar : jars()) {
      String name = jar.getFileName().toString();
      if (names.stream().anyMatch(name::startsWith)) {
        load(jar);
      }
    }
  }

  /** The jars of the class path, and those their manifests name. */
  private static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (entry.endsWith(".jar")) {
        jars.add(path);
        jars.addAll(named(path));
      }
    }
    return jars;
  }

  private static List<Path> named(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      String names = file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return names == null
          ? List.of()
          : Arrays.stream(names.split(" ", -1)).map(jar::resolveSibling).toList();
    }
  }

  private static void load(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream().map(ZipEntry::getName).forEach(ArchivedClasses::load);
    }
  }

  private static void load(String entry) {
    if (entry.endsWith(".class") && !entry.startsWith("META-INF") && !entry.contains("-info")) {
      String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
      try {
        Class.forName(name, false, ArchivedClasses.class.getClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        // A class for something optional that is not on the class path.
      }
    }
  }
}
